using System.Collections.Immutable;
using PageProof.Contract;
using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;
using PageProof.Spec.Paging;

namespace PageProof.Spec.PageTables;

/// <summary>A table that a walk can come to.</summary>
/// <param name="Address">Where it lies.</param>
/// <param name="Start">The first linear address that it translates.</param>
/// <param name="Level">The level of its entries.</param>
/// <param name="Used">How many of its entries are not zero.</param>
public readonly record struct LinkedTable(PhysicalAddress Address, LinearAddress Start, int Level, int Used)
{
    /// <summary>The last linear address that it translates.</summary>
    public LinearAddress Last => new(Start.Value + ((1UL << EntryFormat.OffsetBits(Level + 1)) - 1));
}

/// <summary>What the tables below one top table say, in the order of linear addresses.</summary>
/// <param name="Pages">Every page that a walk finds.</param>
/// <param name="Tables">Every table that a walk can come to, each before those below it.</param>
public sealed record PageTree(ImmutableArray<MappedPage> Pages, ImmutableArray<LinkedTable> Tables)
{
    /// <summary>A top table in which there is nothing.</summary>
    public static PageTree Empty(PhysicalAddress top, int levels) => new([], [new(top, default, levels, 0)]);
}

/// <summary>
/// Reads the entries of all tables. Where pages are, the entries tell; what each of them says, a walk with
/// global pages and keys switched on.
/// Source: Intel SDM vol. 3A, 4.5.
/// </summary>
public static class PageTreeSpec
{
    // Each byte holds its number: so the memory type of a walk tells the index that the leaf chose.
    private const ulong NumberedPat = 0x0706_0504_0302_0100;

    /// <summary>Everything that walks below CR3 can find.</summary>
    public static PageTree Read<TMemory>(in ControlState control, in TMemory memory)
        where TMemory : struct, IPhysicalMemory
    {
        var pages = ImmutableArray.CreateBuilder<MappedPage>();
        var tables = ImmutableArray.CreateBuilder<LinkedTable>();
        ControlState telling = control with
        {
            Cr4 = control.Cr4 | Cr4.PageGlobalEnable | Cr4.ProtectionKeys,
            Pat = new(NumberedPat),
            Pkru = default,
        };
        LinkedTable top = new(EntryFormat.TopTable(control.Cr3), default, EntryFormat.LevelsOf(control), 0);
        Read(telling, memory, top, pages, tables);
        return new(pages.DrainToImmutable(), tables.DrainToImmutable());
    }

    private static void Read<TMemory>(
        in ControlState control,
        in TMemory memory,
        LinkedTable table,
        ImmutableArray<MappedPage>.Builder pages,
        ImmutableArray<LinkedTable>.Builder tables)
        where TMemory : struct, IPhysicalMemory
    {
        int place = tables.Count, used = 0;
        tables.Add(table);
        for (ulong index = 0; index < 512; index++)
        {
            PagingEntry entry = memory.Read(new(table.Address.Value + 8 * index));
            if (entry.Value == 0)
            {
                continue;
            }

            used++;
            if (!EntryFormat.Has(entry, EntryBit.Present))
            {
                continue;
            }

            ulong offset = index << EntryFormat.OffsetBits(table.Level);
            LinearAddress start = Canonical(control, table.Start.Value + offset);
            PhysicalAddress next = EntryFormat.NextTable(entry);
            if (EntryFormat.IsLeaf(entry, table.Level) || !memory.Contains(next))
            {
                pages.Add(new(start, Walked(control, memory, start, entry)));
            }
            else
            {
                Read(control, memory, new(next, start, table.Level - 1, 0), pages, tables);
            }
        }

        tables[place] = table with { Used = used };
    }

    /// <summary>What a walk finds; nothing, where it ends in a fault.</summary>
    private static PageMapping Walked<TMemory>(
        in ControlState control, in TMemory memory, LinearAddress page, PagingEntry leaf)
        where TMemory : struct, IPhysicalMemory
    {
        Access read = new(page, AccessKind.Read, PrivilegeLevel.Ring0, AlignmentCheck: true);
        TranslationOutcome found = WalkSpec.Walk(control, read, memory).Outcome;
        return found.Kind != OutcomeKind.Translated ? default : new()
        {
            Frame = found.Address,
            Size = found.Size,
            Rights = found.Rights,
            Caching = (byte)found.Type,
            Key = found.Key,
            Global = found.Global,
            Accessed = EntryFormat.Has(leaf, EntryBit.Accessed),
            Dirty = found.Dirty,
        };
    }

    private static LinearAddress Canonical(in ControlState control, ulong address)
    {
        int untranslated = 64 - CanonicalSpec.WidthOf(EntryFormat.LevelsOf(control));
        return new((ulong)((long)(address << untranslated) >> untranslated));
    }
}
