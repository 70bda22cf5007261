using PageProof.Contract.Scheduling;

namespace PageProof.Implementation.AddressSpaces;

/// <summary>
/// The areas of a process in the order of their addresses: a height-balanced tree in one flat array, whose
/// nodes are also linked to their neighbours and know the largest gap below them. To find, insert or remove an
/// area, or a gap that is large enough, takes steps as the logarithm of their number; to copy the whole is to
/// copy an array. Node 0 is nobody's. Changed under the write lock of the space; whoever searches without any lock may
/// be led astray meanwhile, but not for ever, and has to lock what is found and look again.
/// </summary>
internal sealed partial class AreaTree
{
    /// <summary>The most areas of a process, as Linux has it.</summary>
    public const int Most = 65530;

    private const int CapacityFirst = 32;

    // No path is longer in a tree of so many, unless it changes meanwhile.
    private const int StepsMost = 40;

    private Node[] _nodes = new Node[CapacityFirst];
    private AreaLock[] _locks = new AreaLock[CapacityFirst];
    private int _root;
    private int _first;
    private int _free;
    private int _untouched = 1;
    private bool _changes;

    private struct Node
    {
        public Area Area;
        public ulong Gap;
        public ulong GapMost;
        public int Left;
        public int Right;
        public int Previous;
        public int Next;
        public int Height;
        public bool Attached;
    }

    /// <summary>
    /// How often the write lock of the space was given up, and one: areas that are marked with it are being changed.
    /// </summary>
    public ulong Epoch { get; private set; } = 1;

    /// <summary>How many areas there are.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// How often an area has come or gone or changed its ends since there was none: who remembers a node with it knows
    /// whether the node still stands for the same area.
    /// </summary>
    public ulong Sequence { get; private set; }

    /// <summary>The lowest area; 0 when there is none.</summary>
    public int First => _first;

    public ref Area this[int node] => ref _nodes[node].Area;

    /// <summary>The area above; 0 when there is none.</summary>
    public int NextOf(int node) => _nodes[node].Next;

    /// <summary>The area below; 0 when there is none.</summary>
    public int PreviousOf(int node) => _nodes[node].Previous;

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _locks.AsSpan(0, _untouched).Clear();
        (_root, _first, _free, _untouched, Count, Sequence, Epoch) = (0, 0, 0, 1, 0, 0, 1);
        (WentAstray, _changes) = (false, false);
    }

    /// <summary>Whether somebody who had a lock of the space came to a node that was given back.</summary>
    public bool WentAstray { get; private set; }

    /// <summary>No area is being changed any more.</summary>
    public void EndWrites() => Epoch++;

    /// <summary>Who reads an area, and whether it is being changed.</summary>
    public ref AreaLock LockOf(int node) => ref _locks[node];

    /// <summary>Whether a node stands for an area that has an address, and that nobody is changing.</summary>
    public bool IsToRead(int node, ulong address) =>
        _nodes[node].Attached && _locks[node].Mark != Epoch && _nodes[node].Area.Contains(address);

    /// <summary>Becomes as another one is.</summary>
    public void CopyFrom(AreaTree other)
    {
        Sequence++;
        if (_nodes.Length < other._untouched)
        {
            _nodes = new Node[other._nodes.Length];
            _locks = new AreaLock[other._nodes.Length];
        }

        other._nodes.AsSpan(0, other._untouched).CopyTo(_nodes);
        (_root, _first, _free, _untouched, Count) =
            (other._root, other._first, other._free, other._untouched, other.Count);
    }

    /// <summary>The lowest area that ends above an address; 0 when there is none.</summary>
    public int FirstEndingAbove(ulong address)
    {
        int found = 0;
        for (int node = _root; node != 0;)
        {
            ref var at = ref _nodes[node];
            if (at.Area.End > address)
            {
                found = node;
                node = at.Left;
            }
            else
            {
                node = at.Right;
            }
        }

        return found;
    }

    /// <summary>
    /// The same, looked at step by step while others may run. Who has a lock of the space finds only what is there.
    /// </summary>
    public int FirstEndingAbove<TYield>(ulong address, TYield yield, bool locked)
        where TYield : struct, IYield
    {
        int found = 0, node = _root;
        for (int steps = 0; node != 0 && steps < StepsMost; steps++)
        {
            yield.Point(YieldKind.AreaRead);
            ref readonly var at = ref _nodes[node];
            WentAstray |= locked && !at.Attached;
            bool above = at.Area.End > address;
            (found, node) = above ? (node, at.Left) : (found, at.Right);
        }

        return found;
    }

    /// <summary>
    /// Puts an area in a place where nothing is; it is being changed, as yet. There must be fewer than the most.
    /// </summary>
    public int Insert<TYield>(in Area area, TYield yield)
        where TYield : struct, IYield
    {
        Begin();
        int node = Take();
        int next = FirstEndingAbove(area.Start);
        int previous = next != 0 ? _nodes[next].Previous : Last();
        _nodes[node] = new() { Area = area, Previous = previous, Next = next, Attached = true };
        _locks[node].Mark = Epoch;
        _nodes[previous].Next = node;
        _nodes[next].Previous = node;
        _first = previous == 0 ? node : _first;
        yield.Point(YieldKind.AreaStore);
        _root = Insert(_root, node, yield);
        Count++;
        Refresh(next);
        _changes = false;
        return node;
    }

    /// <summary>Takes an area out, which is being changed.</summary>
    public void Remove<TYield>(int node, TYield yield)
        where TYield : struct, IYield
    {
        Begin();
        int next = _nodes[node].Next, previous = _nodes[node].Previous;
        yield.Point(YieldKind.AreaStore);
        _root = Remove(_root, node, yield);
        yield.Point(YieldKind.AreaStore);
        _nodes[previous].Next = next;
        _nodes[next].Previous = previous;
        _first = _first == node ? next : _first;
        Count--;
        Refresh(next);
        Free(node);
        _changes = false;
    }

    /// <summary>
    /// An area begins further down, which is being changed: another node takes its place, so that whoever searches
    /// finds it as it was or as it is.
    /// </summary>
    public int Lower<TYield>(int old, ulong start, TYield yield)
        where TYield : struct, IYield
    {
        Begin();
        int node = Take(), parent = ParentOf(old);
        _nodes[node] = _nodes[old];
        _nodes[node].Area.Start = start;
        _locks[node].Mark = Epoch;
        yield.Point(YieldKind.AreaStore);
        ref int link = ref parent == 0 ? ref _root
            : ref _nodes[parent].Left == old ? ref _nodes[parent].Left : ref _nodes[parent].Right;
        link = node;
        Free(old);
        yield.Point(YieldKind.AreaStore);
        (int previous, int next) = (_nodes[node].Previous, _nodes[node].Next);
        _nodes[previous].Next = node;
        _nodes[next].Previous = node;
        _first = previous == 0 ? node : _first;
        Refresh(node);
        _changes = false;
        return node;
    }

    /// <summary>
    /// An area has other ends than before, and still none of its neighbours' addresses. It is being changed.
    /// </summary>
    public void Resize(int node, ulong start, ulong end)
    {
        Sequence++;
        (_nodes[node].Area.Start, _nodes[node].Area.End) = (start, end);
        Refresh(node);
        Refresh(_nodes[node].Next);
    }

    /// <summary>
    /// The start of the highest range of a length in which nothing is, between two addresses; 0 when there is
    /// none.
    /// </summary>
    public ulong HighestGap(ulong length, ulong lowest, ulong end)
    {
        int last = Last();
        ulong above = Math.Max(lowest, last == 0 ? 0 : _nodes[last].Area.End);
        return end > above && end - above >= length ? end - length : HighestGap(_root, length, lowest, end);
    }

    private ulong HighestGap(int node, ulong length, ulong lowest, ulong end)
    {
        ref var at = ref _nodes[node];
        if (node == 0 || at.GapMost < length)
        {
            return 0;
        }

        ulong found = HighestGap(at.Right, length, lowest, end);
        if (found != 0)
        {
            return found;
        }

        ulong from = Math.Max(lowest, at.Area.Start - at.Gap), to = Math.Min(end, at.Area.Start);

        // Survivor: no length is 0, so that a range without bytes is too short as well.
        return to > from && to - from >= length ? to - length : HighestGap(at.Left, length, lowest, end);
    }

    /// <summary>The highest area; 0 when there is none.</summary>
    public int Last()
    {
        int node = _root;
        while (_nodes[node].Right != 0)
        {
            node = _nodes[node].Right;
        }

        return node;
    }

    /// <summary>Whether all that is kept of nodes is what their areas say: worked out anew, and slow.</summary>
    public bool IsSound()
    {
        int last = 0, count = 0;
        return IsSound(_root, ref last, ref count) && (last == 0 ? _first : _nodes[last].Next) == 0 && count == Count;
    }

    private bool IsSound(int node, ref int previous, ref int count)
    {
        if (node == 0)
        {
            return true;
        }

        ref readonly var at = ref _nodes[node];
        if (!IsSound(at.Left, ref previous, ref count) || !at.Attached || at.Previous != previous
            || (previous == 0 ? _first : _nodes[previous].Next) != node)
        {
            return false;
        }

        ulong gap = at.Area.Start - (previous == 0 ? 0 : _nodes[previous].Area.End);
        previous = node;
        count++;
        ref readonly var left = ref _nodes[at.Left];
        ref readonly var right = ref _nodes[at.Right];
        return IsSound(at.Right, ref previous, ref count)
            && at.Gap == gap && at.GapMost == Math.Max(gap, Math.Max(left.GapMost, right.GapMost))
            && at.Height == 1 + Math.Max(left.Height, right.Height) && Math.Abs(left.Height - right.Height) <= 1;
    }

    private static InvalidOperationException Missing() => new("An area that is to be changed is not there.");

    // One change at a time, or nobody knows what becomes of the tree.
    private void Begin()
    {
        if (_changes)
        {
            throw new InvalidOperationException("Areas are changed while others are being changed.");
        }

        _changes = true;
        Sequence++;
    }

    private int Take()
    {
        int node = _free;
        if (node != 0)
        {
            _free = _nodes[node].Next;
            return node;
        }

        if (_untouched == _nodes.Length)
        {
            Array.Resize(ref _nodes, 2 * _nodes.Length);
            Array.Resize(ref _locks, _nodes.Length);
        }

        return _untouched++;
    }

    // What it says stays there until it is somebody else's, as memory does that was given back; but it leads nowhere.
    private void Free(int node)
    {
        ref var at = ref _nodes[node];
        (at.Left, at.Right, at.Attached) = (0, 0, false);
        (at.Next, _free) = (_free, node);
    }

    private int ParentOf(int node)
    {
        ulong start = _nodes[node].Area.Start;
        int parent = 0;
        for (int at = _root; at != node; at = start < _nodes[at].Area.Start ? _nodes[at].Left : _nodes[at].Right)
        {
            parent = at != 0 ? at : throw Missing();
        }

        return parent;
    }

    // What is kept of a node and of all above it is worked out again, after a gap has changed.
    private void Refresh(int node)
    {
        if (node != 0)
        {
            Refresh(_root, node);
        }
    }

    private void Refresh(int root, int node)
    {
        if (root == 0)
        {
            throw Missing();
        }

        if (root != node)
        {
            bool below = _nodes[node].Area.Start < _nodes[root].Area.Start;
            Refresh(below ? _nodes[root].Left : _nodes[root].Right, node);
        }

        Renew(root);
    }
}
