using System.Diagnostics;
using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Spec.Paging;

namespace PageProof.Spec.Tlb;

/// <summary>What one level of a walk comes to.</summary>
public enum StepEnd : byte
{
    /// <summary>The table lies outside memory.</summary>
    OutsideMemory,
    /// <summary>The entry is not present.</summary>
    NotPresent,
    /// <summary>The entry has a reserved bit set.</summary>
    Reserved,
    /// <summary>The entry leads to a table.</summary>
    Table,
    /// <summary>The entry maps a page.</summary>
    Page,
}

/// <summary>One level of a walk that goes on from a partial walk.</summary>
/// <param name="End">What it comes to.</param>
/// <param name="At">The entry that is read.</param>
/// <param name="Partial">The longer partial walk, when the entry leads to a table.</param>
/// <param name="Translation">The translation, when the entry maps a page.</param>
public readonly record struct Step(
    StepEnd End, PhysicalAddress At, PartialWalk Partial, CachedTranslation Translation);

/// <summary>
/// One level of a walk, from the root or from a partial walk that was kept.
/// Source: Intel SDM vol. 3A, 4.5 and 4.10.3.2.
/// </summary>
public static class StepSpec
{
    /// <summary>Whether a partial walk may serve <paramref name="address"/> under this PCID.</summary>
    public static bool Serves(in PartialWalk partial, in PartialWalk root, LinearAddress address) =>
        partial.Pcid == root.Pcid && Covers(partial.Prefix, partial.Level, address);

    /// <summary>
    /// Whether the entry of that level which was chosen by <paramref name="prefix"/> is also the one
    /// that an address chooses.
    /// </summary>
    public static bool Covers(LinearAddress prefix, int level, LinearAddress address) =>
        PrefixOf(address, level) == prefix;

    /// <summary>The part of an address that chooses the entries down to a level.</summary>
    public static LinearAddress PrefixOf(LinearAddress address, int level) =>
        new(address.Value & ulong.MaxValue << EntryFormat.OffsetBits(level));

    /// <summary>Where the next entry lies.</summary>
    public static PhysicalAddress EntryAfter(in PartialWalk from, LinearAddress address) =>
        EntryFormat.EntryAddress(from.Table, address, from.Level - 1);

    /// <summary>Reads the next entry as it is, or with D set when D is <paramref name="dirty"/>.</summary>
    public static Step Take(
        TlbState state, in ControlState control, in PartialWalk from, LinearAddress address, bool dirty = false)
    {
        PhysicalAddress at = EntryAfter(from, address);
        if (at.Value >= state.Memory.Value)
        {
            return new(StepEnd.OutsideMemory, at, default, default);
        }

        int index = state.IndexOf(at);
        if (index < 0)
        {
            // Background is never present.
            return new(StepEnd.NotPresent, at, default, default);
        }

        PagingEntry entry = new(state.Words[index].Entry.Value | (dirty ? (ulong)EntryBit.Dirty : 0));
        int level = from.Level - 1;
        if (!EntryFormat.Has(entry, EntryBit.Present))
        {
            return new(StepEnd.NotPresent, at, default, default);
        }

        if (EntryFormat.IsReserved(control, entry, level))
        {
            return new(StepEnd.Reserved, at, default, default);
        }

        WalkPath path = from.Path.With(level, state.Words[index].Version);
        bool user = from.User && EntryFormat.Has(entry, EntryBit.User);
        bool execute = from.Execute && !EntryFormat.Has(entry, EntryBit.ExecuteDisable);
        LinearAddress prefix = PrefixOf(address, level);
        if (!EntryFormat.IsLeaf(entry, level))
        {
            bool writable = from.Writable && EntryFormat.Has(entry, EntryBit.Writable);
            PhysicalAddress next = EntryFormat.NextTable(entry);
            return new(
                StepEnd.Table, at, new(from.Pcid, level, prefix, next, writable, user, execute, path), default);
        }

        // 4.10.2.3: before a translation is cached, A is set. 4.10.2.4: global is what G says while CR4.PGE is set.
        PagingEntry accessed = new(entry.Value | (ulong)EntryBit.Accessed);
        bool global = EntryFormat.Has(entry, EntryBit.Global)
            && EntryFormat.Has(control, Cr4.PageGlobalEnable);
        return new(
            StepEnd.Page, at, default,
            new(from.Pcid, prefix, level, accessed, from.Writable, user, execute, global, path));
    }

    /// <summary>
    /// The way that a walk goes now which has nothing cached, as far as the entries are usable.
    /// </summary>
    public static WalkPath PathNow(TlbState state, CpuState cpu, LinearAddress address)
    {
        PartialWalk walk = cpu.Root;
        while (true)
        {
            Step step = Take(state, cpu.Control, walk, address);
            switch (step.End)
            {
                case StepEnd.Table:
                    walk = step.Partial;
                    break;
                case StepEnd.Page:
                    return step.Translation.Path;
                case StepEnd.OutsideMemory or StepEnd.NotPresent or StepEnd.Reserved:
                    return walk.Path;
                default:
                    throw new UnreachableException();
            }
        }
    }
}
