using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Spec.Paging;

namespace PageProof.Spec.Tlb;

/// <summary>One way in which an access may end, and why.</summary>
/// <param name="Outcome">The end.</param>
/// <param name="Path">What was read for it, now or when it was cached.</param>
/// <param name="Pcid">The PCID under which that was.</param>
/// <param name="Marks">The leaf in which a write sets D; number 0 when it uses a cached D.</param>
public readonly record struct PermittedEnd(
    TranslationOutcome Outcome, WalkPath Path, Pcid Pcid, WordVersion Marks)
{
    /// <summary>Whether the outcome is this end, in all parts that its machine shows.</summary>
    public bool IsSeenAs(in TranslationOutcome outcome, AnswerParts hidden) =>
        Seen(Outcome, hidden) == Seen(outcome, hidden);

    private static TranslationOutcome Seen(in TranslationOutcome end, AnswerParts hidden)
    {
        if (end.Kind != OutcomeKind.Translated || hidden == AnswerParts.None)
        {
            return end;
        }

        bool IsHidden(AnswerParts part) => (hidden & part) != 0;
        return TranslationOutcome.Translated(
            IsHidden(AnswerParts.Address) ? default : end.Address,
            IsHidden(AnswerParts.Size) ? default : end.Size,
            IsHidden(AnswerParts.Rights) ? default : end.Rights,
            !IsHidden(AnswerParts.Global) && end.Global,
            !IsHidden(AnswerParts.Dirty) && end.Dirty,
            IsHidden(AnswerParts.Key) ? default : end.Key,
            IsHidden(AnswerParts.Type) ? default : end.Type);
    }
}

/// <summary>
/// How an access may end: by any translation that may be cached for its address under the current PCID,
/// or as a global one under any (4.10.2.4), whatever the size of its page; or by a walk that goes on now
/// from any partial walk. There may be many of them for one address, and an access may use any of
/// them (4.10.4.2). Whether it is permitted is judged by the registers as they are now.
/// Source: Intel SDM vol. 3A, 4.10.2.3, 4.10.2.4, 4.10.3.2 and 4.10.4.2.
/// </summary>
public static class AccessSpec
{
    /// <summary>Every way in which the access may end on this CPU.</summary>
    public static List<PermittedEnd> EndsOf(TlbState state, CpuState cpu, in Access access)
    {
        List<PermittedEnd> found = [];
        PartialWalk root = cpu.Root;
        if (!CanonicalSpec.IsCanonical(access.Address, root.Level - 1))
        {
            found.Add(new(CanonicalSpec.NotCanonical(access), default, root.Pcid, default));
            return found;
        }

        foreach (ref readonly CachedTranslation translation in cpu.Cached.AsSpan())
        {
            if ((translation.Pcid == root.Pcid || translation.Global)
                && StepSpec.Covers(translation.Page, translation.Level, access.Address))
            {
                AddCached(found, cpu.Control, access, translation);
            }
        }

        AddWalk(found, state, cpu.Control, access, root);
        foreach (ref readonly PartialWalk partial in cpu.Partial.AsSpan())
        {
            if (StepSpec.Serves(partial, root, access.Address))
            {
                AddWalk(found, state, cpu.Control, access, partial);
            }
        }

        return found;
    }

    private static void AddCached(
        List<PermittedEnd> found, in ControlState control, in Access access, in CachedTranslation translation)
    {
        TranslationOutcome outcome = Judge(control, access, translation);

        // 4.8: D is set in the leaf when the page is written. A cached entry without D is therefore of
        // no use to a write, which then walks; so is one with D, which needs no mark.
        bool needsMark = outcome.Kind == OutcomeKind.Translated && PermissionSpec.IsWrite(access.Kind)
            && !EntryFormat.Has(translation.Leaf, EntryBit.Dirty);
        if (!needsMark)
        {
            found.Add(new(outcome, translation.Path, translation.Pcid, default));
        }
    }

    // What is usable is cached by now; so this adds faults that no cache remembers, and D.
    private static void AddWalk(
        List<PermittedEnd> found, TlbState state, in ControlState control, in Access access, in PartialWalk from)
    {
        Step step = StepSpec.Take(state, control, from, access.Address);
        switch (step.End)
        {
            case StepEnd.OutsideMemory:
                found.Add(new(TranslationOutcome.OutsideMemory(step.At), from.Path, from.Pcid, default));
                break;
            case StepEnd.NotPresent:
                found.Add(new(FaultOf(control, access, PageFaultCode.None), from.Path, from.Pcid, default));
                break;
            case StepEnd.Reserved:
                PageFaultCode cause = PageFaultCode.Present | PageFaultCode.Reserved;
                found.Add(new(FaultOf(control, access, cause), from.Path, from.Pcid, default));
                break;
            case StepEnd.Page when PermissionSpec.IsWrite(access.Kind):
                WalkPath path = step.Translation.Path;
                found.Add(new(
                    Judge(control, access, step.Translation), path, from.Pcid, path.At(from.Level - 1)));
                break;
        }
    }

    /// <summary>
    /// How an access ends that uses a translation. Source: Intel SDM vol. 3A, 4.6, 4.7 and 4.9.2.
    /// </summary>
    private static TranslationOutcome Judge(
        in ControlState control, in Access access, in CachedTranslation translation)
    {
        PagingEntry leaf = translation.Leaf;
        PageRights rights = PermissionSpec.RightsOf(
            control, translation.WritableAbove, translation.User, translation.Execute, leaf);
        ProtectionKey key = EntryFormat.KeyOf(control, leaf);
        if (!PermissionSpec.KeyPermits(control, access, rights, key))
        {
            return FaultOf(control, access, PageFaultCode.Present | PageFaultCode.ProtectionKey);
        }

        if (!PermissionSpec.Permits(control, access, rights))
        {
            return FaultOf(control, access, PageFaultCode.Present);
        }

        bool dirty = EntryFormat.Has(leaf, EntryBit.Dirty) || PermissionSpec.IsWrite(access.Kind);
        return TranslationOutcome.Translated(
            EntryFormat.InPage(leaf, access.Address, translation.Level),
            EntryFormat.SizeOf(translation.Level),
            rights,
            translation.Global,
            dirty,
            key,
            EntryFormat.TypeOf(control, leaf, translation.Level));
    }

    private static TranslationOutcome FaultOf(in ControlState control, in Access access, PageFaultCode cause) =>
        TranslationOutcome.PageFault(PermissionSpec.CodeOf(control, access, cause), access.Address);
}
