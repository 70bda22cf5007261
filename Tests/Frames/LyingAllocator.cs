using PageProof.Contract;
using PageProof.Contract.Frames;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Implementation;
using FrameNumber = PageProof.Contract.Frames.FrameNumber;

namespace PageProof.Tests.Frames;

/// <summary>Our allocator, which does everything right, and says one thing wrong.</summary>
internal sealed class LyingSystem(FrameLie lie) : ISystem
{
    public string Name => "lying";

    public ITranslator? OpenTranslator() => null;

    public IFrameAllocator? OpenFrames() => new LyingAllocator(lie);

    public void Dispose()
    {
    }
}

/// <summary>What is said wrong: each member takes the truth, and says what is told instead.</summary>
public sealed record FrameLie(string Name)
{
    public Func<FrameCommand, FrameAnswer, FrameAnswer> Answer { get; init; } = (_, truth) => truth;

    public Func<FrameView, FrameView> View { get; init; } = truth => truth;

    public Func<List<FreeBlock>, IEnumerable<FreeBlock>> Free { get; init; } = truth => truth;

    public Func<int, List<FrameNumber>, IEnumerable<FrameNumber>> Kept { get; init; } = (_, truth) => truth;

    public Func<FramePlace, FramePlace> Place { get; init; } = truth => truth;

    public Func<FrameNumber, FrameNumber?> Entry { get; init; } = truth => truth;

    public Func<FrameMove[], FrameMove[]> Moves { get; init; } = truth => truth;

    /// <summary>Whose frames are shown as a CPU's.</summary>
    public Func<int, int> Cpu { get; init; } = truth => truth;

    public override string ToString() => Name;
}

/// <summary>Behind the door: the truth from our allocator, and then the lie.</summary>
internal sealed class LyingAllocator(FrameLie lie) : IFrameAllocator
{
    private readonly IFrameAllocator _truth = new ImplementationSystem().OpenFrames()!;
    private int _cpus;

    public FrameCapabilities Capabilities => _truth.Capabilities;

    public ReadOnlySpan<FrameMove> Moves => lie.Moves(_truth.Moves.ToArray());

    public void Reset(FrameStart start)
    {
        _cpus = start.Cpus;
        _truth.Reset(start);
    }

    public FrameAnswer Do(in FrameCommand command) => lie.Answer(command, _truth.Do(command));

    public void Show(Span<FrameView> frames)
    {
        _truth.Show(frames);
        foreach (ref var view in frames)
        {
            view = lie.View(view);
        }
    }

    public int ShowFree(Span<FreeBlock> blocks)
    {
        int count = _truth.ShowFree(blocks);
        return Put(lie.Free([.. blocks[..count]]), blocks);
    }

    public int ShowKept(CpuNumber cpu, Span<FrameNumber> frames)
    {
        int count = _truth.ShowKept(new((byte)(lie.Cpu(cpu.Value) % _cpus)), frames);
        return Put(lie.Kept(cpu.Value, [.. frames[..count]]), frames);
    }

    public int ShowPlaces(FrameNumber frame, Span<FramePlace> places)
    {
        int count = _truth.ShowPlaces(frame, places);
        foreach (ref var place in places[..count])
        {
            place = lie.Place(place);
        }

        return count;
    }

    public FrameNumber? EntryAt(FramePlace place) => _truth.EntryAt(place) is { } frame ? lie.Entry(frame) : null;

    public void Dispose() => _truth.Dispose();

    private static int Put<T>(IEnumerable<T> told, Span<T> place)
    {
        T[] all = [.. told];
        all.CopyTo(place);
        return all.Length;
    }
}
