using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.Tlb;

/// <summary>What a walk has left in the caches of a CPU.</summary>
/// <param name="Address">The linear address.</param>
/// <param name="Level">The level of the entry that is kept.</param>
/// <param name="Pcid">The PCID that was current.</param>
/// <param name="Global">A leaf: whether it is global.</param>
/// <param name="Fetch">A leaf: whether a fetch brought it.</param>
public readonly record struct KeptEntry(ulong Address, int Level, Pcid Pcid, bool Global, bool Fetch);

/// <summary>
/// A CPU as functions: something is kept, a command is carried out, and it is looked up again. About these
/// the theorems are. The caches are small, but of several sets and ways.
/// </summary>
public static class LiftedCpu
{
    private const ulong Something = 1;
    private const ulong SomeTable = 0x1000;
    private const int FrontRow = 0;

    /// <summary>Whether a translation is still found after a command.</summary>
    [Lifted("tlb.cpu.keepsTranslation")]
    public static bool KeepsTranslation(in ControlState control, in KeptEntry kept, in TlbCommand command)
    {
        Cpu cpu = NewCpu(control);
        ulong pcid = TlbTag.OfPcid(kept.Pcid.Value);
        cpu.Translations.Insert(kept.Address, pcid, kept.Level, kept.Fetch, kept.Global, Something);
        Execute(cpu, command);
        return cpu.Translations.Find(kept.Address, pcid, kept.Fetch, out _, out _) != 0;
    }

    /// <summary>Whether an upper entry is still found after a command.</summary>
    [Lifted("tlb.cpu.keepsPartial")]
    public static bool KeepsPartial(in ControlState control, in KeptEntry kept, in TlbCommand command)
    {
        Cpu cpu = NewCpu(control);
        ulong pcid = TlbTag.OfPcid(kept.Pcid.Value);
        cpu.UpperEntries.Insert(kept.Address, pcid, kept.Level, SomeTable, 0, 0);
        Execute(cpu, command);
        return cpu.UpperEntries.Find(kept.Address, pcid, PagingStructureCache.LevelMost, out _) != 0;
    }

    /// <summary>
    /// Whether the front array still serves an address after a command, when it was kept there as one of a
    /// page of that level.
    /// </summary>
    [Lifted("tlb.cpu.keepsFront")]
    public static bool KeepsFront(
        in ControlState control, int level, ulong address, in TlbCommand command)
    {
        Cpu cpu = NewCpu(control, frontSlots: 2);
        var front = cpu.Translations.Front;
        front.Insert(FrontRow, address, physical: 0, Something, level);
        Execute(cpu, command);
        return FrontArray.SlotOf(front[FrontRow], address).Tag == front.TagOf(address);
    }

    /// <summary>Whether a command ends in #GP(0).</summary>
    [Lifted("tlb.cpu.refuses")]
    public static bool Refuses(in ControlState control, in TlbCommand command) =>
        !Execute(NewCpu(control), command);

    /// <summary>The registers after a command.</summary>
    [Lifted("tlb.cpu.next")]
    public static ControlState Next(in ControlState control, in TlbCommand command)
    {
        Cpu cpu = NewCpu(control);
        Execute(cpu, command);
        return cpu.Control;
    }

    /// <summary>
    /// Whether one mask judges a cached translation as its row of rights does: permitted to a plain access as it
    /// is, with D already where the access writes.
    /// </summary>
    public static bool JudgesAlike(in ControlState control, in Access access, ulong entry)
    {
        WalkTables tables = new(control);
        ref readonly var row = ref tables.Rows[AccessRows.IndexOf(access)];
        ulong wanted = EntryBits.Present | row.DirtyBit;
        bool permitted = tables.Denied(row, entry) == 0 && (entry & wanted) == wanted;
        return permitted == (new PlainRights(row, tables.Pkru).Denied(entry) == 0);
    }

    private static Cpu NewCpu(in ControlState control, int frontSlots = 0)
    {
        ArrayShape shape = new(2, 2);
        FirstLevelShape first = new(shape, shape, shape);
        Cpu cpu = new(new()
        {
            FrontSlots = frontSlots,
            Data = first,
            Instructions = first,
            Second = shape,
            SecondGigabyte = shape,
            DirectoryEntries = shape,
            UpperEntries = shape,
        });
        cpu.Reset(control);
        return cpu;
    }

    private static bool Execute(Cpu cpu, in TlbCommand command)
    {
        switch (command.Kind)
        {
            case TlbCommandKind.InvalidatePage:
                cpu.InvalidatePage(command.Address.Value);
                return true;
            case TlbCommandKind.InvalidatePcid:
                return cpu.InvalidatePcid(command.Type, command.Descriptor);
            case TlbCommandKind.MoveCr0:
                return cpu.MoveCr0(command.Cr0);
            case TlbCommandKind.MoveCr3:
                return cpu.MoveCr3(command.Cr3);
            case TlbCommandKind.MoveCr4:
                return cpu.MoveCr4(command.Cr4);
            case TlbCommandKind.WritePkru:
                return cpu.WritePkru(command.Pkru);
            default:
                return true;
        }
    }
}
