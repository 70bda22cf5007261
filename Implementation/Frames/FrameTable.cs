using PageProof.Contract.Frames;

namespace PageProof.Implementation.Frames;

/// <summary>
/// The records of all frames, and the mappings that lead to each. A reference is only added to a frame that
/// has one, and never beyond the limit: a count that wrapped would free what is still in use. Every operation
/// is one step, but for that which looks for a mapping in the chain of its frame.
/// </summary>
public sealed class FrameTable
{
    private readonly FrameRecord[] _records;
    private readonly MappingPool _mappings;
    private readonly int _countMost;
    private readonly int _pinsMost;

    /// <summary>Records of so many frames, each a tail of nothing yet.</summary>
    /// <param name="count">How many frames there are.</param>
    /// <param name="mappingsMost">How many mappings there can be at once.</param>
    /// <param name="countMost">Where references and pins stop.</param>
    public FrameTable(int count, int mappingsMost, int countMost = int.MaxValue)
    {
        _records = new FrameRecord[count];
        _mappings = new(mappingsMost);
        _countMost = countMost;
        _pinsMost = Math.Min(countMost, ushort.MaxValue);
    }

    /// <summary>How many frames there are.</summary>
    public int Count => _records.Length;

    /// <summary>How many mappings can still be noted.</summary>
    public int MappingsFree => _mappings.Free;

    public ref FrameRecord this[int frame] => ref _records[frame];

    /// <summary>Every frame is a tail of nothing yet, and nothing leads to it.</summary>
    public void Reset()
    {
        _records.AsSpan().Clear();
        _mappings.Reset();
    }

    /// <summary>The node of a chain that begins with <see cref="FrameRecord.FirstMapping"/>.</summary>
    public ref readonly MappingNode Mapping(int node) => ref _mappings[node];

    /// <summary>A block is in use from now on, by one who holds it.</summary>
    public void Begin(int frame, int order, FrameKind kind)
    {
        ref var record = ref _records[frame];
        record = new() { References = 1 };
        record.Become(kind, order);
    }

    /// <summary>One more who keeps the frame, whatever else becomes of it.</summary>
    public FrameOutcome Hold(int frame)
    {
        ref var record = ref _records[frame];
        var outcome = MayCount(record);
        if (outcome == FrameOutcome.Done)
        {
            record.References++;
        }

        return outcome == FrameOutcome.None ? FrameOutcome.Done : outcome;
    }

    /// <summary>
    /// One less; refused when only mappings, pins and a cache keep it. After the last the frame has no
    /// reference, and waits for whoever dropped it to give it back.
    /// </summary>
    public FrameOutcome Drop(int frame)
    {
        ref var record = ref _records[frame];
        return record.Kind == FrameKind.Zero ? FrameOutcome.Done
            : record.Holds > 0 ? DropReference(ref record) : FrameOutcome.Refused;
    }

    /// <summary>Notes that an entry of a page table leads to the frame.</summary>
    public FrameOutcome Map(int frame, int space, ulong page)
    {
        ref var record = ref _records[frame];
        var outcome = MayShow(record);
        if (outcome == FrameOutcome.Done)
        {
            outcome = AddMapping(ref record, space, page);
            record.References += outcome == FrameOutcome.Done ? 1 : 0;
        }

        return outcome == FrameOutcome.None ? FrameOutcome.Done : outcome;
    }

    /// <summary>The same by one who holds it: the reference of that hold is the mapping's from now on.</summary>
    public FrameOutcome MapFromHold(int frame, int space, ulong page)
    {
        ref var record = ref _records[frame];
        return record.Kind == FrameKind.Zero ? FrameOutcome.Done
            : record.Holds > 0 && IsShown(record.Kind) ? AddMapping(ref record, space, page) : FrameOutcome.Refused;
    }

    /// <summary>Notes that this entry leads to it no more.</summary>
    public FrameOutcome Unmap(int frame, int space, ulong page)
    {
        ref var record = ref _records[frame];
        var outcome = RemoveMapping(ref record, space, page);
        return outcome == FrameOutcome.Done && record.Kind != FrameKind.Zero ? DropReference(ref record) : outcome;
    }

    /// <summary>
    /// The same, but whoever unmaps it holds it from now on: until no CPU can reach it by what it has cached.
    /// </summary>
    public FrameOutcome UnmapToHold(int frame, int space, ulong page) =>
        RemoveMapping(ref _records[frame], space, page);

    /// <summary>Pins the content where it is, for whoever reaches it behind the page tables.</summary>
    public FrameOutcome Pin(int frame)
    {
        ref var record = ref _records[frame];
        var outcome = MayShow(record);
        if (outcome == FrameOutcome.Done && record.Pins == _pinsMost)
        {
            return FrameOutcome.Saturated;
        }

        if (outcome == FrameOutcome.Done)
        {
            record.Pins++;
            record.References++;
        }

        return outcome == FrameOutcome.None ? FrameOutcome.Done : outcome;
    }

    /// <summary>Undoes one pin.</summary>
    public FrameOutcome Unpin(int frame)
    {
        ref var record = ref _records[frame];
        if (record.Pins == 0)
        {
            return record.Kind == FrameKind.Zero ? FrameOutcome.Done : FrameOutcome.Refused;
        }

        record.Pins--;
        return DropReference(ref record);
    }

    /// <summary>A cache names the frame from now on: it holds this page of this object.</summary>
    public FrameOutcome EnterCache(int frame, int owner, uint index)
    {
        ref var record = ref _records[frame];
        if (record.Kind != FrameKind.File || (record.Flags & FrameFlags.Cached) != 0)
        {
            return FrameOutcome.Refused;
        }

        var outcome = MayCount(record);
        if (outcome == FrameOutcome.Done)
        {
            record.References++;
            record.Flags |= FrameFlags.Cached;
            (record.Owner, record.Index) = (owner, index);
        }

        return outcome;
    }

    /// <summary>The cache names it no more.</summary>
    public FrameOutcome LeaveCache(int frame)
    {
        ref var record = ref _records[frame];
        if ((record.Flags & FrameFlags.Cached) == 0)
        {
            return FrameOutcome.Refused;
        }

        record.Flags &= ~FrameFlags.Cached;
        (record.Owner, record.Index) = (0, 0);
        return DropReference(ref record);
    }

    /// <summary>Sets what is noted of a frame in use; that a cache names it is not for others to say.</summary>
    public FrameOutcome Mark(int frame, FrameFlags flags)
    {
        ref var record = ref _records[frame];
        if (record.References == 0 || record.Kind == FrameKind.Zero)
        {
            return FrameOutcome.Refused;
        }

        record.Flags = record.Flags & FrameFlags.Cached | flags & ~FrameFlags.Cached;
        return FrameOutcome.Done;
    }

    /// <summary>All that is known of a frame is of another one from now on; the first is left in no use.</summary>
    public void Move(int from, int to)
    {
        _records[to] = _records[from];
        _records[from] = default;
    }

    private static FrameOutcome DropReference(ref FrameRecord record) =>
        --record.References == 0 ? FrameOutcome.Freed : FrameOutcome.Done;

    private FrameOutcome AddMapping(ref FrameRecord record, int space, ulong page)
    {
        int node = _mappings.Push(space, page, record.FirstMapping);
        if (node == 0)
        {
            return FrameOutcome.OutOfNodes;
        }

        record.FirstMapping = node;
        record.Mappings++;
        return FrameOutcome.Done;
    }

    private FrameOutcome RemoveMapping(ref FrameRecord record, int space, ulong page)
    {
        if (record.Kind == FrameKind.Zero)
        {
            return FrameOutcome.Done;
        }

        if (!_mappings.TryRemove(ref record.FirstMapping, space, page))
        {
            return FrameOutcome.Refused;
        }

        record.Mappings--;
        return FrameOutcome.Done;
    }

    // No answer for what is not counted.
    private FrameOutcome MayCount(in FrameRecord record) =>
        record.Kind == FrameKind.Zero ? FrameOutcome.None
        : record.References == 0 ? FrameOutcome.Refused
        : record.References == _countMost ? FrameOutcome.Saturated : FrameOutcome.Done;

    // What processes can be let see: never a table, nor memory of the kernel's own.
    private FrameOutcome MayShow(in FrameRecord record) =>
        IsShown(record.Kind) ? MayCount(record) : FrameOutcome.Refused;

    private static bool IsShown(FrameKind kind) => kind is FrameKind.Anonymous or FrameKind.File or FrameKind.Zero;
}
