using BenchmarkDotNet.Attributes;
using PageProof.Contract.Swap;
using PageProof.Implementation.Swap;

namespace PageProof.Benchmarks.Swap;

/// <summary>
/// Nanoseconds of a page that goes to a slot of a simulated disk, and comes back: beside copying 4 KiB, which both do
/// once; and of the slot alone, taken and released again.
/// </summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class SwapBenchmarks
{
    private const int Pages = 1 << 12;
    private const int PageBytes = SimulatedDisk.BlockBytes;

    private readonly byte[] _memory = new byte[Pages * PageBytes];
    private readonly byte[] _floor = new byte[Pages * PageBytes];
    private readonly SwapPlace[] _places = new SwapPlace[Pages];
    private readonly SwapSpace _space = new();

    [GlobalSetup]
    public void Setup()
    {
        new Random(1).NextBytes(_memory);
        SimulatedDisk disk = new(2 * (Pages + 1));
        for (int area = 0; area < 2; area++)
        {
            DiskStorage partition = new(disk, new SwapExtent(0, area * (Pages + 1), Pages + 1));
            if (!_space.TryAdd(partition, 0, out _))
            {
                throw new InvalidOperationException("There is no number for the area.");
            }
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Pages)]
    public int Copy()
    {
        for (int page = 0; page < Pages; page++)
        {
            BytesOf(page).CopyTo(_floor.AsSpan(page * PageBytes, PageBytes));
        }

        return _floor[^1];
    }

    [Benchmark(OperationsPerInvoke = Pages)]
    public int Slot()
    {
        for (int page = 0; page < Pages; page++)
        {
            _space.TryAllocate(out _places[page]);
        }

        return ReleaseAll();
    }

    [Benchmark(OperationsPerInvoke = Pages)]
    public int Out()
    {
        for (int page = 0; page < Pages; page++)
        {
            _space.TryAllocate(out _places[page]);
            _space.TryWrite(_places[page], BytesOf(page));
        }

        return ReleaseAll();
    }

    /// <summary>Out and in again: the difference to <see cref="Out"/> is the way back.</summary>
    [Benchmark(OperationsPerInvoke = Pages)]
    public int OutAndIn()
    {
        for (int page = 0; page < Pages; page++)
        {
            _space.TryAllocate(out _places[page]);
            _space.TryWrite(_places[page], BytesOf(page));
        }

        for (int page = 0; page < Pages; page++)
        {
            _space.TryRead(_places[page], BytesOf(page));
        }

        return ReleaseAll();
    }

    private Span<byte> BytesOf(int page) => _memory.AsSpan(page * PageBytes, PageBytes);

    private int ReleaseAll()
    {
        int released = 0;
        foreach (var place in _places)
        {
            released += _space.Release(place) ? 1 : 0;
        }

        return released;
    }
}
