using PageProof.Contract.Paging;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.Tlb;

namespace PageProof.Tests.Kernel;

/// <summary>
/// Whoever waits for a lock goes on taking interrupts, since who has the lock may wait for them; and goes on waiting
/// until it can have it.
/// </summary>
[InLane("kernel")]
[InLane("addressspaces")]
public sealed class KernelLockWaitTests
{
    private sealed record Contest(Action<AddressSpace> Hold, Act Wait, Action<AddressSpace> Release);

    private delegate void Act(KernelCpu<Waiting> cpu, AddressSpace space);

    private static readonly Dictionary<string, Contest> All = new()
    {
        ["tables"] = new(
            space => space.TablesLocked = true,
            (cpu, space) => cpu.LockTables(space),
            space => space.TablesLocked = false),
        ["readers of an area"] = new(
            space => space.Areas.LockOf(space.Areas.First).Readers = 2,
            (cpu, space) => cpu.StartWrite(space, space.Areas.First),
            space => space.Areas.LockOf(space.Areas.First).Readers = 0),
        ["a process that begins or ends"] = new(
            space => space.IsSettled = false,
            (cpu, space) => cpu.Enter(space, space),
            space => space.IsSettled = true),
        ["others at work for a process"] = new(
            space => space.Users = 3,
            (cpu, space) => cpu.AwaitOthers(space),
            space => space.Users = 1),
        ["a space that is written"] = new(
            space => Assert.True(space.Lock.TryTake(1, LockMode.Write)),
            (cpu, space) => cpu.LockToRead(space),
            space => space.Lock.Release(1)),
        ["a space that is read"] = new(
            space => Assert.True(space.Lock.TryTake(1, LockMode.Read)),
            (cpu, space) => cpu.Lock(space),
            space => space.Lock.Release(1)),
        ["a space that is visited"] = new(
            space => Assert.True(space.Lock.TryTake(1, LockMode.Write)),
            (cpu, space) => Assert.True(cpu.TryVisit(space)),
            space => space.Lock.Release(1)),
    };

    public static TheoryData<string> Waits => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Waits))]
    public void Who_waits_takes_interrupts_and_waits_on(string name)
    {
        var (hold, wait, release) = All[name];
        using DamagedKernel kernel = new();
        hold(kernel.Space);
        Course course = new(kernel.Core.Cpus[0], kernel.Core.Cpus[1], () => release(kernel.Space));
        course.Interrupt();
        wait(new(kernel.Core, course.Waiter, new(course)), kernel.Space);
        Assert.Equal(2, course.Waited);
    }

    [Fact]
    public void Who_has_met_a_page_that_moves_waits_for_it_alone()
    {
        using DamagedKernel kernel = new();
        var migrations = kernel.Core.Migrations;
        migrations.Begin(1, frame: 7);
        Course course = new(kernel.Core.Cpus[0], kernel.Core.Cpus[1], () => migrations.End(1));
        KernelCpu<Waiting> cpu = new(kernel.Core, course.Waiter, new(course));
        cpu.Meet(8);
        cpu.AwaitMigration();
        Assert.Equal(0, course.Waited);
        cpu.Meet(7);
        course.Interrupt();
        cpu.AwaitMigration();
        Assert.Equal(2, course.Waited);
    }

    [Fact]
    public void A_space_whose_process_is_gone_is_not_locked()
    {
        using DamagedKernel kernel = new();
        var gone = kernel.Core.Spaces[5];
        var cpu = kernel.Core.Sequential(0);
        Assert.False(cpu.TryLock(gone, LockMode.Look));
        Assert.False(cpu.TryVisit(gone));
        Assert.False(gone.TablesLocked);
        Assert.True(gone.Lock.TryTake(1, LockMode.Write));
    }

    [Fact]
    public void A_process_that_ends_while_its_lock_is_awaited_is_gone_and_its_lock_free()
    {
        using DamagedKernel kernel = new();
        var space = kernel.Space;
        Assert.True(space.Lock.TryTake(1, LockMode.Write));
        var shared = space.Shared;
        Course course = new(kernel.Core.Cpus[0], kernel.Core.Cpus[1], () =>
        {
            DamagedKernel.Set(space, "<Shared>k__BackingField", null!);
            space.Lock.Release(1);
        });
        Assert.False(new KernelCpu<Waiting>(kernel.Core, course.Waiter, new(course)).TryLock(space, LockMode.Look));
        Assert.True(space.Lock.TryTake(1, LockMode.Write));
        space.Lock.Release(1);
        DamagedKernel.Set(space, "<Shared>k__BackingField", shared!);
        Assert.Null(kernel.Audit());
    }

    // Interrupts come before the first wait and during it; in the second, what is waited for is given back.
    private sealed class Course(SmpCpu waiter, SmpCpu other, Action release)
    {
        public SmpCpu Waiter => waiter;

        public int Waited { get; private set; }

        public void Interrupt()
        {
            other.Unacknowledged |= waiter.Bit;
            waiter.Mailbox.Post(new(waiter.Space!, new(0), new(0), PageSize.Size4K, 0, other));
        }

        public void Wait(IReadiness condition)
        {
            Assert.True(waiter.Mailbox.IsEmpty, "An interrupt is not taken.");
            Assert.Equal(0u, other.Unacknowledged);
            Assert.False(condition.IsReady, "It is ready while another has it.");
            Action next = Waited++ == 0 ? Interrupt : release;
            next();
            Assert.True(condition.IsReady, "It is not ready.");
        }
    }

    private readonly struct Waiting(Course course) : IWait
    {
        public void Point(YieldKind kind)
        {
        }

        public void Until(YieldKind kind, IReadiness condition)
        {
            Assert.Equal(YieldKind.Lock, kind);
            course.Wait(condition);
        }
    }
}
