using System.Collections.Immutable;
using PageProof.Contract.Swap;
using PageProof.Properties.Harness;
using PageProof.Spec.Swap;

namespace PageProof.Properties.Swap;

/// <summary>
/// Puts sequences to swap devices, and looks at all that they show after each command; if it is asked to, also at
/// whose turn it was.
/// </summary>
internal sealed class SwapJudge(ISwapDevices door, bool watchesTurns) : ICaseJudge<SwapSequence>
{
    private readonly SwapAreaView[] _areas = new SwapAreaView[SwapAreaNumber.Most + 1];
    private readonly byte[] _header = new byte[SwapHeaderFormat.Bytes];
    private readonly List<string> _lines = [];
    private readonly SwapCapabilities _offered = door.Capabilities;
    private ImmutableArray<ImmutableArray<byte>> _headers = [];

    public SwapCoverage Coverage { get; } = new();

    /// <summary>The state after the last command that was permitted.</summary>
    public SwapState? Last { get; private set; }

    public int FirstFailure(ReadOnlySpan<SwapSequence> cases)
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

    public string Tell(in SwapSequence failing)
    {
        string? refusal = Refusal(failing, tells: true);
        _lines.Add(refusal is null ? "Every answer is permitted." : $"That is not permitted: {refusal}.");
        return string.Join(Environment.NewLine, _lines);
    }

    public void Dispose() => door.Dispose();

    /// <summary>Why the first answer that is not permitted is not; null when there is none.</summary>
    public string? Refusal(in SwapSequence sequence, bool tells)
    {
        var start = sequence.Start;
        _lines.Clear();
        _lines.AddRange(SwapText.Print(sequence).Split('\n')[..(tells ? 1 + start.Devices.Length : 0)]);
        int told = _lines.Count;
        door.Reset(start);
        var state = SwapSpec.Begin(start, _offered);
        _headers = state.Headers;
        var turns = StripingState.Empty;
        foreach (var command in sequence.Commands)
        {
            var answer = door.Do(command);
            if (tells)
            {
                _lines.Add($"  {_lines.Count - told + 1}. {SwapText.Of(command)} -> {answer}");
            }

            var (after, refusal) = SwapSpec.Follow(state, command, answer, Show());
            if (after is null)
            {
                return refusal;
            }

            if (watchesTurns)
            {
                (var next, refusal) = StripingSpec.Follow(turns, state, command, answer, after);
                if (next is null)
                {
                    return refusal;
                }

                turns = next;
            }

            Coverage.Count(state, command, answer, after);
            Last = state = after;
        }

        return null;
    }

    private SwapShown Show()
    {
        int count = door.ShowAreas(_areas);
        var slots = ImmutableArray.CreateBuilder<ImmutableArray<int>>(count);
        foreach (var area in _areas.AsSpan(0, count))
        {
            var references = new int[Math.Clamp(area.Slots, 0, SwapDevice.PagesMax)];
            door.ShowSlots(area.Number, references);
            slots.Add([.. references]);
        }

        var pages = ImmutableArray.CreateBuilder<ProcessPageView>(_offered.Processes * _offered.Pages);
        for (byte process = 0; process < _offered.Processes; process++)
        {
            for (ushort page = 0; page < _offered.Pages; page++)
            {
                pages.Add(door.ShowPage(new(process, page)));
            }
        }

        for (byte device = 0; device < _headers.Length; device++)
        {
            door.ShowHeader(new(device), _header);
            if (!_headers[device].AsSpan().SequenceEqual(_header))
            {
                _headers = _headers.SetItem(device, [.. _header]);
            }
        }

        return new(
            door.FramesFree, [.. _areas.AsSpan(0, count)], slots.ToImmutable(), pages.MoveToImmutable(), _headers);
    }
}
