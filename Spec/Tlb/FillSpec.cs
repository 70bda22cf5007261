using System.Collections.Immutable;
using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Spec.Paging;

namespace PageProof.Spec.Tlb;

/// <summary>
/// What a CPU may cache: at any moment whatever a walk under its registers can read, since it may walk
/// for any linear address without being asked, to prefetch or on a path that is never taken (4.10.2.3).
/// Absent entries and those with reserved bits are never cached (4.10.2.3, 4.10.3.1). A walk
/// may begin with any partial walk that is still kept, and so mix old and new entries.
/// Source: Intel SDM vol. 3A, 4.10.2 and 4.10.3.
/// </summary>
public static class FillSpec
{
    /// <summary>Adds all that the CPUs may cache once a word has another content.</summary>
    public static TlbState AfterStore(TlbState state)
    {
        var cpus = state.Cpus.ToBuilder();
        for (int number = 0; number < cpus.Count; number++)
        {
            cpus[number] = Fill(state, cpus[number]);
        }

        return MarkSpec.AfterFill(state with { Cpus = cpus.DrainToImmutable() });
    }

    /// <summary>Adds all that a CPU may cache when its registers or its caches have changed.</summary>
    public static TlbState AfterChange(TlbState state, int number, CpuState changed) =>
        MarkSpec.AfterFill(state with { Cpus = state.Cpus.SetItem(number, Fill(state, changed)) });

    private static CpuState Fill(TlbState state, CpuState cpu)
    {
        var partial = cpu.Partial.ToBuilder();
        var cached = cpu.Cached.ToBuilder();
        PartialWalk root = cpu.Root;
        foreach (LinearAddress page in state.Pages)
        {
            if (!CanonicalSpec.IsCanonical(page, root.Level - 1))
            {
                continue;
            }

            GoOn(state, cpu.Control, root, page, partial, cached);
            for (int index = 0; index < partial.Count; index++)
            {
                PartialWalk from = partial[index];
                if (StepSpec.Serves(from, root, page))
                {
                    GoOn(state, cpu.Control, from, page, partial, cached);
                }
            }
        }

        return cpu with { Partial = partial.DrainToImmutable(), Cached = cached.DrainToImmutable() };
    }

    private static void GoOn(
        TlbState state,
        in ControlState control,
        in PartialWalk from,
        LinearAddress page,
        ImmutableArray<PartialWalk>.Builder partial,
        ImmutableArray<CachedTranslation>.Builder cached)
    {
        Add(StepSpec.Take(state, control, from, page), partial, cached);

        // Where D may have been set, it may be read either way.
        int index = state.IndexOf(StepSpec.EntryAfter(from, page));
        if (index >= 0 && state.Words[index].MayBeDirty)
        {
            Add(StepSpec.Take(state, control, from, page, dirty: true), partial, cached);
        }
    }

    private static void Add(
        in Step step,
        ImmutableArray<PartialWalk>.Builder partial,
        ImmutableArray<CachedTranslation>.Builder cached)
    {
        if (step.End == StepEnd.Table && !Has(partial, step.Partial))
        {
            partial.Add(step.Partial);
        }
        else if (step.End == StepEnd.Page && !Has(cached, step.Translation))
        {
            cached.Add(step.Translation);
        }
    }

    // What was read determines the rest, the address too: each entry lies where its index says.
    private static bool Has(ImmutableArray<PartialWalk>.Builder known, in PartialWalk sought)
    {
        // Survivor: what is listed twice permits what it permits once; the list only gets longer.
        for (int index = 0; index < known.Count; index++)
        {
            ref readonly PartialWalk each = ref known.ItemRef(index);
            if (each.Path == sought.Path && each.Pcid == sought.Pcid)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Has(ImmutableArray<CachedTranslation>.Builder known, in CachedTranslation sought)
    {
        // Survivor: as above.
        for (int index = 0; index < known.Count; index++)
        {
            ref readonly CachedTranslation each = ref known.ItemRef(index);
            if (each.Path == sought.Path && each.Pcid == sought.Pcid && each.Leaf == sought.Leaf)
            {
                return true;
            }
        }

        return false;
    }
}
