using PageProof.Contract.Kernel;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.PageCache;
using PageProof.Implementation.Tlb;

namespace PageProof.Tests.Kernel;

/// <summary>
/// A page of a file is given up while its write-back and a store come between: its entry is empty already, and one CPU
/// still has it, with D. What that CPU stores until it is flushed is in no entry.
/// </summary>
[InLane("reclaim")]
[InLane("pagecache")]
public sealed class StoreBeforeFlushTests
{
    private const string Story = """
        processes 1
        cpus 3
        file 0x1000 rw
        0: mmap at=0x1000000000 length=0x1000 protection=read,write flags=shared,fixed
        0: store at=0x1000000000 length=0x8 value=0x7 cpu=2
        0: madvise at=0x1000000000 length=0x1000 advice=pageout
        0: store at=0x1000000000 length=0x8 value=0x9 cpu=2
        0: pread length=0x8
        """;

    [Fact]
    public void A_store_between_the_write_back_of_a_page_and_its_flush_is_not_lost()
    {
        Assert.True(KernelText.TryParse(Story, out var sequence, out string? reason), reason);
        var commands = sequence.Commands;
        using KernelMachine machine = new(new());
        machine.Begin(sequence.Start);
        Carry(machine, commands[0]);
        Carry(machine, commands[1]);
        var core = machine.Core;
        int frame = core.Cache.Find(0, 0);
        Between meanwhile = new(core.Cpus.ToArray(), new([
            () => WriteBack.WriteOne(core.Sequential(1), frame),
            () => Carry(machine, commands[3]),
        ]));
        machine.Answer(new KernelCpu<Between>(core, core.Cpus[0], meanwhile), commands[2]);
        Assert.Empty(meanwhile.Left);
        Assert.Equal((1L, ObjectCache.None), (machine.Reclaims.FilesDropped, core.Cache.Find(0, 0)));
        Assert.Equal(SumOf(9), Carry(machine, commands[4]).Value);
        Assert.Null(machine.Audit());
    }

    // What reading a page tells that has this in its first word.
    private static ulong SumOf(ulong value)
    {
        string story = $"processes 1\nfile 0x1000 rw\n0: pwrite length=0x8 value=0x{value:x}\n0: pread length=0x8\n";
        Assert.True(KernelText.TryParse(story, out var sequence, out string? reason), reason);
        using KernelMachine machine = new(new());
        machine.Begin(sequence.Start);
        Carry(machine, sequence.Commands[0]);
        return Carry(machine, sequence.Commands[1]).Value;
    }

    private static KernelAnswer Carry(KernelMachine machine, KernelCommand command) =>
        machine.Answer(machine.Core.Sequential(command.Cpu.Value), command);

    // At the first flush others do what is left; whoever is waited for takes its interrupts.
    private readonly struct Between(SmpCpu[] cpus, Queue<Action> left) : IWait
    {
        public Queue<Action> Left => left;

        public void Point(YieldKind kind)
        {
            while (kind == YieldKind.TlbFlush && left.TryDequeue(out var action))
            {
                action();
            }
        }

        public void Until(YieldKind kind, IReadiness condition)
        {
            foreach (var cpu in cpus)
            {
                Shootdown.Serve(cpu, this);
            }

            Assert.True(condition.IsReady, "Nobody is left who could help.");
        }
    }
}
