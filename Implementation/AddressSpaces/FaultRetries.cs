namespace PageProof.Implementation.AddressSpaces;

/// <summary>
/// How often one access has begun anew after a page fault that was resolved. Others can take the page away again
/// before it is used, but not for ever: then it is the tables that are wrong, and no more faults can mend them.
/// </summary>
internal struct FaultRetries
{
    private const int Most = 1000;

    private int _count;

    /// <summary>One more.</summary>
    /// <exception cref="InvalidOperationException">There were too many.</exception>
    public void Add(ulong address)
    {
        if (++_count > Most)
        {
            throw new InvalidOperationException(
                $"The fault at 0x{address:x} was resolved {Most} times, and is met again.");
        }
    }
}
