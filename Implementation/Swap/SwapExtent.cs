namespace PageProof.Implementation.Swap;

/// <summary>A run of pages that lie in neighbouring blocks.</summary>
/// <param name="Page">The first of the pages.</param>
/// <param name="Block">The block of it.</param>
/// <param name="Count">How many there are.</param>
public readonly record struct SwapExtent(int Page, int Block, int Count);
