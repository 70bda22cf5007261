using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using PageProof.Contract.Frames;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.Frames;

namespace PageProof.Benchmarks.Frames;

/// <summary>
/// Nanoseconds of what a fault and its end do with a frame: taken and given back through the cache of the CPU,
/// beside the floor, a stack of numbers with a record each; the same as a block of two; and mapped by a hold
/// and unmapped again, as a fork does it for each page.
/// </summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class FrameBenchmarks
{
    private const int Frames = 1 << 14;
    private const int Rounds = 1 << 10;

    private readonly FrameAllocator _frames = new(new(Frames, Frames), 0, Frames, 1, new(64, 16));
    private readonly FrameRecord[] _records = new FrameRecord[Frames];
    private readonly int[] _stack = [.. Enumerable.Range(0, Frames)];
    private int _top = Frames;
    private int _shared;

    private CpuFrames<NoYield> Cpu => new(_frames, 0, default);

    [GlobalSetup]
    public void Setup() => Cpu.TryAllocate(0, FrameKind.Anonymous, out _shared);

    [Benchmark(Baseline = true, OperationsPerInvoke = Rounds)]
    public int Floor()
    {
        for (int round = 0; round < Rounds; round++)
        {
            FloorGive(FloorTake());
        }

        return _top;
    }

    [Benchmark(OperationsPerInvoke = Rounds)]
    public int Single()
    {
        var cpu = Cpu;
        int sum = 0;
        for (int round = 0; round < Rounds; round++)
        {
            cpu.TryAllocate(0, FrameKind.Anonymous, out int frame);
            sum += frame;
            cpu.Release(frame);
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Rounds)]
    public int BlockOfTwo()
    {
        var cpu = Cpu;
        int sum = 0;
        for (int round = 0; round < Rounds; round++)
        {
            cpu.TryAllocate(1, FrameKind.Kernel, out int frame);
            sum += frame;
            cpu.Release(frame);
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Rounds)]
    public int MappedAndUnmapped()
    {
        var cpu = Cpu;
        for (int round = 0; round < Rounds; round++)
        {
            _frames.Table.Map(_shared, 1, (ulong)round);
            cpu.Unmap(_shared, 1, (ulong)round);
        }

        return _shared;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int FloorTake()
    {
        int frame = _stack[--_top];
        _records[frame] = new() { References = 1 };
        return frame;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FloorGive(int frame)
    {
        if (--_records[frame].References == 0)
        {
            _stack[_top++] = frame;
        }
    }
}
