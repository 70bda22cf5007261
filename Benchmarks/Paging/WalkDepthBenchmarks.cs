using BenchmarkDotNet.Attributes;
using PageProof.Contract.Paging;
using PageProof.Implementation.Paging;

namespace PageProof.Benchmarks.Paging;

/// <summary>Nanoseconds of a walk by its depth, with tables that fit L1.</summary>
public class WalkDepthBenchmarks
{
    private const int Walks = 1 << 12;
    private const int Pages = 1 << 6;

    private ulong[] _addresses = [];
    private FlatMemory _memory;
    private X86Walker<FourLevels> _four;
    private X86Walker<FiveLevels> _five;

    /// <summary>The levels of the tables.</summary>
    [Params(4, 5)]
    public int Levels { get; set; }

    /// <summary>The level of the leaf: 1 is a 4-KiB page, 3 a 1-GiB page.</summary>
    [Params(1, 2, 3)]
    public int LeafLevel { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        MappedMemory mapped = new(Levels, LeafLevel, Pages);
        (_addresses, _memory) = (mapped.Addresses, mapped.Memory);
        _four = new(mapped.Control);
        _five = new(mapped.Control);
    }

    [Benchmark(OperationsPerInvoke = Walks)]
    public ulong Walk()
    {
        ulong sum = 0;
        for (int walk = 0; walk < Walks; walk++)
        {
            Access access = new(new(_addresses[walk & _addresses.Length - 1]), AccessKind.Read, PrivilegeLevel.Ring3);
            sum += (Levels == 5 ? _five.Walk(_memory, access) : _four.Walk(_memory, access)).Address.Value;
        }

        return sum;
    }
}
