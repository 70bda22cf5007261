namespace PageProof.Contract.Paging;

/// <summary>
/// A class of cases that a run of the paging laws has to reach: the number of levels, the access,
/// and the end. A translation's level is that of its leaf, a fault's that of the entry where it arose.
/// </summary>
public readonly record struct TranslationClass(
    int Levels, PrivilegeLevel Cpl, AccessKind Kind, OutcomeKind Outcome, PageFaultCode Code, int Level)
{
    /// <summary>How many cases of each class a run must have seen.</summary>
    public const int Floor = 20;

    /// <summary>Every class that can be written down, the impossible ones among them.</summary>
    public static IEnumerable<TranslationClass> All { get; } =
    [
        .. from levels in new[] { 4, 5 }
           from cpl in Enum.GetValues<PrivilegeLevel>()
           from kind in Enum.GetValues<AccessKind>()
           from ending in Endings(levels)
           select new TranslationClass(levels, cpl, kind, ending.Outcome, ending.Code, ending.Level),
    ];

    /// <inheritdoc/>
    public override string ToString() => $"{Levels} levels, CPL {(int)Cpl}, {Kind}: " + Outcome switch
    {
        OutcomeKind.PageFault => $"#PF 0x{(int)Code:x} ({PagingText.Of(Code)}) at level {Level}",
        OutcomeKind.Translated => $"translated at level {Level}",
        _ => $"{Outcome}",
    };

    private static IEnumerable<(OutcomeKind Outcome, PageFaultCode Code, int Level)> Endings(int levels)
    {
        for (int level = 1; level <= levels; level++)
        {
            yield return (OutcomeKind.Translated, PageFaultCode.None, level);
            for (int code = 0; code < 1 << 7; code++)
            {
                yield return (OutcomeKind.PageFault, (PageFaultCode)code, level);
            }
        }

        yield return (OutcomeKind.GeneralProtection, PageFaultCode.None, 0);
        yield return (OutcomeKind.StackFault, PageFaultCode.None, 0);
    }
}
