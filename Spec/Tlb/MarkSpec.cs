using System.Collections.Immutable;
using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Spec.Paging;

namespace PageProof.Spec.Tlb;

/// <summary>
/// Which marks a word of a table may and must carry. A may be set by any walk that uses the entry, also
/// by one that nobody asked for; before a processor caches an entry or a translation it sets A in
/// all that it has read (4.10.2.3, 4.10.3.1). D is set by a write, and only by a walk that reads the
/// leaf at that time (4.8). An entry that is cached is used without any mark: so software that clears
/// A or D, and invalidates nothing, learns nothing from finding it clear (4.10.4.3).
/// Source: Intel SDM vol. 3A, 4.8, 4.10.2.3, 4.10.3.1 and 4.10.4.3.
/// </summary>
public static class MarkSpec
{
    private const ulong Accessed = (ulong)EntryBit.Accessed;
    private const ulong Dirty = (ulong)EntryBit.Dirty;

    /// <summary>
    /// Why a load may not show this content, or null. Marks that the word may have are permitted,
    /// marks that it must have are owed, and nothing else changes.
    /// </summary>
    public static string? Refusal(in KnownWord word, PagingEntry shown)
    {
        ulong set = shown.Value & ~word.Entry.Value;
        ulong lost = word.Entry.Value & ~shown.Value;
        ulong may = (word.MayBeAccessed || word.MustBeAccessed ? Accessed : 0) | (word.MayBeDirty ? Dirty : 0);
        ulong owed = word.MustBeAccessed ? Accessed & ~shown.Value : 0;
        return lost != 0 ? $"bits 0x{lost:x} of {word.Entry} are lost"
            : owed != 0 ? "A must be set: whatever was used since the last store, this entry was"
            : (set & ~may) != 0 ? $"bits 0x{set & ~may:x} are set, and nothing can have set them"
            : null;
    }

    /// <summary>What is known once a load has shown the content.</summary>
    public static TlbState AfterLoad(TlbState state, int index, PagingEntry shown)
    {
        KnownWord word = state.Words[index];
        word = word with { Entry = shown, MayBeAccessed = false, MayBeDirty = false };
        state = state with { Words = state.Words.SetItem(index, word) };

        // Where D is clear it has never been set, so nobody has cached it so.
        return AfterFill(EntryFormat.Has(shown, EntryBit.Dirty)
            ? state
            : state with { Cpus = [.. state.Cpus.Select(cpu => WithoutDirty(cpu, word.Version))] });
    }

    /// <summary>The word, after a walk that must, or only may, have set D in it.</summary>
    public static KnownWord Written(in KnownWord word, bool must) => must
        ? word with { Entry = new(word.Entry.Value | Dirty) }
        : word with { MayBeDirty = true };

    /// <summary>
    /// Adds the tables to which the walks of each CPU may come now, and finds the words that they may
    /// mark.
    /// </summary>
    public static TlbState AfterFill(TlbState state)
    {
        var words = state.Words.ToBuilder();
        var cpus = state.Cpus.ToBuilder();
        for (int number = 0; number < cpus.Count; number++)
        {
            cpus[number] = Reach(cpus[number], words);
        }

        return state with { Words = words.DrainToImmutable(), Cpus = cpus.MoveToImmutable() };
    }

    private static CpuState Reach(CpuState cpu, ImmutableArray<KnownWord>.Builder words)
    {
        var tables = cpu.Tables.ToBuilder();
        PartialWalk root = cpu.Root;
        Add(tables, new(root.Pcid, root.Table, root.Level - 1));
        for (int place = 0; place < tables.Count; place++)
        {
            ReachableTable table = tables[place];
            if (table.Pcid == root.Pcid)
            {
                Mark(cpu.Control, table, words, tables);
            }
        }

        return cpu with { Tables = tables.DrainToImmutable() };
    }

    private static void Mark(
        in ControlState control,
        ReachableTable table,
        ImmutableArray<KnownWord>.Builder words,
        ImmutableArray<ReachableTable>.Builder tables)
    {
        for (int index = 0; index < words.Count; index++)
        {
            KnownWord word = words[index];
            if (new PhysicalAddress(word.Address.Value & ~0xFFFUL) != table.Table
                || !EntryFormat.Has(word.Entry, EntryBit.Present)
                || EntryFormat.IsReserved(control, word.Entry, table.Level))
            {
                continue;
            }

            words[index] = word with { MayBeAccessed = true };
            if (!EntryFormat.IsLeaf(word.Entry, table.Level))
            {
                Add(tables, new(table.Pcid, EntryFormat.NextTable(word.Entry), table.Level - 1));
            }
        }
    }

    private static void Add(ImmutableArray<ReachableTable>.Builder tables, ReachableTable table)
    {
        if (!tables.Contains(table))
        {
            tables.Add(table);
        }
    }

    private static CpuState WithoutDirty(CpuState cpu, WordVersion version) => cpu with
    {
        Cached = cpu.Cached.RemoveAll(each => each.Path.At(each.Level) == version
            && EntryFormat.Has(each.Leaf, EntryBit.Dirty)),
    };
}
