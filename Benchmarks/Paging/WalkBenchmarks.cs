using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using PageProof.Contract.Paging;
using PageProof.Implementation.Paging;

namespace PageProof.Benchmarks.Paging;

/// <summary>
/// Nanoseconds of a walk, beside the floor that no walker can be below: one load for each level, each
/// depending on the last, without a check. Independent walks overlap in the processor; of dependent
/// ones each needs the answer of the one before.
/// </summary>
[MemoryDiagnoser(displayGenColumns: false)]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class WalkBenchmarks
{
    private const int Walks = 1 << 12;
    private const ulong FrameMask = 0x000F_FFFF_FFFF_F000;

    private ulong[] _words = [];
    private ulong[] _addresses = [];
    private ulong _top;
    private FlatMemory _memory;
    private X86Walker<FourLevels> _walker;

    /// <summary>Where the entries lie: 64 pages fit L1, 2^15 fit L2, and 2^24 nothing but DRAM.</summary>
    [Params(1 << 6, 1 << 15, 1 << 24)]
    public int Pages { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        MappedMemory mapped = new(levels: 4, leafLevel: 1, Pages);
        (_words, _addresses, _top, _memory) = (mapped.Words, mapped.Addresses, mapped.Top, mapped.Memory);
        _walker = new(mapped.Control);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Walks)]
    [BenchmarkCategory("independent")]
    public ulong FloorIndependent()
    {
        ulong sum = 0;
        ref ulong words = ref MemoryMarshal.GetArrayDataReference(_words);
        for (int walk = 0; walk < Walks; walk++)
        {
            sum += Floor(ref words, _top, _addresses[walk & _addresses.Length - 1]);
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Walks)]
    [BenchmarkCategory("independent")]
    public ulong WalkIndependent()
    {
        ulong sum = 0;
        for (int walk = 0; walk < Walks; walk++)
        {
            sum += Walk(_addresses[walk & _addresses.Length - 1]);
        }

        return sum;
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Walks)]
    [BenchmarkCategory("dependent")]
    public ulong FloorDependent()
    {
        ulong sum = 0;
        ref ulong words = ref MemoryMarshal.GetArrayDataReference(_words);
        for (int walk = 0; walk < Walks; walk++)
        {
            // The answer joins the next address, without changing it.
            ulong address = _addresses[walk & _addresses.Length - 1] + (sum >> 63);
            sum = Floor(ref words, _top, address);
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Walks)]
    [BenchmarkCategory("dependent")]
    public ulong WalkDependent()
    {
        ulong sum = 0;
        for (int walk = 0; walk < Walks; walk++)
        {
            ulong address = _addresses[walk & _addresses.Length - 1] + (sum >> 63);
            sum = Walk(address);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Floor(ref ulong words, ulong top, ulong address)
    {
        ulong entry = Unsafe.Add(ref words, (nint)(top + (address >> 36 & 0xFF8) >> 3));
        entry = Unsafe.Add(ref words, (nint)((entry & FrameMask) + (address >> 27 & 0xFF8) >> 3));
        entry = Unsafe.Add(ref words, (nint)((entry & FrameMask) + (address >> 18 & 0xFF8) >> 3));
        entry = Unsafe.Add(ref words, (nint)((entry & FrameMask) + (address >> 9 & 0xFF8) >> 3));
        return (entry & FrameMask) | (address & 0xFFF);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Walk(ulong address) =>
        _walker.Walk(_memory, new Access(new(address), AccessKind.Read, PrivilegeLevel.Ring3)).Address.Value;
}
