using System.Collections.Immutable;
using System.Runtime.InteropServices;
using PageProof.Contract.Frames;
using PageProof.Contract.Tlb;
using PageProof.Properties.Harness;
using PageProof.Spec.Frames;
using FrameNumber = PageProof.Contract.Frames.FrameNumber;

namespace PageProof.Properties.Frames;

/// <summary>Puts sequences to an allocator, and looks at all that it shows after each command.</summary>
internal sealed class FrameJudge : ICaseJudge<FrameSequence>
{
    private readonly IFrameAllocator _door;
    private readonly FreeBlock[] _blocks;
    private readonly FrameNumber[] _kept;
    private readonly FramePlace[] _places;
    private readonly FramePlace[] _allPlaces;
    private readonly List<string> _lines = [];

    public FrameJudge(IFrameAllocator door)
    {
        _door = door;
        var offered = door.Capabilities;
        _blocks = new FreeBlock[offered.Frames];
        _kept = new FrameNumber[offered.Frames];
        _allPlaces =
        [
            .. from space in Enumerable.Range(0, offered.Spaces)
               from page in Enumerable.Range(0, offered.Pages)
               select new FramePlace(space, (ulong)page),
        ];
        _places = new FramePlace[_allPlaces.Length + 1];
    }

    public FrameCoverage Coverage { get; } = new();

    public int FirstFailure(ReadOnlySpan<FrameSequence> cases)
    {
        for (int place = 0; place < cases.Length; place++)
        {
            if (Refusal(cases[place], tells: false) is not null)
            {
                return place;
            }
        }

        return -1;
    }

    public string Tell(in FrameSequence failing)
    {
        string? refusal = Refusal(failing, tells: true);
        _lines.Add(refusal is null ? "Every answer is permitted." : $"That is not permitted: {refusal}.");
        return string.Join(Environment.NewLine, _lines);
    }

    public void Dispose() => _door.Dispose();

    // Why the first answer that is not permitted is not; null when there is none.
    private string? Refusal(in FrameSequence sequence, bool tells)
    {
        _lines.Clear();
        _lines.AddRange(FrameText.Print(sequence).Split('\n')[..(tells ? 1 + sequence.Start.Reserved.Length : 0)]);
        _door.Reset(sequence.Start);
        var step = FrameSpec.Begin(sequence.Start, Show(sequence.Start));
        foreach (var each in sequence.Commands)
        {
            if (step.State is not { } before)
            {
                break;
            }

            var command = each with { Frame = FrameSpec.FrameOf(before, each) };
            var answer = _door.Do(command);
            if (tells)
            {
                string line = FrameText.Of(each), frame = line.Contains('@') ? $" ({command.Frame})" : "";
                _lines.Add($"  {_lines.Count}. {line}{frame} -> {answer}");
            }

            step = FrameSpec.Follow(before, command, answer, Show(sequence.Start));
            if (step.State is { } after)
            {
                Coverage.Count(before, command, answer, after);
            }
        }

        return step.Refusal;
    }

    private FramesShown Show(FrameStart start)
    {
        var views = new FrameView[start.Frames.Count];
        _door.Show(views);
        var chains = ImmutableArray.CreateBuilder<MappedFrame>();
        for (int place = 0; place < views.Length; place++)
        {
            if (views[place].Mappings != 0)
            {
                FrameNumber frame = new(start.Frames.First.Value + place);
                int count = _door.ShowPlaces(frame, _places);
                foreach (var each in _places.AsSpan(0, count))
                {
                    chains.Add(new(each, frame));
                }
            }
        }

        var entries = ImmutableArray.CreateBuilder<MappedFrame>();
        foreach (var place in _allPlaces)
        {
            if (_door.EntryAt(place) is { } frame)
            {
                entries.Add(new(place, frame));
            }
        }

        var kept = ImmutableArray.CreateBuilder<ImmutableArray<FrameNumber>>(start.Cpus);
        for (byte cpu = 0; cpu < start.Cpus; cpu++)
        {
            kept.Add([.. _kept.AsSpan(0, _door.ShowKept(new CpuNumber(cpu), _kept))]);
        }

        FreeFrames free = new([.. _blocks.AsSpan(0, _door.ShowFree(_blocks))], kept.ToImmutable());
        return new(
            ImmutableCollectionsMarshal.AsImmutableArray(views), free, [.. _door.Moves], entries.ToImmutable(),
            chains.ToImmutable());
    }
}
