using BenchmarkDotNet.Attributes;
using PageProof.Benchmarks.Paging;
using PageProof.Contract.Paging;
using PageProof.Implementation.Paging;
using PageProof.Implementation.Tlb;

namespace PageProof.Benchmarks.Tlb;

/// <summary>
/// Nanoseconds of a translation that misses nearly always, beside the walk that it has to make: what
/// lies between is the search in vain, the fill of three arrays, and what upper entries that are kept save.
/// </summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class MissBenchmarks
{
    private const int Accesses = 1 << 16;

    private ulong[] _addresses = [];
    private FlatMemory _memory;
    private X86Walker<FourLevels> _walker;
    private Cpu _cpu = new(new());

    /// <summary>Ten times the entries of the second level, and as many tables as upper entries are kept.</summary>
    [Params(1 << 14)]
    public int Pages { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        MappedMemory mapped = new(levels: 4, leafLevel: 1, Pages);
        (_addresses, _memory) = (mapped.Addresses, mapped.Memory);
        _walker = new(mapped.Control);
        _cpu = new(new());
        _cpu.Reset(mapped.Control);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Accesses)]
    public ulong Walk()
    {
        ulong sum = 0;
        for (int access = 0; access < Accesses; access++)
        {
            sum += _walker.Walk(_memory, AccessTo(access)).Address.Value;
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Accesses)]
    public ulong Miss()
    {
        ulong sum = 0;
        for (int access = 0; access < Accesses; access++)
        {
            sum += _cpu.Access(_memory, AccessTo(access), out _).Address.Value;
        }

        return sum;
    }

    private Access AccessTo(int access) =>
        new(new(_addresses[access]), AccessKind.Read, PrivilegeLevel.Ring3);
}
