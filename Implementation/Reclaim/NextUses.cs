namespace PageProof.Implementation.Reclaim;

/// <summary>
/// How far away the next use of each page is, found by going through the references from the last to the first.
/// </summary>
public sealed class NextUses
{
    // Of each page the place of its next use, counted so that 0 is none.
    // Survivor: there is room for every page before one is looked at.
    private ulong[] _next = [];

    /// <summary>
    /// Finds the distances of references whose first has this place; those behind them have been here before. 0
    /// stands for never again.
    /// </summary>
    /// <exception cref="OverflowException">A page is used again after more than 2^32 references.</exception>
    public void Find(ReadOnlySpan<uint> records, ulong first, int pages, Span<uint> distances)
    {
        if (_next.Length < pages)
        {
            Array.Resize(ref _next, pages);
        }

        for (int place = records.Length - 1; place >= 0; place--)
        {
            ref ulong next = ref _next[(int)(records[place] >> ReplacementMemory.MaskBits)];
            ulong now = first + (ulong)place + 1;
            distances[place] = next == 0 ? 0 : checked((uint)(next - now));
            next = now;
        }
    }
}
