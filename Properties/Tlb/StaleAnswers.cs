using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Spec.Paging;
using PageProof.Spec.Tlb;

namespace PageProof.Properties.Tlb;

/// <summary>
/// The positive side of the law of TLBs: answers that no walk of the tables as they are would give, so
/// that only a cache explains them. A machine that caches must show each class of them: without that, one
/// that always walks would pass, and the Spec might permit far too little.
/// </summary>
internal sealed class StaleAnswers
{
    // The words through which a walk would have gone for a translation, and the leaves of writes.
    private readonly HashSet<WordVersion> _used = [];
    private readonly HashSet<WordVersion> _written = [];

    /// <summary>The classes of such answers. No answer is of two of them.</summary>
    public static IReadOnlyList<TlbClass> Classes { get; } =
    [
        TlbClass.StaleFrame, TlbClass.StalePresence, TlbClass.StaleRights, TlbClass.StaleUpperLevel,
        TlbClass.SpuriousFault, TlbClass.AccessedNotSetAgain, TlbClass.DirtyNotSetAgain,
    ];

    public void Begin()
    {
        _used.Clear();
        _written.Clear();
    }

    /// <summary>The class of an access, or null when a walk would have ended so, too.</summary>
    public TlbClass? OfAccess(
        TlbState before, in TlbCommand command, TlbAnswer answer, IReadOnlyList<PermittedEnd> matches)
    {
        var walked = EndsOfWalk(before, command);
        if (answer.Outcome.Kind == OutcomeKind.Translated && walked.Exists(IsTranslation))
        {
            Use(before, command);
        }

        return walked.Exists(each => each.IsSeenAs(answer.Outcome, answer.Hidden)) ? null
            : answer.Outcome.Kind == OutcomeKind.PageFault ? TlbClass.SpuriousFault
            : answer.Outcome.Kind != OutcomeKind.Translated ? null
            : matches.Any(each => IsThere(before, each.Path.Leaf)) ? TlbClass.StaleUpperLevel
            : walked.Exists(IsTranslation) ? TlbClass.StaleFrame
            : walked.Exists(each => (each.Outcome.Code & PageFaultCode.Present) != 0) ? TlbClass.StaleRights
            : TlbClass.StalePresence;
    }

    /// <summary>The class of a load, or null when a walk would have left the word so, too.</summary>
    public TlbClass? OfLoad(TlbState before, in TlbCommand command, TlbAnswer answer)
    {
        var version = before.Words[before.IndexOf(command.Word.Address)].Version;
        return _written.Contains(version) && !EntryFormat.Has(answer.Entry, EntryBit.Dirty)
                ? TlbClass.DirtyNotSetAgain
            : _used.Contains(version) && !EntryFormat.Has(answer.Entry, EntryBit.Accessed)
                ? TlbClass.AccessedNotSetAgain
            : null;
    }

    private static bool IsThere(TlbState state, WordVersion leaf) =>
        state.Words.Any(word => word.Version == leaf);

    private static bool IsTranslation(PermittedEnd end) => end.Outcome.Kind == OutcomeKind.Translated;

    /// <summary>How the access may end on a CPU that has cached nothing of another time.</summary>
    private static List<PermittedEnd> EndsOfWalk(TlbState before, in TlbCommand command)
    {
        int number = command.Cpu.Value;
        var empty = before.Cpus[number] with { Partial = [], Cached = [] };
        var fresh = FillSpec.AfterChange(before, number, empty);
        return AccessSpec.EndsOf(fresh, fresh.Cpus[number], command.Access);
    }

    private void Use(TlbState before, in TlbCommand command)
    {
        var path = StepSpec.PathNow(before, before.Cpus[command.Cpu.Value], command.Access.Address);
        for (int level = WalkPath.LevelsMax; level >= 1; level--)
        {
            _used.Add(path.At(level));
        }

        if (PermissionSpec.IsWrite(command.Access.Kind))
        {
            _written.Add(path.Leaf);
        }
    }
}
