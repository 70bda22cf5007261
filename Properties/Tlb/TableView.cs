using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Spec.Paging;
using PageProof.Spec.Tlb;

namespace PageProof.Properties.Tlb;

/// <summary>
/// One page as it is reached through one table page: the transition system once for each translation that was
/// ever read there, and once for none, from which a new one takes its beginning.
/// </summary>
internal sealed class TableView(SpaceNumber space, int page, PhysicalAddress table, int level, ShootdownState first)
{
    private const int NoTranslation = 0;

    private ShootdownState[] _states = [first, default, default, default];
    private int _count = 1;

    public SpaceNumber Space { get; } = space;

    public int Page { get; } = page;

    public PhysicalAddress Table { get; } = table;

    public int Level { get; } = level;

    /// <summary>What is watched when no translation is: no page leads there.</summary>
    public static Mapping Nowhere { get; } =
        new(true, new(ulong.MaxValue & ~0xFFFUL), PageSize.Size4K, MemoryType.WriteBack, PageRights.None, false);

    public Span<ShootdownState> States => _states.AsSpan(0, _count);

    public ref ShootdownState Base => ref _states[NoTranslation];

    /// <summary>The place of a translation among the states, or -1.</summary>
    public int IndexOf(in Mapping watched)
    {
        for (int index = 1; index < _count; index++)
        {
            if (MappingSpec.Same(_states[index].Watched, watched))
            {
                return index;
            }
        }

        return -1;
    }

    /// <summary>Begins to watch a translation, which nobody can have read before.</summary>
    public int Add(in Mapping watched, bool frameFree)
    {
        if (_count == _states.Length)
        {
            Array.Resize(ref _states, 2 * _count);
        }

        _states[_count] = Base with { Watched = watched, FrameFree = frameFree };
        return _count++;
    }
}

/// <summary>What walks find in the memory of a machine now.</summary>
internal static class TablesNow
{
    public const int Levels = 4;

    private static readonly ControlState Control = ControlState.LongMode;

    /// <summary>What a walk finds for the address that is in this table of this level already.</summary>
    public static Mapping From(IInspect machine, PhysicalAddress table, int level, LinearAddress address)
    {
        while (true)
        {
            var entry = machine.Read(EntryFormat.EntryAddress(table, address, level));
            if (!EntryFormat.Has(entry, EntryBit.Present) || EntryFormat.IsReserved(Control, entry, level))
            {
                return default;
            }

            if (EntryFormat.IsLeaf(entry, level))
            {
                return Of(entry, level);
            }

            table = EntryFormat.NextTable(entry);
            level--;
        }
    }

    /// <summary>The tables on the way, from the top on; how many there are is the answer.</summary>
    public static int Path(
        IInspect machine, PhysicalAddress top, LinearAddress address, Span<PhysicalAddress> tables)
    {
        int count = 0;
        tables[count++] = top;
        for (int level = Levels; level > 1; level--)
        {
            var entry = machine.Read(EntryFormat.EntryAddress(tables[count - 1], address, level));
            if (!EntryFormat.Has(entry, EntryBit.Present) || EntryFormat.IsReserved(Control, entry, level)
                || EntryFormat.IsLeaf(entry, level))
            {
                break;
            }

            tables[count++] = EntryFormat.NextTable(entry);
        }

        return count;
    }

    /// <summary>The translation of a leaf, where the tables above permit everything.</summary>
    public static Mapping Of(PagingEntry leaf, int level) => new(
        true,
        EntryFormat.InPage(leaf, default, level),
        EntryFormat.SizeOf(level),
        EntryFormat.TypeOf(Control, leaf, level),
        PermissionSpec.RightsOf(
            Control, true, EntryFormat.Has(leaf, EntryBit.User), !EntryFormat.Has(leaf, EntryBit.ExecuteDisable), leaf),
        EntryFormat.Has(leaf, EntryBit.Dirty));

    /// <summary>The translation by which an access was made.</summary>
    public static Mapping Of(in TranslationOutcome outcome)
    {
        ulong offset = (1UL << (int)outcome.Size) - 1;
        return new(
            true, new(outcome.Address.Value & ~offset), outcome.Size, outcome.Type, outcome.Rights, outcome.Dirty);
    }
}
