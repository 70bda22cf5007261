using PageProof.Implementation.Reclaim;

namespace PageProof.Benchmarks.Reclaim;

/// <summary>The least that policies have to do, written by hand: hits and misses alone, without dirty
/// pages.</summary>
internal static class ReplacementFloors
{
    /// <summary>A byte a page, and a ring.</summary>
    public static long Fifo(uint[] records, int pages, int frames)
    {
        var (there, ring) = (new bool[pages], new int[frames]);
        Array.Fill(ring, -1);
        long misses = 0;
        int hand = 0;
        foreach (uint record in records)
        {
            int page = (int)(record >> ReplacementMemory.MaskBits);
            if (there[page])
            {
                continue;
            }

            misses++;
            if (ring[hand] >= 0)
            {
                there[ring[hand]] = false;
            }

            (there[page], ring[hand]) = (true, page);
            hand = hand + 1 == frames ? 0 : hand + 1;
        }

        return misses;
    }

    /// <summary>A byte a page, 0 away, 1 there, 2 referenced; and a circle.</summary>
    public static long Clock(uint[] records, int pages, int frames)
    {
        var (bits, circle) = (new byte[pages], new int[frames]);
        long misses = 0;
        int hand = 0, count = 0;
        foreach (uint record in records)
        {
            int page = (int)(record >> ReplacementMemory.MaskBits);
            if (bits[page] != 0)
            {
                bits[page] = 2;
                continue;
            }

            misses++;
            bits[page] = 2;
            if (count < frames)
            {
                circle[count++] = page;
                continue;
            }

            while (bits[circle[hand]] == 2)
            {
                bits[circle[hand]] = 1;
                hand = hand + 1 == frames ? 0 : hand + 1;
            }

            bits[circle[hand]] = 0;
            circle[hand] = page;
            hand = hand + 1 == frames ? 0 : hand + 1;
        }

        return misses;
    }

    /// <summary>A hash with open addressing from pages to nodes, and a list through the nodes.</summary>
    public static long Lru(uint[] records, int frames)
    {
        int size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)frames * 2), mask = size - 1;
        // Slots hold nodes; node 0 is head and tail.
        var (slots, nodes) = (new int[size], new Node[frames + 1]);
        long misses = 0;
        int count = 0;
        foreach (uint record in records)
        {
            int page = (int)(record >> ReplacementMemory.MaskBits), slot = Hash(page) & mask;
            while (slots[slot] != 0 && nodes[slots[slot]].Page != page)
            {
                slot = slot + 1 & mask;
            }

            int node = slots[slot];
            if (node == 0)
            {
                misses++;
                node = count < frames ? ++count : nodes[0].Newer;
                if (misses > frames)
                {
                    Unlink(nodes, node);
                    Remove(slots, nodes, nodes[node].Page, mask);
                    for (slot = Hash(page) & mask; slots[slot] != 0; slot = slot + 1 & mask)
                    {
                    }
                }

                nodes[node].Page = page;
                slots[slot] = node;
            }
            else
            {
                Unlink(nodes, node);
            }

            ref var head = ref nodes[0];
            (nodes[node].Older, nodes[node].Newer) = (head.Older, 0);
            nodes[head.Older].Newer = node;
            head.Older = node;
        }

        return misses;
    }

    private static int Hash(int page) => (int)((uint)page * 0x9E37_79B1 >> 8);

    private static void Unlink(Node[] nodes, int node)
    {
        nodes[nodes[node].Newer].Older = nodes[node].Older;
        nodes[nodes[node].Older].Newer = nodes[node].Newer;
    }

    // What comes behind moves up, so that no mark of a removed page stays.
    private static void Remove(int[] slots, Node[] nodes, int page, int mask)
    {
        int hole = Hash(page) & mask;
        while (nodes[slots[hole]].Page != page)
        {
            hole = hole + 1 & mask;
        }

        for (int slot = hole + 1 & mask; slots[slot] != 0; slot = slot + 1 & mask)
        {
            int home = Hash(nodes[slots[slot]].Page) & mask;
            if ((slot - home & mask) >= (slot - hole & mask))
            {
                slots[hole] = slots[slot];
                hole = slot;
            }
        }

        slots[hole] = 0;
    }

    private struct Node
    {
        public int Page;
        public int Older;
        public int Newer;
    }
}
