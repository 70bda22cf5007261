using PageProof.Contract;
using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.PageTables;

/// <summary>
/// Edits the page tables below one top table while other CPUs walk them. A handle of a few words; edits of
/// one address space are made one at a time, walks run whenever they like. Each change of an entry that can
/// be reached is one atomic step, so that no A or D is lost; a table is written in full before it is linked,
/// and unlinked before it is given up. Tables permit everything, and the leaf alone restricts; only the
/// upper half of the address space is kept from user mode by every entry. What an edit leaves stale goes into
/// the <see cref="Gather"/>. A refused edit has changed no page; tables that it has made stay.
/// </summary>
public readonly struct PageTableEditor<TMemory, TTables, TYield>(
    TMemory memory, TTables tables, TYield yield, PhysicalAddress top, int levels)
    where TMemory : struct, IEditableMemory
    where TTables : struct, ITableSource
    where TYield : struct, IYield
{
    private const int TableBytes = 4096;
    private const int EntryBytes = 8;
    private const int FrameWidth = 52;

    /// <summary>
    /// Maps the pages of a range to consecutive frames. All get the size and what else
    /// <paramref name="mapping"/> says.
    /// </summary>
    public EditOutcome Map(PageRange range, in PageMapping mapping, Gather gather)
    {
        ulong leaf = LeafEntry.Encode(mapping);
        int level = LeafEntry.LevelOf(mapping.Size);
        if (!IsRange(range))
        {
            return EditOutcome.BadRange;
        }

        ulong first = range.Start.Value, last = range.Last.Value, size = 1UL << LeafEntry.OffsetBits(level);
        if (leaf == 0 || mapping.Frame.Value + (range.Length.Value - 1) >> FrameWidth != 0
            || (IsUpperHalf(first) && (leaf & EntryBits.User) != 0))
        {
            return EditOutcome.BadMapping;
        }

        if (((first | range.Length.Value) & size - 1) != 0)
        {
            return EditOutcome.BadRange;
        }

        if (gather.Touches(first, last))
        {
            return EditOutcome.FlushPending;
        }

        // All tables first, so that no page is mapped when there is a table too few.
        var prepared = Prepare(first, last, level);
        if (prepared != EditOutcome.Done)
        {
            return prepared;
        }

        for (ulong page = first; ; page += size, leaf += size)
        {
            Store(EntryAt(page, level), leaf);
            if (page + (size - 1) == last)
            {
                return EditOutcome.Done;
            }
        }
    }

    /// <summary>Unmaps what is mapped in a range. Its frames and what was cached of it go into the gather.</summary>
    public EditOutcome Unmap(PageRange range, Gather gather)
    {
        var refused = Refusal(range);
        if (refused != EditOutcome.Done)
        {
            return refused;
        }

        var leaves = Leaves(range);
        while (leaves.MoveNext())
        {
            gather.AddUnmapped(leaves.Page, Store(leaves.At, 0), leaves.Level);
        }

        return EditOutcome.Done;
    }

    /// <summary>
    /// Moves what is mapped in a range to addresses from <paramref name="to"/> on, with the A and D that it has.
    /// The frames stay in use, but until the flush the old addresses may reach them.
    /// </summary>
    public EditOutcome Move(PageRange from, LinearAddress to, Gather gather)
    {
        PageRange target = new(to, from.Length);
        ulong distance = to.Value - from.Start.Value;
        if (!IsRange(target) || !IsRange(from) || IsUpperHalf(to.Value) != IsUpperHalf(from.Start.Value)
            || (from.Start.Value <= target.Last.Value && to.Value <= from.Last.Value))
        {
            return EditOutcome.BadRange;
        }

        var refused = Refusal(from);
        if (refused == EditOutcome.Done)
        {
            refused = gather.Touches(to.Value, target.Last.Value) ? EditOutcome.FlushPending
                : Leaves(target).MoveNext() ? EditOutcome.Occupied : PrepareMove(from, distance);
        }

        if (refused != EditOutcome.Done)
        {
            return refused;
        }

        var leaves = Leaves(from);
        while (leaves.MoveNext())
        {
            ulong entry = Store(leaves.At, 0);
            gather.AddChanged(leaves.Page, leaves.Level);
            Store(EntryAt(leaves.Page + distance, leaves.Level), entry);
        }

        return EditOutcome.Done;
    }

    /// <summary>Gives what is mapped in a range these rights. No flush is needed where none are lost.</summary>
    public EditOutcome Protect(PageRange range, PageRights rights, Gather gather)
    {
        var refused = Refusal(range);
        if (refused != EditOutcome.Done)
        {
            return refused;
        }

        if ((rights & PageRights.ShadowStack) != 0
            || (IsUpperHalf(range.Start.Value) && (rights & PageRights.User) != 0))
        {
            return EditOutcome.BadMapping;
        }

        ulong set = LeafEntry.BitsOf(rights), clear = LeafEntry.RightsMask & ~set;
        var leaves = Leaves(range);
        while (leaves.MoveNext())
        {
            if ((leaves.Entry & LeafEntry.RightsMask) != set)
            {
                ulong old = Update(leaves.At, leaves.Entry, clear, set);
                if (!LeafEntry.MayStayCached(old, old & ~clear | set))
                {
                    gather.AddChanged(leaves.Page, leaves.Level);
                }
            }
        }

        return EditOutcome.Done;
    }

    /// <summary>
    /// Clears D in a range, and lists the pages that had it. A page may be written on without D being set
    /// until the gather is flushed: only then is a page without D clean.
    /// </summary>
    public EditOutcome Clean(PageRange range, Gather gather, LeafList dirty) =>
        ClearMark(range, EntryBits.Dirty, gather, dirty);

    /// <summary>
    /// Clears A in a range, and lists the pages that had it. Nothing is flushed for that: a page which is used
    /// by a cached translation may go on without A.
    /// </summary>
    public EditOutcome Age(PageRange range, Gather gather, LeafList accessed) =>
        ClearMark(range, EntryBits.Accessed, gather, accessed);

    /// <summary>
    /// Unlinks the tables that a range touches and that hold nothing, and the tables above them that so
    /// become empty; the top table stays.
    /// </summary>
    public EditOutcome FreeTables(PageRange range, Gather gather)
    {
        if (!IsRange(range))
        {
            return EditOutcome.BadRange;
        }

        Prune(top.Value, levels, range.Start.Value, range.Last.Value, gather);
        return EditOutcome.Done;
    }

    /// <summary>Finds the leaf of an address with its A and D; false when nothing is mapped there.</summary>
    public bool TryFind(LinearAddress address, out ulong leaf, out int level)
    {
        LeafCursor<TMemory> leaves = new(memory, top.Value, levels, address.Value, address.Value);
        bool found = IsCanonical(address.Value) && leaves.MoveNext();
        (leaf, level) = (leaves.Entry, leaves.Level);
        return found;
    }

    // Every table above the leaves of the range is there afterwards, and no leaf.
    private EditOutcome Prepare(ulong first, ulong last, int level)
    {
        // Survivor: smaller steps come to the same tables, and take longer.
        ulong region = 1UL << LeafEntry.OffsetBits(level + 1);
        for (ulong page = first; ;)
        {
            var outcome = Descend(page, level, out ulong table);
            if (outcome != EditOutcome.Done)
            {
                return outcome;
            }

            ulong end = Math.Min(last, page | region - 1);
            for (ulong at = table | IndexBytes(page, level); at <= (table | IndexBytes(end, level)); at += EntryBytes)
            {
                if (memory.Read(new(at)).Value != 0)
                {
                    return EditOutcome.Occupied;
                }
            }

            if (end == last)
            {
                return EditOutcome.Done;
            }

            page = end + 1;
        }
    }

    /// <summary>
    /// Goes to the table whose entries are of this level, and makes what is missing on the way.
    /// </summary>
    internal EditOutcome Descend(ulong address, int target, out ulong table)
    {
        table = top.Value;
        for (int level = levels; level > target; level--)
        {
            ulong at = table | IndexBytes(address, level);
            ulong entry = memory.Read(new(at)).Value;
            if (!entry.IsTable(level))
            {
                if (entry != 0)
                {
                    return EditOutcome.Occupied;
                }

                if (!tables.TryTake(out table))
                {
                    return EditOutcome.NoTable;
                }

                entry = table | EntryBits.Present | EntryBits.Writable | EntryBits.Accessed
                    | (IsUpperHalf(address) ? 0 : EntryBits.User);
                Clear(table);
                Store(at, entry);
            }

            table = entry & EntryBits.Frame;
        }

        return EditOutcome.Done;
    }

    /// <summary>The table whose entries are for small pages, of an address; false when there is none.</summary>
    internal bool TryTable(ulong address, out ulong table)
    {
        table = top.Value;
        bool found = true;
        for (int level = levels; level > 1 && found; level--)
        {
            ulong entry = memory.Read(new(table | IndexBytes(address, level))).Value;
            found = entry.IsTable(level);
            table = entry & EntryBits.Frame;
        }

        return found;
    }

    private EditOutcome PrepareMove(PageRange from, ulong distance)
    {
        var leaves = Leaves(from);
        while (leaves.MoveNext())
        {
            ulong offset = (1UL << LeafEntry.OffsetBits(leaves.Level)) - 1;
            if ((distance & offset) != 0)
            {
                return EditOutcome.PartOfPage;
            }

            ulong page = leaves.Page + distance;
            var prepared = Prepare(page, page + offset, leaves.Level);
            if (prepared != EditOutcome.Done)
            {
                return prepared;
            }
        }

        return EditOutcome.Done;
    }

    private EditOutcome ClearMark(PageRange range, ulong mark, Gather gather, LeafList marked)
    {
        var refused = Refusal(range);
        if (refused != EditOutcome.Done)
        {
            return refused;
        }

        var leaves = Leaves(range);
        while (leaves.MoveNext())
        {
            if ((leaves.Entry & mark) != 0)
            {
                ulong old = Update(leaves.At, leaves.Entry, mark, 0);
                marked.Add(leaves.Page, old, leaves.Level);
                if (!LeafEntry.MayStayCached(old, old & ~mark))
                {
                    gather.AddChanged(leaves.Page, leaves.Level);
                }
            }
        }

        return EditOutcome.Done;
    }

    // Whether the table holds nothing, once empty tables below it are unlinked between two addresses.
    private bool Prune(ulong table, int level, ulong first, ulong last, Gather gather)
    {
        ulong size = 1UL << LeafEntry.OffsetBits(level);
        ulong page = first & ~(size - 1);
        for (ulong at = table | IndexBytes(first, level); level > 1 && at <= (table | IndexBytes(last, level));
            at += EntryBytes, page += size)
        {
            ulong entry = memory.Read(new(at)).Value;
            if (entry.IsTable(level) && Prune(
                entry & EntryBits.Frame, level - 1, Math.Max(first, page), Math.Min(last, page + (size - 1)), gather))
            {
                Store(at, 0);
                gather.AddUnlinked(page, entry, level);
            }
        }

        return IsEmpty(table);
    }

    private bool IsEmpty(ulong table)
    {
        for (ulong at = table; at < table + TableBytes; at += EntryBytes)
        {
            if (memory.Read(new(at)).Value != 0)
            {
                return false;
            }
        }

        return true;
    }

    private void Clear(ulong table)
    {
        yield.Point(YieldKind.TableStore);
        for (ulong at = table; at < table + TableBytes; at += EntryBytes)
        {
            memory.Write(new(at), default);
        }
    }

    /// <summary>Changes an entry; what walkers of other CPUs have marked until then is in what this returns.</summary>
    internal ulong Store(ulong at, ulong entry)
    {
        yield.Point(YieldKind.TableStore);
        return memory.Exchange(new(at), new(entry)).Value;
    }

    /// <summary>
    /// Changes some bits and keeps the marks that walkers set meanwhile; tells what the entry was at last.
    /// </summary>
    internal ulong Update(ulong at, ulong entry, ulong clear, ulong set)
    {
        while (true)
        {
            yield.Point(YieldKind.TableStore);
            ulong found = memory.CompareExchange(new(at), new(entry & ~clear | set), new(entry)).Value;
            if (found == entry)
            {
                return entry;
            }

            entry = found;
        }
    }

    // The place of an entry whose tables are all there.
    private ulong EntryAt(ulong address, int target)
    {
        ulong table = top.Value;
        for (int level = levels; level > target; level--)
        {
            table = memory.Read(new(table | IndexBytes(address, level))).Value & EntryBits.Frame;
        }

        return table | IndexBytes(address, target);
    }

    private LeafCursor<TMemory> Leaves(PageRange range) =>
        new(memory, top.Value, levels, range.Start.Value, range.Last.Value);

    private EditOutcome Refusal(PageRange range)
    {
        if (!IsRange(range))
        {
            return EditOutcome.BadRange;
        }

        return Divides(range.Start.Value) || Divides(range.Last.Value + 1) ? EditOutcome.PartOfPage : EditOutcome.Done;
    }

    // Whether a boundary lies within a large page.
    private bool Divides(ulong boundary) => TryFind(new(boundary), out _, out int level)
        && (boundary & (1UL << LeafEntry.OffsetBits(level)) - 1) != 0;

    private bool IsRange(PageRange range)
    {
        ulong first = range.Start.Value, last = range.Last.Value;
        return range.Length.Value != 0 && ((first | range.Length.Value) & EntryBits.SmallPageOffset) == 0
            && first <= last && IsCanonical(first) && IsCanonical(last) && IsUpperHalf(first) == IsUpperHalf(last);
    }

    private bool IsCanonical(ulong address)
    {
        int width = LeafEntry.OffsetBits(levels + 1);
        return address + (1UL << width - 1) < 1UL << width;
    }

    // The byte offset of an entry within its table.
    private static ulong IndexBytes(ulong address, int level) => address >> LeafEntry.OffsetBits(level) - 3 & 0xFF8;

    private static bool IsUpperHalf(ulong address) => address >> 63 != 0;
}
