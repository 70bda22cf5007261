using PageProof.Contract.Frames;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.Frames;
using PageProof.Properties.Harness;
using PageProof.Properties.Harness.Scheduling;

namespace PageProof.Tests.Frames;

/// <summary>
/// Several CPUs take, hold and release frames that they know of from each other, and may be overtaken before
/// each lock and before a frame is given back. A book kept beside says who has what.
/// </summary>
internal sealed class FrameRace(ulong seed)
{
    /// <summary>How many CPUs take part.</summary>
    public const int Cpus = 3;

    private const int Frames = 16;
    private const int Steps = 24;

    private readonly FrameAllocator _frames = new(new(Frames, 0), 0, Frames, Cpus, new(3, 2));
    private readonly int[] _holders = new int[Frames];
    private int _known;

    /// <summary>How often a frame could not be held any more.</summary>
    public int Refused { get; private set; }

    /// <summary>How often there was no frame.</summary>
    public int Starved { get; private set; }

    public void Run(int number, ScheduledYield at)
    {
        CaseRandom random = new(seed, number);
        CpuFrames<ScheduledYield> cpu = new(_frames, number, at);
        List<int> mine = [];
        for (int step = 0; step < Steps; step++)
        {
            at.Point(YieldKind.Lock);
            switch (random.Below(6))
            {
                case 0 or 1:
                    Take(cpu, mine, random.Below(2));
                    break;
                case 2:
                    Share(mine);
                    break;
                case 3:
                    cpu.Drain();
                    break;
                default:
                    Release(cpu, mine, random.Below(Frames));
                    break;
            }
        }

        while (mine.Count != 0)
        {
            Release(cpu, mine, 0);
        }
    }

    public void MustBeOver()
    {
        Assert.All(_holders, count => Assert.Equal(0, count));
        Assert.Equal(Frames, _frames.FreeFrames);
        _frames.DrainAll();
        Assert.Equal(1, _frames.Free.BlocksOf(int.Log2(Frames)));
    }

    private void Take(CpuFrames<ScheduledYield> cpu, List<int> mine, int order)
    {
        if (!cpu.TryAllocate(order, FrameKind.Kernel, out int frame))
        {
            Starved++;
            return;
        }

        for (int part = 0; part < 1 << order; part++)
        {
            Assert.Equal(0, _holders[frame + part]);
        }

        _holders[frame] = 1;
        _known = frame;
        mine.Add(frame);
    }

    // What somebody has taken last, as long as anybody has it.
    private void Share(List<int> mine)
    {
        int frame = _known;
        bool isHeld = _frames.Table.Hold(frame) == FrameOutcome.Done;
        Assert.Equal(_holders[frame] != 0, isHeld);
        if (isHeld)
        {
            _holders[frame]++;
            mine.Add(frame);
        }
        else
        {
            Refused++;
        }
    }

    private void Release(CpuFrames<ScheduledYield> cpu, List<int> mine, int drawn)
    {
        if (mine.Count == 0)
        {
            return;
        }

        int frame = mine[drawn % mine.Count];
        mine.Remove(frame);
        bool isLast = --_holders[frame] == 0;
        Assert.Equal(isLast ? FrameOutcome.Freed : FrameOutcome.Done, cpu.Release(frame));
    }
}
