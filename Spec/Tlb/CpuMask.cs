using PageProof.Contract.Tlb;

namespace PageProof.Spec.Tlb;

/// <summary>A set of CPUs, a bit each.</summary>
public readonly record struct CpuMask(uint Bits)
{
    /// <summary>Whether no CPU is in it.</summary>
    public bool IsEmpty => Bits == 0;

    /// <summary>The set of one CPU.</summary>
    public static CpuMask Of(CpuNumber cpu) => new(1u << cpu.Value);

    /// <summary>Whether the CPU is in it.</summary>
    public bool Contains(CpuNumber cpu) => (Bits >> cpu.Value & 1) != 0;

    /// <summary>Whether all of it is in another.</summary>
    public bool IsWithin(CpuMask other) => (Bits & ~other.Bits) == 0;

    /// <summary>Those in either.</summary>
    public static CpuMask operator |(CpuMask left, CpuMask right) => new(left.Bits | right.Bits);

    /// <summary>Those in both.</summary>
    public static CpuMask operator &(CpuMask left, CpuMask right) => new(left.Bits & right.Bits);

    /// <summary>Those in the first alone.</summary>
    public static CpuMask operator -(CpuMask left, CpuMask right) => new(left.Bits & ~right.Bits);

    /// <inheritdoc/>
    public override string ToString() => $"0b{Bits:b}";
}
