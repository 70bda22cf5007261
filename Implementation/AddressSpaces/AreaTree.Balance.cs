using PageProof.Contract.Scheduling;

namespace PageProof.Implementation.AddressSpaces;

/// <summary>How the tree is kept in balance: the heights of two nodes below one differ by one at most.</summary>
internal sealed partial class AreaTree
{
    private int Insert<TYield>(int root, int node, TYield yield)
        where TYield : struct, IYield
    {
        if (root == 0)
        {
            Renew(node);
            return node;
        }

        // Survivor: no two areas begin at one address.
        if (_nodes[node].Area.Start < _nodes[root].Area.Start)
        {
            _nodes[root].Left = Insert(_nodes[root].Left, node, yield);
        }
        else
        {
            _nodes[root].Right = Insert(_nodes[root].Right, node, yield);
        }

        return Balanced(root, yield);
    }

    private int Remove<TYield>(int root, int node, TYield yield)
        where TYield : struct, IYield
    {
        if (root != node)
        {
            if (_nodes[node].Area.Start < _nodes[root].Area.Start)
            {
                _nodes[root].Left = Remove(_nodes[root].Left, node, yield);
            }
            else
            {
                _nodes[root].Right = Remove(_nodes[root].Right, node, yield);
            }

            return Balanced(root, yield);
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

        right = Remove(right, heir, yield);
        yield.Point(YieldKind.AreaStore);
        (_nodes[heir].Left, _nodes[heir].Right) = (left, right);
        return Balanced(heir, yield);
    }

    private int Balanced<TYield>(int root, TYield yield)
        where TYield : struct, IYield
    {
        int left = _nodes[root].Left, right = _nodes[root].Right;
        int lean = _nodes[left].Height - _nodes[right].Height;
        if (lean > 1)
        {
            if (_nodes[_nodes[left].Left].Height < _nodes[_nodes[left].Right].Height)
            {
                _nodes[root].Left = TurnedLeft(left, yield);
            }

            return TurnedRight(root, yield);
        }

        if (lean < -1)
        {
            if (_nodes[_nodes[right].Right].Height < _nodes[_nodes[right].Left].Height)
            {
                _nodes[root].Right = TurnedRight(right, yield);
            }

            return TurnedLeft(root, yield);
        }

        Renew(root);
        return root;
    }

    private int TurnedLeft<TYield>(int root, TYield yield)
        where TYield : struct, IYield
    {
        int up = _nodes[root].Right;
        _nodes[root].Right = _nodes[up].Left;
        yield.Point(YieldKind.AreaStore);
        _nodes[up].Left = root;
        Renew(root);
        Renew(up);
        return up;
    }

    private int TurnedRight<TYield>(int root, TYield yield)
        where TYield : struct, IYield
    {
        int up = _nodes[root].Left;
        _nodes[root].Left = _nodes[up].Right;
        yield.Point(YieldKind.AreaStore);
        _nodes[up].Right = root;
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
