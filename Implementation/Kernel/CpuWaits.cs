using PageProof.Contract.Scheduling;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Reclaim;
using PageProof.Implementation.Tlb;

namespace PageProof.Implementation.Kernel;

/// <summary>
/// What one CPU waits for when it cannot have a lock, and what it has set aside. Each condition holds as well when an
/// interrupt is to be taken, since whoever has the lock may wait for that.
/// </summary>
internal sealed class CpuWaits
{
    public CpuWaits(SmpCpu cpu, Migrations migrations)
    {
        (ForSpace, ForArea, ForTables) = (new(this, cpu), new(this, cpu), new(this, cpu));
        (ForOthers, ForState) = (new(this, cpu), new(this, cpu));
        ForMigration = new(this, cpu, migrations);
    }

    /// <summary>Whose lock it is.</summary>
    public AddressSpace Space { get; set; } = null!;

    /// <summary>The area that it is to change.</summary>
    public int Area { get; set; }

    /// <summary>The frame whose page is on its way.</summary>
    public int Frame { get; set; }

    /// <summary>Areas that are unmapped, with pages that are not gone yet.</summary>
    public List<Area> Detached { get; } = [];

    /// <summary>Its turn has come.</summary>
    public Turn ForSpace { get; }

    /// <summary>Nobody reads the area.</summary>
    public Unread ForArea { get; }

    /// <summary>Nobody edits the tables.</summary>
    public Unedited ForTables { get; }

    /// <summary>Nobody else is at work for the process.</summary>
    public Unused ForOthers { get; }

    /// <summary>The process is there, or is not.</summary>
    public Settled ForState { get; }

    /// <summary>The page has come to where it is to be.</summary>
    public Arrived ForMigration { get; }

    /// <summary>Sets nothing aside.</summary>
    public void Reset() => Detached.Clear();

    public sealed class Turn(CpuWaits waits, SmpCpu cpu) : IReadiness
    {
        public bool IsReady => waits.Space.Lock.IsReadyFor(cpu.Number.Value) || !cpu.Mailbox.IsEmpty;
    }

    public sealed class Unread(CpuWaits waits, SmpCpu cpu) : IReadiness
    {
        public bool IsReady => waits.Space.Areas.LockOf(waits.Area).Readers == 0 || !cpu.Mailbox.IsEmpty;
    }

    public sealed class Unedited(CpuWaits waits, SmpCpu cpu) : IReadiness
    {
        public bool IsReady => !waits.Space.TablesLocked || !cpu.Mailbox.IsEmpty;
    }

    public sealed class Unused(CpuWaits waits, SmpCpu cpu) : IReadiness
    {
        public bool IsReady => !waits.Space.IsUsedBesides(cpu.Bit) || !cpu.Mailbox.IsEmpty;
    }

    public sealed class Settled(CpuWaits waits, SmpCpu cpu) : IReadiness
    {
        public bool IsReady => waits.Space.IsSettled || !cpu.Mailbox.IsEmpty;
    }

    public sealed class Arrived(CpuWaits waits, SmpCpu cpu, Migrations migrations) : IReadiness
    {
        public bool IsReady => !migrations.IsMoving(waits.Frame) || !cpu.Mailbox.IsEmpty;
    }
}
