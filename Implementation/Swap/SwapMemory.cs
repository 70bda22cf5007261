using PageProof.Contract.Swap;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.Swap;

/// <summary>What is known of a frame of a page.</summary>
/// <param name="HasPlace">Whether a slot holds the same.</param>
/// <param name="Place">That slot.</param>
/// <param name="IsExclusive">No other page refers to it.</param>
public readonly record struct SwapFrame(bool HasPlace, SwapPlace Place, bool IsExclusive);

/// <summary>
/// Pages of processes in few frames: a leaf for each, which says where it is as real ones do, and a stack of free
/// frames. A page that has come back by a load keeps its slot until it is stored to.
/// </summary>
public sealed class SwapMemory
{
    private const int PageBytes = SimulatedDisk.BlockBytes;
    private const int PageShift = 12;
    private const ulong Rights = EntryBits.Present | EntryBits.Writable | EntryBits.User | EntryBits.Accessed;

    private readonly SwapSpace _space;
    private readonly ulong[] _leaves;
    private readonly byte[] _bytes;
    private readonly SwapFrame[] _notes;
    private readonly int[] _free;

    /// <param name="space">Where pages go.</param>
    /// <param name="pages">How many pages there are.</param>
    /// <param name="frames">How many frames there are for them.</param>
    public SwapMemory(SwapSpace space, int pages, int frames)
    {
        (_space, _leaves, _bytes) = (space, new ulong[pages], new byte[frames * PageBytes]);
        (_notes, _free, FramesFree) = (new SwapFrame[frames], new int[frames], frames);
        for (int frame = 0; frame < frames; frame++)
        {
            _free[frame] = frame;
        }
    }

    public int FramesFree { get; private set; }

    /// <summary>The leaf of a page.</summary>
    public ulong this[int page] => _leaves[page];

    /// <summary>What is known of the frame of a page that is in one.</summary>
    public SwapFrame NoteOf(int page) => _notes[FrameOf(page)];

    /// <summary>What a page in a frame holds.</summary>
    public Span<byte> BytesOf(int page) => Bytes(FrameOf(page));

    /// <summary>The slot that a leaf names.</summary>
    public static SwapPlace PlaceOf(ulong leaf) =>
        new(new((byte)AbsentLeaf.AreaOf(leaf)), new(AbsentLeaf.SlotOf(leaf)));

    /// <summary>The page is in a frame, with what it held when it was stored to last.</summary>
    public SwapOutcome Bring(int page)
    {
        ulong leaf = _leaves[page];
        switch (AbsentLeaf.KindOf(leaf))
        {
            case LeafKind.Present:
                return SwapOutcome.Done;
            case LeafKind.Lost:
                return SwapOutcome.Lost;
            case LeafKind.None:
                return TryTake(page, Rights, default) ? SwapOutcome.Done : SwapOutcome.OutOfMemory;
        }

        if (FramesFree == 0)
        {
            return SwapOutcome.OutOfMemory;
        }

        // The frame is the page's only once it holds what it should.
        return _space.TryRead(PlaceOf(leaf), Bytes(_free[FramesFree - 1])) ? Install(page) : SwapOutcome.ReadError;
    }

    /// <summary>The same with what has been read before.</summary>
    public SwapOutcome Install(int page, ReadOnlySpan<byte> bytes)
    {
        if (FramesFree == 0)
        {
            return SwapOutcome.OutOfMemory;
        }

        bytes.CopyTo(Bytes(_free[FramesFree - 1]));
        return Install(page);
    }

    /// <summary>A half of a page is filled; the slot that held the same does so no more.</summary>
    public SwapOutcome Store(int page, int half, uint value)
    {
        bool isNew = _leaves[page] == 0;
        var outcome = Bring(page);
        if (outcome != SwapOutcome.Done)
        {
            return outcome;
        }

        if (isNew)
        {
            BytesOf(page).Clear();
        }

        Part(page);
        _leaves[page] = SwapLeaf.WithLeafMark(_leaves[page] | EntryBits.Dirty | EntryBits.Writable, true);
        PagePattern.Fill(BytesOf(page), half, value);
        return SwapOutcome.Done;
    }

    /// <summary>The page goes out; its frame is free then.</summary>
    public SwapOutcome Out(int page, out SwapPlace place)
    {
        place = default;
        if (AbsentLeaf.KindOf(_leaves[page]) != LeafKind.Present)
        {
            return SwapOutcome.Refused;
        }

        var note = NoteOf(page);
        if (note.HasPlace)
        {
            place = note.Place;
        }
        else if (!_space.TryAllocate(out place))
        {
            return SwapOutcome.Full;
        }
        else if (!_space.TryWrite(place, BytesOf(page)))
        {
            _space.Release(place);
            return SwapOutcome.WriteError;
        }

        bool isExclusive = !note.HasPlace || note.IsExclusive;
        ulong entry = SwapLeaf.Out(_leaves[page], place.Area.Value, place.Slot.Value, isExclusive);
        Give(page, entry);
        return SwapOutcome.Done;
    }

    /// <summary>The page is no more; false when there was none.</summary>
    public bool Drop(int page)
    {
        switch (AbsentLeaf.KindOf(_leaves[page]))
        {
            case LeafKind.None:
                return false;
            case LeafKind.Present:
                Part(page);
                Give(page, 0);
                break;
            case LeafKind.Swap:
                _space.Release(PlaceOf(_leaves[page]));
                break;
        }

        _leaves[page] = 0;
        return true;
    }

    /// <summary>
    /// Pages from one on are copied to others, of which there is none: those in frames at once, and of those in slots
    /// the slot gets one more who refers to it. False, with nothing changed, when there is no room for all.
    /// </summary>
    public bool TryFork(int from, int to, int count)
    {
        int inFrames = 0;
        for (int page = from; page < from + count; page++)
        {
            var kind = AbsentLeaf.KindOf(_leaves[page]);
            inFrames += kind == LeafKind.Present ? 1 : 0;
            if (inFrames > FramesFree || kind == LeafKind.Swap && !_space.Duplicate(PlaceOf(_leaves[page])))
            {
                UndoFork(from, page);
                return false;
            }
        }

        for (int page = from; page < from + count; page++)
        {
            Copy(page, to + page - from);
        }

        return true;
    }

    /// <summary>No page from one on counts as stored to.</summary>
    public void ClearMarks(int from, int count)
    {
        foreach (ref ulong leaf in _leaves.AsSpan(from, count))
        {
            leaf = AbsentLeaf.KindOf(leaf) switch
            {
                LeafKind.Present => SwapLeaf.WithLeafMark(leaf, false),
                LeafKind.Swap => SwapLeaf.Unmarked(leaf),
                _ => leaf,
            };
        }
    }

    /// <summary>How many pages are in slots of an area.</summary>
    public int PagesIn(SwapAreaNumber area)
    {
        int count = 0;
        foreach (ulong leaf in _leaves)
        {
            count += IsIn(leaf, area) ? 1 : 0;
        }

        return count;
    }

    /// <summary>Brings back all pages that are in slots of an area; those that cannot be read are lost.</summary>
    public void BringAll(SwapAreaNumber area)
    {
        for (int page = 0; page < _leaves.Length; page++)
        {
            ulong leaf = _leaves[page];
            if (IsIn(leaf, area) && Bring(page) != SwapOutcome.Done)
            {
                _space.Release(PlaceOf(leaf));
                _leaves[page] = AbsentLeaf.Moving(0, 0);
            }

            if (AbsentLeaf.KindOf(_leaves[page]) == LeafKind.Present && NoteOf(page) is { HasPlace: true } note
                && note.Place.Area == area)
            {
                Part(page);
                _leaves[page] |= EntryBits.Dirty;
            }
        }
    }

    private static bool IsIn(ulong leaf, SwapAreaNumber area) =>
        AbsentLeaf.KindOf(leaf) == LeafKind.Swap && AbsentLeaf.AreaOf(leaf) == area.Value;

    private int FrameOf(int page) => (int)((_leaves[page] & EntryBits.Frame) >> PageShift);

    private Span<byte> Bytes(int frame) => _bytes.AsSpan(frame * PageBytes, PageBytes);

    // The frame that is taken next holds what the slot of the page does.
    private SwapOutcome Install(int page)
    {
        ulong leaf = _leaves[page];
        SwapFrame note = new(true, PlaceOf(leaf), AbsentLeaf.IsExclusive(leaf));
        TryTake(page, Rights, note);
        _leaves[page] = SwapLeaf.In(leaf, _leaves[page] & EntryBits.Frame, Rights);
        return SwapOutcome.Done;
    }

    private bool TryTake(int page, ulong rights, SwapFrame note)
    {
        if (FramesFree == 0)
        {
            return false;
        }

        int frame = _free[--FramesFree];
        _notes[frame] = note;
        _leaves[page] = rights | (ulong)frame << PageShift;
        return true;
    }

    private void Give(int page, ulong leaf)
    {
        _free[FramesFree++] = FrameOf(page);
        _leaves[page] = leaf;
    }

    // No slot holds the same as the frame of the page any more.
    private void Part(int page)
    {
        ref var note = ref _notes[FrameOf(page)];
        if (note.HasPlace)
        {
            _space.Release(note.Place);
            note = default;
        }
    }

    private void UndoFork(int from, int until)
    {
        for (int page = from; page < until; page++)
        {
            if (AbsentLeaf.KindOf(_leaves[page]) == LeafKind.Swap)
            {
                _space.Release(PlaceOf(_leaves[page]));
            }
        }
    }

    private void Copy(int page, int copy)
    {
        switch (AbsentLeaf.KindOf(_leaves[page]))
        {
            case LeafKind.Present:
                TryTake(copy, Rights | EntryBits.Dirty, default);
                _leaves[copy] = SwapLeaf.WithLeafMark(_leaves[copy], SwapLeaf.IsLeafMarked(_leaves[page]));
                BytesOf(page).CopyTo(BytesOf(copy));
                break;
            case LeafKind.Swap:
                _leaves[copy] = _leaves[page] = SwapLeaf.Forked(_leaves[page]);
                break;
            default:
                _leaves[copy] = _leaves[page];
                break;
        }
    }
}
