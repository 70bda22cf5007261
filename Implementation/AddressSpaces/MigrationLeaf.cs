using PageProof.Contract.Frames;
using PageProof.Contract.Scheduling;
using PageProof.Contract.Swap;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.Swap;

namespace PageProof.Implementation.AddressSpaces;

/// <summary>
/// The entries of pages that are on their way to another frame. Each names the frame in which the page was, and counts
/// among the mappings of that: so who moves the page finds all of them, those that a fork has copied meanwhile as well.
/// What a page permitted stays in its entry. Under the lock of the tables of an entry.
/// </summary>
internal static class MigrationLeaf
{
    /// <summary>Whether an entry says that the page is on its way.</summary>
    public static bool IsMigration(ulong entry) =>
        (entry & 1) == 0 && entry != 0 && AbsentLeaf.KindOf(entry) == LeafKind.Migration;

    /// <summary>The entry of a page on its way from a frame.</summary>
    public static ulong Of(int frame, MigrationKind kind) =>
        AbsentLeaf.Moving((ulong)kind, PhysicalPages.AddressOf(frame));

    /// <summary>The frame from which such a page comes.</summary>
    public static int FrameOf(ulong entry) => PhysicalPages.FrameOf(AbsentLeaf.FrameOf(entry));

    /// <summary>What such a page permitted.</summary>
    public static MigrationKind KindOf(ulong entry) => (MigrationKind)AbsentLeaf.MigrationOf(entry);

    /// <summary>Empties the entries of this kind in a range.</summary>
    public static void Zap<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong end)
        where TYield : struct, IWait
    {
        if (space.Migrating == 0)
        {
            return;
        }

        var editor = cpu.EditorOf(space);
        var entries = cpu.EntriesOf(space, start, end);
        while (entries.MoveNext())
        {
            if (IsMigration(entries.Entry))
            {
                Drop(cpu, space, entries.Page, editor.Store(entries.At, 0));
            }
        }
    }

    /// <summary>An entry is no more. Nothing is cached of it.</summary>
    public static void Drop<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong page, ulong entry)
        where TYield : struct, IWait
    {
        int frame = FrameOf(entry);
        Count(cpu, space, frame, -1);
        if (cpu.Pages.Table[frame].Mappings == 1)
        {
            SwapLeaves.TryForget(cpu, frame);
        }

        cpu.Frames.Unmap(frame, space.Number, page >> AddressSpace.PageBits);
    }

    /// <summary>An entry has come, or is another one.</summary>
    public static void Count<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, int frame, int added)
        where TYield : struct, IWait
    {
        space.Migrating += added;
        cpu.Core.Migrations.Add(frame, added);
    }

    /// <summary>
    /// Both sides of a fork name the frame, and for neither is the page its own any more; false when there is no memory
    /// to note it.
    /// </summary>
    public static bool TryCopy<TYield>(
        in KernelCpu<TYield> cpu, AddressSpace parent, AddressSpace child, ulong page, ulong at, ulong to, bool shared)
        where TYield : struct, IWait
    {
        ulong entry = cpu.Memory.Read(new(at)).Value;
        int frame = FrameOf(entry);
        if (cpu.Pages.Table.Map(frame, child.Number, page >> AddressSpace.PageBits) != FrameOutcome.Done)
        {
            return false;
        }

        if (!shared)
        {
            entry = Of(frame, MigrationKind.Read);
            cpu.EditorOf(parent).Store(at, entry);
        }

        cpu.Memory.Write(new(to), new(entry));
        Count(cpu, child, frame, 1);
        return true;
    }
}
