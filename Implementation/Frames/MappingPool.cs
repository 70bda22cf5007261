namespace PageProof.Implementation.Frames;

/// <summary>One entry of a page table that leads to a frame, and the next one that does.</summary>
public struct MappingNode
{
    /// <summary>The number of the page in its address space.</summary>
    public ulong Page;

    /// <summary>Whose address space.</summary>
    public int Space;

    /// <summary>The next node of the chain, or of the free ones; 0 ends it.</summary>
    public int Next;
}

/// <summary>
/// The nodes of the chains that lead from frames back to the entries of page tables that map them: one flat
/// array of 16 bytes a mapping, and a list of the free ones. Taking and giving back cost one step each; the
/// number of nodes is fixed, so that running out is an answer.
/// </summary>
public sealed class MappingPool
{
    private readonly MappingNode[] _nodes;
    private int _free;
    private int _untouched = 1;

    /// <summary>A pool of so many nodes.</summary>
    public MappingPool(int count)
    {
        // Node 0 is nobody's: it ends a chain.
        _nodes = new MappingNode[count + 1];
        Free = count;
    }

    /// <summary>How many nodes are free.</summary>
    public int Free { get; private set; }

    public ref readonly MappingNode this[int node] => ref _nodes[node];

    /// <summary>All nodes are free.</summary>
    public void Reset() => (Free, _free, _untouched) = (_nodes.Length - 1, 0, 1);

    /// <summary>A node in front of a chain; 0 when there is none left.</summary>
    public int Push(int space, ulong page, int chain)
    {
        if (Free == 0)
        {
            return 0;
        }

        int node = _free;
        if (node == 0)
        {
            node = _untouched++;
        }
        else
        {
            _free = _nodes[node].Next;
        }

        Free--;
        _nodes[node] = new() { Page = page, Space = space, Next = chain };
        return node;
    }

    /// <summary>Takes a mapping out of a chain, whose first node may change; false when it is not in it.</summary>
    public bool TryRemove(ref int chain, int space, ulong page)
    {
        ref int link = ref chain;
        while (link != 0)
        {
            int node = link;
            ref var held = ref _nodes[node];
            if (held.Page == page && held.Space == space)
            {
                link = held.Next;
                held.Next = _free;
                _free = node;
                Free++;
                return true;
            }

            link = ref held.Next;
        }

        return false;
    }
}
