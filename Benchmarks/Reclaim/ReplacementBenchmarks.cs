using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using PageProof.Contract.Reclaim;
using PageProof.Implementation.Reclaim;

namespace PageProof.Benchmarks.Reclaim;

/// <summary>
/// Nanoseconds a reference, on ten million references to a million pages by Zipf's law, in memory for a tenth of
/// them. Beside FIFO, Clock and LRU stand loops written by hand that do nothing but count misses; that of LRU is a
/// hash with open addressing and a list through its nodes. Pages have their small numbers before the time runs, in
/// all. OPT finds the next uses within the time.
/// </summary>
[MemoryDiagnoser(displayGenColumns: false)]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
[Config(typeof(PerSecondColumn.Configuration))]
public class ReplacementBenchmarks
{
    private const int Frames = 100_000;
    private readonly uint[] _distances = new uint[ZipfTrace.Length];
    private uint[] _records = [];
    private int _pages;

    [GlobalSetup]
    public void Setup() => (_records, _pages) = ZipfTrace.Make();

    [Benchmark(Baseline = true, OperationsPerInvoke = ZipfTrace.Length), BenchmarkCategory("FIFO")]
    public long FifoFloor() => ReplacementFloors.Fifo(_records, _pages, Frames);

    [Benchmark(OperationsPerInvoke = ZipfTrace.Length), BenchmarkCategory("FIFO")]
    public long Fifo() => Replay(ReplacementKind.Fifo);

    [Benchmark(Baseline = true, OperationsPerInvoke = ZipfTrace.Length), BenchmarkCategory("Clock")]
    public long ClockFloor() => ReplacementFloors.Clock(_records, _pages, Frames);

    [Benchmark(OperationsPerInvoke = ZipfTrace.Length), BenchmarkCategory("Clock")]
    public long Clock() => Replay(ReplacementKind.Clock);

    [Benchmark(OperationsPerInvoke = ZipfTrace.Length), BenchmarkCategory("Clock")]
    public long ClockClear() => Replay(ReplacementKind.ClockClear);

    [Benchmark(Baseline = true, OperationsPerInvoke = ZipfTrace.Length), BenchmarkCategory("LRU")]
    public long LruFloor() => ReplacementFloors.Lru(_records, Frames);

    [Benchmark(OperationsPerInvoke = ZipfTrace.Length), BenchmarkCategory("LRU")]
    public long Lru() => Replay(ReplacementKind.Lru);

    [Benchmark(OperationsPerInvoke = ZipfTrace.Length), BenchmarkCategory("Others")]
    public long Opt()
    {
        new NextUses().Find(_records, 0, _pages, _distances);
        return Replay(ReplacementKind.Opt);
    }

    [Benchmark(OperationsPerInvoke = ZipfTrace.Length), BenchmarkCategory("Others")]
    public long Nru() => Replay(ReplacementKind.Nru);

    [Benchmark(OperationsPerInvoke = ZipfTrace.Length), BenchmarkCategory("Others")]
    public long Aging() => Replay(ReplacementKind.Aging);

    [Benchmark(OperationsPerInvoke = ZipfTrace.Length), BenchmarkCategory("Others")]
    public long WsClock() => Replay(ReplacementKind.WsClock);

    [Benchmark(OperationsPerInvoke = ZipfTrace.Length), BenchmarkCategory("Others")]
    public long TwoList() => Replay(ReplacementKind.TwoList);

    // A tick as often as memory could have been touched once. A window of which memory holds the pages easily: in one
    // that fills it the hand goes around for each miss.
    private long Replay(ReplacementKind kind)
    {
        var memory = PolicyRegistry.Open(new(kind, Frames, Tick: Frames, Window: Frames / 10, Ratio: 0));
        memory.Grow(_pages);
        memory.Foresee(_distances);
        memory.Replay(_records);
        return memory.Misses;
    }
}
