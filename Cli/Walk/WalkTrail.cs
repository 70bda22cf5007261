using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Spec.Paging;

namespace PageProof.Cli.Walk;

/// <summary>What the walk found in one entry.</summary>
public enum StepKind
{
    /// <summary>The entry leads to the next table.</summary>
    Table,
    /// <summary>The entry maps a page.</summary>
    Page,
    /// <summary>P is clear: nothing else in the entry counts.</summary>
    NotPresent,
    /// <summary>A present entry has a bit set that must be clear.</summary>
    Reserved,
    /// <summary>The image holds no memory where the entry should be.</summary>
    Outside,
}

/// <summary>One level of a walk.</summary>
/// <param name="Level">5 for the PML5 down to 1 for the page table.</param>
/// <param name="Index">Which entry of the table the address selects.</param>
/// <param name="Address">Where the entry lies.</param>
/// <param name="Entry">What it holds; zero when it lies outside.</param>
/// <param name="Kind">What that is.</param>
/// <param name="Rights">What this entry and those above permit together.</param>
public readonly record struct WalkStep(
    int Level,
    int Index,
    PhysicalAddress Address,
    PagingEntry Entry,
    StepKind Kind,
    PageRights Rights);

/// <summary>
/// A walk with the entries that it went through. The end is the Spec's word; the steps show how it
/// came about, and stop where the Spec says that the walk ended.
/// </summary>
public sealed record WalkTrail(
    ControlState Control,
    Access Access,
    IReadOnlyList<WalkStep> Steps,
    TranslationOutcome Outcome)
{
    /// <summary>Walks, and keeps what it saw.</summary>
    public static WalkTrail Take<TMemory>(
        in ControlState control, in Access access, in TMemory memory)
        where TMemory : struct, IPhysicalMemory, allows ref struct
    {
        var end = WalkSpec.Walk(control, access, memory);
        var steps = new List<WalkStep>();
        if (end.Level > 0)
        {
            var table = EntryFormat.TopTable(control.Cr3);
            var rights = PageRights.Write | PageRights.User | PageRights.Execute;
            for (int level = EntryFormat.LevelsOf(control); level >= end.Level; level--)
            {
                var step = StepAt(control, access, memory, table, level, rights);
                steps.Add(step);
                rights = step.Rights;
                table = EntryFormat.NextTable(step.Entry);
            }
        }

        return new(control, access, steps, end.Outcome);
    }

    private static WalkStep StepAt<TMemory>(
        in ControlState control,
        in Access access,
        in TMemory memory,
        PhysicalAddress table,
        int level,
        PageRights above)
        where TMemory : struct, IPhysicalMemory, allows ref struct
    {
        var address = EntryFormat.EntryAddress(table, access.Address, level);
        int index = (int)(address.Value - table.Value) / sizeof(ulong);
        if (!memory.Contains(address))
        {
            return new(level, index, address, default, StepKind.Outside, PageRights.None);
        }

        var entry = memory.Read(address);
        var kind = !EntryFormat.Has(entry, EntryBit.Present) ? StepKind.NotPresent
            : EntryFormat.IsReserved(control, entry, level) ? StepKind.Reserved
            : EntryFormat.IsLeaf(entry, level) ? StepKind.Page
            : StepKind.Table;
        return new(level, index, address, entry, kind, RightsWith(control, entry, kind, above));
    }

    private static PageRights RightsWith(
        in ControlState control, PagingEntry entry, StepKind kind, PageRights above)
    {
        bool writable = above.HasFlag(PageRights.Write);
        bool user = above.HasFlag(PageRights.User) && EntryFormat.Has(entry, EntryBit.User);
        bool execute = above.HasFlag(PageRights.Execute)
            && !EntryFormat.Has(entry, EntryBit.ExecuteDisable);
        writable &= kind == StepKind.Page || EntryFormat.Has(entry, EntryBit.Writable);
        return kind switch
        {
            StepKind.Page => PermissionSpec.RightsOf(control, writable, user, execute, entry),
            StepKind.Table => (writable ? PageRights.Write : 0)
                | (user ? PageRights.User : 0)
                | (execute ? PageRights.Execute : 0),
            _ => PageRights.None,
        };
    }
}
