using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using PageProof.Benchmarks.Paging;
using PageProof.Contract.Paging;
using PageProof.Implementation.Paging;
using PageProof.Implementation.Tlb;

namespace PageProof.Benchmarks.Tlb;

/// <summary>
/// Nanoseconds of a load that hits, counted and with its data, beside the floor of any TLB in software: a
/// lookup in a direct-mapped array, a comparison of its tag, and the load. Independent loads overlap in the
/// processor; of dependent ones each needs the data of the one before.
/// </summary>
[MemoryDiagnoser(displayGenColumns: false)]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class HitBenchmarks
{
    private const int Loads = 1 << 12;
    private const int FloorSlots = 512;

    private readonly ulong[] _floorTags = new ulong[FloorSlots];
    private readonly ulong[] _floorOffsets = new ulong[FloorSlots];
    private ulong[] _addresses = [];
    private ulong[] _words = [];
    private FlatMemory _memory;
    private Cpu _withFront = new(new());
    private Cpu _withoutFront = new(new());

    /// <summary>
    /// How many pages are used in turn: without a front 16 are served by the first level, 512 by the second.
    /// </summary>
    [Params(16, 512)]
    public int Pages { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        MappedMemory mapped = new(levels: 4, leafLevel: 1, Pages, holdsPages: true);
        (_addresses, _words, _memory) = (mapped.Addresses, mapped.Words, mapped.Memory);
        _withFront = CpuOf(new(), mapped.Control);
        _withoutFront = CpuOf(new() { FrontSlots = 0 }, mapped.Control);
        foreach (ulong address in _addresses)
        {
            // Each page is mapped to the frame of its own number.
            int slot = (int)(address >> 12) & FloorSlots - 1;
            (_floorTags[slot], _floorOffsets[slot]) = (address >> 12, 0);
            Load(_withFront, address);
            Load(_withoutFront, address);
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Loads)]
    [BenchmarkCategory("independent")]
    public ulong FloorIndependent()
    {
        ulong sum = 0;
        for (int load = 0; load < Loads; load++)
        {
            sum += Floor(_addresses[load & _addresses.Length - 1]);
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Loads)]
    [BenchmarkCategory("independent")]
    public ulong FrontIndependent() => Independent(_withFront);

    [Benchmark(OperationsPerInvoke = Loads)]
    [BenchmarkCategory("independent")]
    public ulong SetAssociativeIndependent() => Independent(_withoutFront);

    [Benchmark(Baseline = true, OperationsPerInvoke = Loads)]
    [BenchmarkCategory("dependent")]
    public ulong FloorDependent()
    {
        ulong data = 0;
        for (int load = 0; load < Loads; load++)
        {
            // What was loaded joins the next address, without changing it.
            data = Floor(_addresses[load & _addresses.Length - 1] + (data >> 63));
        }

        return data;
    }

    [Benchmark(OperationsPerInvoke = Loads)]
    [BenchmarkCategory("dependent")]
    public ulong FrontDependent() => Dependent(_withFront);

    [Benchmark(OperationsPerInvoke = Loads)]
    [BenchmarkCategory("dependent")]
    public ulong SetAssociativeDependent() => Dependent(_withoutFront);

    private static Cpu CpuOf(TlbGeometry geometry, in ControlState control)
    {
        Cpu cpu = new(geometry);
        cpu.Reset(control);
        cpu.Enter(PrivilegeLevel.Ring3, alignmentCheck: false);
        return cpu;
    }

    private ulong Independent(Cpu cpu)
    {
        ulong sum = 0;
        for (int load = 0; load < Loads; load++)
        {
            sum += Load(cpu, _addresses[load & _addresses.Length - 1]);
        }

        return sum;
    }

    private ulong Dependent(Cpu cpu)
    {
        ulong data = 0;
        for (int load = 0; load < Loads; load++)
        {
            data = Load(cpu, _addresses[load & _addresses.Length - 1] + (data >> 63));
        }

        return data;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Load(Cpu cpu, ulong address) => cpu.Load(_memory, address, out ulong data) ? data : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Floor(ulong address)
    {
        nint slot = (nint)(address >> 12) & FloorSlots - 1;
        if (Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_floorTags), slot) != address >> 12)
        {
            return 0;
        }

        ulong physical = address + Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_floorOffsets), slot);
        return Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_words), (nint)(physical >> 3));
    }
}
