using PageProof.Contract.Frames;
using PageProof.Contract.Kernel;
using PageProof.Spec.AddressSpaces;

namespace PageProof.Properties.Kernel;

/// <summary>
/// Follows a kernel by what it tells of frames: each event must be a permitted step of the transition system of
/// copy-on-write, and lead to a state that keeps its invariant. Whenever a frame comes up, what it holds must be what
/// it held, unless somebody may have written to it.
/// </summary>
internal sealed class SharingFollower(IKernelSharing kernel) : IObserveSharing
{
    private readonly Dictionary<FrameNumber, SharingBook> _books = [];
    private readonly Dictionary<FramePlace, Entry> _entries = [];
    private readonly long[] _counts = new long[Enum.GetValues<SharingEventKind>().Length];

    private readonly record struct Entry(FrameNumber Frame, bool Shared, bool Writable);

    /// <summary>What went wrong first since the beginning, or null.</summary>
    public string? Failure { get; private set; }

    /// <summary>How many steps of each kind were taken so far, in all sequences.</summary>
    public IReadOnlyList<long> Counts => _counts;

    public void Begin()
    {
        _books.Clear();
        _entries.Clear();
        Failure = null;
    }

    public void Observe(in SharingNote note)
    {
        if (Failure is null && Follow(note) is { } failure)
        {
            Failure = $"{note}: {failure}";
        }
    }

    /// <summary>All has been done: every frame holds what it may.</summary>
    public void End()
    {
        foreach (var frame in _books.Keys)
        {
            if (Failure is null && Compare(frame) is { } failure)
            {
                Failure = $"in the end, {frame}: {failure}";
            }
        }
    }

    private string? Follow(in SharingNote note)
    {
        if (!_books.ContainsKey(note.Frame))
        {
            _books[note.Frame] = new(note.Frame == kernel.Zeros ? FrameKind.Zero : FrameKind.Free);
        }

        if (note.Kind == SharingNoteKind.Migrate)
        {
            return Migrate(note);
        }

        bool writes = note.Kind is SharingNoteKind.Force or SharingNoteKind.DeviceWrite;
        return note.Kind is SharingNoteKind.Take or SharingNoteKind.Bring
            ? Begin(note)
            : (writes ? null : Compare(note.Frame)) ?? Change(note);
    }

    // What was in use before has been given back meanwhile.
    private string? Begin(in SharingNote note)
    {
        var kind = _books[note.Frame].State.Kind;
        string? refusal = kind == FrameKind.Free ? null : Step(note.Frame, SharingEventKind.Free);
        ulong content = kernel.ContentOf(note.Frame);
        bool takes = note.Kind == SharingNoteKind.Take;
        refusal ??= Step(note.Frame, takes ? SharingEventKind.Take : SharingEventKind.Bring, content);
        return refusal ?? (takes && content != kernel.ContentOf(note.Source) ? "it is no copy of its source" : null);
    }

    // All that is known of a frame is of another one from now on, which has been given back if it was in use before.
    private string? Migrate(in SharingNote note)
    {
        if (!_books.TryGetValue(note.Source, out var moved))
        {
            return "there is no such page";
        }

        string? refusal = Compare(note.Source);
        var kind = _books[note.Frame].State.Kind;
        refusal ??= kind == FrameKind.Free ? null : Step(note.Frame, SharingEventKind.Free);
        _books[note.Frame] = moved;
        _books[note.Source] = new(FrameKind.Free);
        var source = note.Source;
        foreach (var place in _entries.Keys.Where(place => _entries[place].Frame == source).ToArray())
        {
            _entries[place] = _entries[place] with { Frame = note.Frame };
        }

        bool same = moved.State.Content == kernel.ContentOf(note.Frame);
        return refusal ?? (same ? null : "it is no copy of the page that has moved");
    }

    private string? Change(in SharingNote note)
    {
        var entry = _entries.GetValueOrDefault(note.Place);
        bool known = _entries.ContainsKey(note.Place) && entry.Frame == note.Frame;
        switch (note.Kind)
        {
            case SharingNoteKind.Map or SharingNoteKind.Fork:
                bool there = _entries.ContainsKey(note.Place);
                _entries[note.Place] = new(note.Frame, note.Shared, note.Writable);
                return there ? "there is an entry already" : StepOfNew(note);
            case SharingNoteKind.Move when known:
                _entries.Remove(note.Place);
                _books[note.Frame].Move(note.Place, note.To);
                return _entries.TryAdd(note.To, entry) ? null : "there is an entry already";
            case SharingNoteKind.Unmap or SharingNoteKind.Break when known:
                _entries.Remove(note.Place);
                return StepOfOld(note, entry);
            case SharingNoteKind.Rights or SharingNoteKind.Reuse when known:
                _entries[note.Place] = entry with { Writable = note.Writable };
                return StepOfRights(note, entry);
            case SharingNoteKind.Force when known:
                ulong content = kernel.ContentOf(note.Frame);
                return Step(
                    note, entry.Shared ? SharingEventKind.Write : SharingEventKind.Force, entry.Writable, content);
            default:
                return StepOfFrame(note);
        }
    }

    private string? StepOfNew(in SharingNote note)
    {
        // A fork that makes a copy for the child maps it as any new page.
        var state = _books[note.Frame].State;
        bool copy = state is { Kind: FrameKind.Anonymous, Exclusive: true, Private: 0 };
        return note.Shared ? Step(note.Frame, SharingEventKind.MapShared)
            : note.Kind == SharingNoteKind.Map || copy ? Step(note, SharingEventKind.Map, note.Writable)
            : note.Writable ? "a store may go through the entry of a child"
            : Step(note, SharingEventKind.Fork, false);
    }

    private string? StepOfOld(in SharingNote note, in Entry entry) =>
        entry.Shared ? Step(note.Frame, SharingEventKind.UnmapShared)
        : note.Kind == SharingNoteKind.Unmap ? Step(note, SharingEventKind.Unmap, entry.Writable)
        : entry.Writable ? "a page that could be written is copied"
        : Step(note, SharingEventKind.Break, false);

    private string? StepOfRights(in SharingNote note, in Entry entry) =>
        entry.Shared ? null
        : note.Kind == SharingNoteKind.Reuse || (note.Writable && !entry.Writable)
            ? Step(note, SharingEventKind.Reuse, note.Writable)
        : !note.Writable && entry.Writable ? Step(note, SharingEventKind.Protect, true)
        : null;

    private string? StepOfFrame(in SharingNote note) => note.Kind switch
    {
        SharingNoteKind.LeaveCache => Step(note.Frame, SharingEventKind.LeaveCache),
        SharingNoteKind.Pin => Step(note.Frame, SharingEventKind.Pin),
        SharingNoteKind.Unpin => Step(note.Frame, SharingEventKind.Unpin),
        SharingNoteKind.DeviceWrite =>
            Step(note.Frame, SharingEventKind.DeviceWrite, kernel.ContentOf(note.Frame)),
        SharingNoteKind.Hold => Step(note.Frame, SharingEventKind.Hold),
        SharingNoteKind.Release => Step(
            note, SharingEventKind.Release, writable: _books[note.Frame].State.Held == 0),
        _ => "there is no such entry",
    };

    // A store is told by nobody: it shows in what the frame holds.
    private string? Compare(FrameNumber frame)
    {
        var book = _books[frame];
        ulong content = kernel.ContentOf(frame);
        ref readonly var state = ref book.State;
        if (content == state.Content || state.Kind == FrameKind.Free)
        {
            return null;
        }

        if (!state.IsReferred && state.Kind != FrameKind.Zero)
        {
            // It was given back, and is something else's.
            return Step(frame, SharingEventKind.Free);
        }

        var kind = state.Kind == FrameKind.File ? SharingEventKind.Write
            : SharingEventKind.Store;
        _counts[(int)kind]++;
        string? refusal = book.Step(
            kind, kind == SharingEventKind.Store ? book.Writer : null, true, true, content);
        return refusal is null ? null : $"it holds something else, and {refusal}";
    }

    private string? Step(FrameNumber frame, SharingEventKind kind, ulong content = 0)
    {
        _counts[(int)kind]++;
        return _books[frame].Step(kind, content);
    }

    private string? Step(in SharingNote note, SharingEventKind kind, bool writable, ulong content = 0)
    {
        _counts[(int)kind]++;
        return _books[note.Frame].Step(kind, note.Place, writable, note.Dirty, content);
    }
}
