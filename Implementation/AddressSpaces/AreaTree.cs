namespace PageProof.Implementation.AddressSpaces;

/// <summary>
/// The areas of a process in the order of their addresses: a height-balanced tree in one flat array, whose
/// nodes are also linked to their neighbours and know the largest gap below them. To find, insert or remove an
/// area, or a gap that is large enough, takes steps as the logarithm of their number; to copy the whole is to
/// copy an array. Node 0 is nobody's.
/// </summary>
internal sealed class AreaTree
{
    /// <summary>The most areas of a process, as Linux has it.</summary>
    public const int Most = 65530;

    private const int CapacityFirst = 32;

    private Node[] _nodes = new Node[CapacityFirst];
    private int _root;
    private int _first;
    private int _free;
    private int _untouched = 1;

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
    }

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
    public void Clear() => (_root, _first, _free, _untouched, Count, Sequence) = (0, 0, 0, 1, 0, 0);

    /// <summary>Becomes as another one is.</summary>
    public void CopyFrom(AreaTree other)
    {
        Sequence++;
        if (_nodes.Length < other._untouched)
        {
            _nodes = new Node[other._nodes.Length];
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

    /// <summary>Puts an area in a place where nothing is. There must be fewer than the most.</summary>
    public int Insert(in Area area)
    {
        int node = Take();
        int next = FirstEndingAbove(area.Start);
        int previous = next != 0 ? _nodes[next].Previous : Last();
        _nodes[node] = new() { Area = area, Previous = previous, Next = next };
        _nodes[previous].Next = node;
        _nodes[next].Previous = node;
        _first = previous == 0 ? node : _first;
        _root = Insert(_root, node);
        Count++;
        Sequence++;
        Refresh(next);
        return node;
    }

    /// <summary>Takes an area out.</summary>
    public void Remove(int node)
    {
        int next = _nodes[node].Next, previous = _nodes[node].Previous;
        _nodes[previous].Next = next;
        _nodes[next].Previous = previous;
        _first = _first == node ? next : _first;
        _root = Remove(_root, node);
        Count--;
        Sequence++;
        Refresh(next);
        (_nodes[node].Next, _free) = (_free, node);
    }

    /// <summary>An area has other ends than before, and still none of its neighbours' addresses.</summary>
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
        if (!IsSound(at.Left, ref previous, ref count) || at.Previous != previous
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
        }

        return _untouched++;
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
        if (root != node)
        {
            bool below = _nodes[node].Area.Start < _nodes[root].Area.Start;
            Refresh(below ? _nodes[root].Left : _nodes[root].Right, node);
        }

        Renew(root);
    }

    private int Insert(int root, int node)
    {
        if (root == 0)
        {
            Renew(node);
            return node;
        }

        if (_nodes[node].Area.Start < _nodes[root].Area.Start)
        {
            _nodes[root].Left = Insert(_nodes[root].Left, node);
        }
        else
        {
            _nodes[root].Right = Insert(_nodes[root].Right, node);
        }

        return Balanced(root);
    }

    private int Remove(int root, int node)
    {
        if (root != node)
        {
            if (_nodes[node].Area.Start < _nodes[root].Area.Start)
            {
                _nodes[root].Left = Remove(_nodes[root].Left, node);
            }
            else
            {
                _nodes[root].Right = Remove(_nodes[root].Right, node);
            }

            return Balanced(root);
        }

        int left = _nodes[root].Left, right = _nodes[root].Right;
        if (left == 0 || right == 0)
        {
            return left + right;
        }

        int heir = right;
        while (_nodes[heir].Left != 0)
        {
            heir = _nodes[heir].Left;
        }

        right = Remove(right, heir);
        (_nodes[heir].Left, _nodes[heir].Right) = (left, right);
        return Balanced(heir);
    }

    private int Balanced(int root)
    {
        int left = _nodes[root].Left, right = _nodes[root].Right;
        int lean = _nodes[left].Height - _nodes[right].Height;
        if (lean > 1)
        {
            if (_nodes[_nodes[left].Left].Height < _nodes[_nodes[left].Right].Height)
            {
                _nodes[root].Left = TurnedLeft(left);
            }

            return TurnedRight(root);
        }

        if (lean < -1)
        {
            if (_nodes[_nodes[right].Right].Height < _nodes[_nodes[right].Left].Height)
            {
                _nodes[root].Right = TurnedRight(right);
            }

            return TurnedLeft(root);
        }

        Renew(root);
        return root;
    }

    private int TurnedLeft(int root)
    {
        int up = _nodes[root].Right;
        (_nodes[root].Right, _nodes[up].Left) = (_nodes[up].Left, root);
        Renew(root);
        Renew(up);
        return up;
    }

    private int TurnedRight(int root)
    {
        int up = _nodes[root].Left;
        (_nodes[root].Left, _nodes[up].Right) = (_nodes[up].Right, root);
        Renew(root);
        Renew(up);
        return up;
    }

    private void Renew(int node)
    {
        ref var at = ref _nodes[node];
        ref readonly var left = ref _nodes[at.Left];
        ref readonly var right = ref _nodes[at.Right];
        at.Height = Math.Max(left.Height, right.Height) + 1;

        // Node 0 ends at address 0.
        at.Gap = at.Area.Start - (at.Previous == 0 ? 0 : _nodes[at.Previous].Area.End);
        at.GapMost = Math.Max(at.Gap, Math.Max(left.GapMost, right.GapMost));
    }
}
