using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using PageProof.Benchmarks.Paging;
using PageProof.Contract.Paging;
using PageProof.Implementation.Paging;
using PageProof.Implementation.Tlb;

namespace PageProof.Benchmarks.Tlb;

/// <summary>
/// Nanoseconds of an access that hits, beside the floor of any TLB in software: one lookup in a
/// direct-mapped array and one comparison of its tag.
/// </summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class HitBenchmarks
{
    private const int Accesses = 1 << 12;
    private const int FloorSlots = 512;

    private readonly ulong[] _floorTags = new ulong[FloorSlots];
    private readonly ulong[] _floorFrames = new ulong[FloorSlots];
    private ulong[] _addresses = [];
    private FlatMemory _memory;
    private Cpu _cpu = new(new());

    /// <summary>How many pages are used in turn: the first fit the first level, the others the second.</summary>
    [Params(16, 512)]
    public int Pages { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        MappedMemory mapped = new(levels: 4, leafLevel: 1, Pages);
        (_addresses, _memory) = (mapped.Addresses, mapped.Memory);
        _cpu = new(new());
        _cpu.Reset(mapped.Control);
        foreach (ulong address in _addresses)
        {
            var outcome = Read(address);
            int slot = (int)(address >> 12) & FloorSlots - 1;
            (_floorTags[slot], _floorFrames[slot]) = (address >> 12, outcome & ~0xFFFUL);
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Accesses)]
    public ulong Floor()
    {
        ulong sum = 0;
        ref ulong tags = ref MemoryMarshal.GetArrayDataReference(_floorTags);
        ref ulong frames = ref MemoryMarshal.GetArrayDataReference(_floorFrames);
        for (int access = 0; access < Accesses; access++)
        {
            ulong address = _addresses[access & _addresses.Length - 1];
            nint slot = (nint)(address >> 12) & FloorSlots - 1;
            sum += Unsafe.Add(ref tags, slot) == address >> 12
                ? Unsafe.Add(ref frames, slot) | (address & 0xFFF)
                : 0;
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Accesses)]
    public ulong Hit()
    {
        ulong sum = 0;
        for (int access = 0; access < Accesses; access++)
        {
            sum += Read(_addresses[access & _addresses.Length - 1]);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Read(ulong address) => _cpu.Access(
        _memory, new Access(new(address), AccessKind.Read, PrivilegeLevel.Ring3), out _).Address.Value;
}
