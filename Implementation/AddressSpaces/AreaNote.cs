namespace PageProof.Implementation.AddressSpaces;

/// <summary>An area that was found, and the sequence of its tree then; it counts as long as that stays.</summary>
internal readonly record struct AreaNote(int Node, ulong Sequence)
{
    /// <summary>The area, if it is still there and an address lies in it; else 0.</summary>
    public int At(AreaTree areas, ulong address) =>
        Node != 0 && Sequence == areas.Sequence && areas[Node].Contains(address) ? Node : 0;
}
