namespace PageProof.Contract.Reclaim;

/// <summary>A page of an address space: a linear address without the offset.</summary>
public readonly record struct PageNumber(ulong Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"page {Value}";
}

/// <summary>How a page is touched. The bits are those of the records of a VMTR trace.</summary>
[Flags]
public enum ReferenceMask : byte
{
    /// <summary>Not at all.</summary>
    None = 0,
    /// <summary>An instruction is fetched.</summary>
    Fetch = 1,
    /// <summary>Data is read.</summary>
    Read = 2,
    /// <summary>Data is written.</summary>
    Write = 4,
}

/// <summary>One reference: what one process does to one page before it goes on to another.</summary>
public readonly record struct Reference(PageNumber Page, ReferenceMask Mask)
{
    /// <inheritdoc/>
    public override string ToString() => ReplacementText.Of(this);
}

/// <summary>What came of a reference.</summary>
public enum ReferenceOutcome : byte
{
    /// <summary>No answer was given.</summary>
    None,
    /// <summary>The page was in memory.</summary>
    Hit,
    /// <summary>It was not, and came into a free frame.</summary>
    Filled,
    /// <summary>It was not, and came into the frame of a victim.</summary>
    Replaced,
}

/// <summary>What a policy does at one reference.</summary>
/// <param name="Outcome">What came of it.</param>
/// <param name="Victim">Replaced: the page that had to go; else page 0.</param>
/// <param name="IsDirty">Replaced: whether the victim had to be written back.</param>
/// <param name="Cleaned">How many pages were written back and stayed.</param>
public readonly record struct ReferenceAnswer(
    ReferenceOutcome Outcome, PageNumber Victim, bool IsDirty, int Cleaned)
{
    /// <summary>The page was in memory.</summary>
    public static ReferenceAnswer Hit => new(ReferenceOutcome.Hit, default, false, 0);

    /// <summary>The page came into a free frame.</summary>
    public static ReferenceAnswer Filled => new(ReferenceOutcome.Filled, default, false, 0);

    /// <summary>How many pages were written back for this reference.</summary>
    public int WriteBacks => Cleaned + (IsDirty ? 1 : 0);

    /// <inheritdoc/>
    public override string ToString()
    {
        string cleaned = Cleaned == 0 ? "" : $", {Cleaned} cleaned";
        return Outcome switch
        {
            ReferenceOutcome.Replaced => $"miss, {Victim} goes{(IsDirty ? ", written back" : "")}{cleaned}",
            ReferenceOutcome.Filled => $"miss, into a free frame{cleaned}",
            ReferenceOutcome.Hit => $"hit{cleaned}",
            _ => "no answer",
        };
    }
}

/// <summary>A page in memory, and what is noted of it.</summary>
/// <param name="Page">Which it is.</param>
/// <param name="IsDirty">Whether it has been written since it came, or since it was written back.</param>
/// <param name="IsReferenced">Its reference bit, in policies that keep one.</param>
/// <param name="Standing">Where it stands, in a policy of two lists.</param>
public readonly record struct ResidentPage(
    PageNumber Page, bool IsDirty, bool IsReferenced, PageStanding Standing)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Page}{(IsDirty ? " dirty" : "")}{(IsReferenced ? " referenced" : "")}"
        + (Standing == PageStanding.None ? "" : $" {Standing}".ToLowerInvariant());
}

/// <summary>Where a page of a policy of two lists stands.</summary>
public enum PageStanding : byte
{
    /// <summary>The policy has no such lists.</summary>
    None,
    /// <summary>On the inactive list, and not found used.</summary>
    Cold,
    /// <summary>On the inactive list, and once found used.</summary>
    Cool,
    /// <summary>On the active list, and not found used there.</summary>
    Warm,
    /// <summary>On the active list, and found used there.</summary>
    Hot,
}
