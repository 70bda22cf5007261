using PageProof.Contract.Hardening;
using PageProof.Contract.Paging;
using PageProof.Spec.Hardening;
using PageProof.Spec.PageTables;

namespace PageProof.Tests.Hardening;

/// <summary>What the Spec of page-table isolation says of single steps; no kernel is asked.</summary>
[InLane("hardening")]
public sealed class KptiSpecTests
{
    private static readonly ProcessNumber First = new(0), Second = new(1);
    private static readonly PageTree Nothing = PageTree.Empty(default, 4);
    private static readonly PageTree Something = Nothing with { Pages = [new(new(0x40_0000), default)] };

    [Fact]
    public void What_is_wrong_with_one_CPU_is_not_made_good_by_the_next()
    {
        var state = KptiSpec.Begin(Start(cpus: 2, asids: 4), 2);
        KptiCommand idle = new() { Kind = KptiCommandKind.Idle };
        KptiAnswer done = new() { Outcome = KptiOutcome.Done };
        KptiShown right = new([default, default], [null, null], []);
        var step = KptiSpec.Follow(state, idle, done, right);
        Assert.NotNull(step.State);
        Assert.Null(step.Refusal);
        var wrong = right with { Cr3 = [new(5), default] };
        Assert.StartsWith(
            "the kernel's own address space has PCID ", KptiSpec.Follow(state, idle, done, wrong).Refusal);
    }

    [Fact]
    public void What_is_wrong_with_one_process_is_not_made_good_by_the_next()
    {
        var state = KptiSpec.Begin(Start(cpus: 1, asids: 4), 2);
        state = KptiSpec.Next(state, new() { Kind = KptiCommandKind.Create, Process = First });
        KptiCommand create = new() { Kind = KptiCommandKind.Create, Process = Second };
        KptiAnswer done = new() { Outcome = KptiOutcome.Done };
        KptiShown right = new(
            [default], [new(0x2000), new(0x4000)], [(First, Nothing, Nothing), (Second, Nothing, Nothing)]);
        Assert.NotNull(KptiSpec.Follow(state, create, done, right).State);
        var ofUser = right with { Trees = [(First, Nothing, Something), (Second, Nothing, Nothing)] };
        Assert.StartsWith("process 0: ", KptiSpec.Follow(state, create, done, ofUser).Refusal);
        var ofKernel = right with { Trees = [(First, Something, Nothing), (Second, Nothing, Nothing)] };
        Assert.StartsWith("process 0: ", KptiSpec.Follow(state, create, done, ofKernel).Refusal);
    }

    /// <summary>A CPU with one ASID has it for the one process that it knows.</summary>
    [Fact]
    public void Who_comes_back_to_the_only_process_owes_no_flush()
    {
        var state = KptiSpec.Begin(Start(cpus: 1, asids: 1), 2);
        KptiCommand schedule = new() { Kind = KptiCommandKind.Schedule, Process = First };
        KptiCost flushes = new(Cr3Writes: 1, EntriesCopied: 0, PcidFlushes: 1, AddressFlushes: 0);
        state = KptiSpec.Next(state, new() { Kind = KptiCommandKind.Create, Process = First });
        Assert.Null(KptiCostSpec.Refusal(state, schedule, flushes));
        state = KptiSpec.Next(state, schedule);
        Assert.StartsWith("this switch owes no flush", KptiCostSpec.Refusal(state, schedule, flushes));

        // Another takes it over, and it has to be flushed for either.
        state = KptiSpec.Next(state, new() { Kind = KptiCommandKind.Create, Process = Second });
        state = KptiSpec.Next(state, schedule with { Process = Second });
        Assert.Null(KptiCostSpec.Refusal(state, schedule, flushes));
    }

    private static KptiStart Start(int cpus, int asids) => new(
        ControlState.LongMode with { Cr4 = Cr4.PhysicalAddressExtension | Cr4.ProcessContextIdentifiers },
        cpus,
        asids,
        HasInvpcid: true,
        new(new(0xFFFF_8800_0000_0000), new(1UL << 39)),
        []);
}
