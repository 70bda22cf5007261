using PageProof.Contract.Frames;
using PageProof.Spec.AddressSpaces;

namespace PageProof.Properties.Kernel;

/// <summary>
/// One frame as the transition system has it: once with nobody watched, and once for each of the private entries that
/// lead to it.
/// </summary>
internal sealed class SharingBook
{
    private readonly List<(FramePlace Place, SharingState State)> _watched = [];
    private SharingState _state;

    public SharingBook(FrameKind kind) => _state = default(SharingState) with { Kind = kind };

    /// <summary>The frame with nobody watched.</summary>
    public ref readonly SharingState State => ref _state;

    /// <summary>The entry through which a store may go, where there is one.</summary>
    public FramePlace Writer { get; private set; }

    /// <summary>Takes an event of the frame itself.</summary>
    public string? Step(SharingEventKind kind, ulong content = 0) => Step(kind, null, false, false, content);

    /// <summary>Takes an event of an entry, for whoever is watched.</summary>
    public string? Step(SharingEventKind kind, FramePlace? place, bool writable, bool dirty, ulong content)
    {
        var before = _state;
        SharingEvent other = new(kind, false, writable, dirty, content);
        string? refusal = Step(ref _state, other);
        for (int index = 0; index < _watched.Count && refusal is null; index++)
        {
            var (watched, state) = _watched[index];
            refusal = Step(ref state, other with { OfWatched = watched == place });
            _watched[index] = (watched, state);
        }

        _watched.RemoveAll(each => !each.State.Watched);
        if (refusal is null && place is { } added && kind is SharingEventKind.Map or SharingEventKind.Fork)
        {
            refusal = Step(ref before, other with { OfWatched = true });
            _watched.Add((place!.Value, before));
        }

        bool gives = kind is SharingEventKind.Map or SharingEventKind.Reuse && writable;
        Writer = gives && place is { } writer ? writer : Writer;
        return refusal;
    }

    /// <summary>An entry goes to another place; nothing else changes.</summary>
    public void Move(FramePlace from, FramePlace to)
    {
        int index = _watched.FindIndex(each => each.Place == from);
        if (index >= 0)
        {
            _watched[index] = (to, _watched[index].State);
        }

        Writer = Writer == from ? to : Writer;
    }

    private static string? Step(ref SharingState state, in SharingEvent happened)
    {
        var step = SharingSpec.Step(state, happened);
        if (step.Refusal != SharingRefusal.None)
        {
            return $"{happened.Kind} must not happen: {Words(step.Refusal)}";
        }

        state = step.State;
        return SharingSpec.Invariant(state) ? null : $"the invariant is broken after {happened.Kind}: {state}";
    }

    private static string Words(SharingRefusal refusal) => refusal switch
    {
        SharingRefusal.InUse => "the frame is in use",
        SharingRefusal.OthersSee => "others see the page",
        SharingRefusal.Pinned => "the page is pinned",
        SharingRefusal.AlreadyOwn => "the page is its process's own",
        SharingRefusal.OfObject => "the page is one of an object",
        SharingRefusal.OfZeros => "these are the zeros of everybody",
        SharingRefusal.TooMany => "there are too many",
        _ => "there is no such entry or reference",
    };
}
