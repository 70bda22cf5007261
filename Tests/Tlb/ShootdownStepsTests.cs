using PageProof.Contract.Scheduling;
using PageProof.Contract.Tlb;
using PageProof.Implementation.Tlb;

namespace PageProof.Tests.Tlb;

/// <summary>
/// What two CPUs do in one shootdown, step by step, and the points between, at each of which the other may run:
/// a point that is left out takes schedules away, and no schedule that is left can tell.
/// </summary>
[InLane("tlb")]
public sealed class ShootdownStepsTests : IObserve, IDisposable
{
    private const string Flushing = "0:Advance TlbFlush 0:FlushPage 0:Record IpiSend ";
    private const string Answering = "IpiDeliver 1:Deliver TlbFlush 1:FlushPage 1:Record IpiAcknowledge 1:Acknowledge ";
    private const string Ending = "0:Complete FrameRelease 0:ReleaseFrame";

    private readonly ShootdownMachine _machine = new(TlbGeometry.Smallest);
    private readonly List<string> _steps = [];
    private string? _unmapsAfter;
    private CpuNumber _intruder;
    private bool _abandons;

    public void Dispose() => _machine.Dispose();

    void IObserve.Observe(in TlbEvent happened)
    {
        if (happened.Kind is not (TlbEventKind.TableRead or TlbEventKind.TableMark))
        {
            _steps.Add($"{happened.Cpu.Value}:{happened.Kind}");
        }
    }

    [Fact]
    public void The_steps_of_a_shootdown_have_points_between_them()
    {
        Begin();
        Assert.Equal(
            "Lock TableStore 0:TableStore " + Flushing + "0:Send IpiAcknowledge " + Answering + "Idle " + Ending,
            StepsOf(new ShootdownCommand { Kind = ShootdownCommandKind.Unmap, Count = 1 }));
    }

    [Fact]
    public void A_lazy_CPU_is_left_alone_and_catches_up()
    {
        Begin();
        Run(new(1), new ShootdownCommand { Kind = ShootdownCommandKind.Idle });
        Assert.Equal(
            "Lock TableStore 0:TableStore " + Flushing + "0:Skip " + Ending,
            StepsOf(new ShootdownCommand { Kind = ShootdownCommandKind.Unmap, Count = 1 }));
        _steps.Clear();
        Run(new(1), new ShootdownCommand { Kind = ShootdownCommandKind.Run });
        Assert.Equal(
            "ContextSwitch 1:Announce ContextSwitch 1:Check TlbFlush 1:FlushPcid 1:Record 1:Enter",
            string.Join(' ', _steps));
        _steps.Clear();
        Run(
            new(1),
            new ShootdownCommand { Kind = ShootdownCommandKind.Idle },
            new ShootdownCommand { Kind = ShootdownCommandKind.Idle },
            new ShootdownCommand { Kind = ShootdownCommandKind.Run });
        Assert.Equal(
            "1:Leave 1:Withdraw ContextSwitch 1:Announce ContextSwitch 1:Check 1:Enter", string.Join(' ', _steps));
    }

    [Fact]
    public void A_CPU_that_runs_another_space_is_not_asked()
    {
        Begin();
        Run(new(1), new ShootdownCommand { Kind = ShootdownCommandKind.Run, Space = new(1) });
        Assert.Equal(
            "Lock TableStore 0:TableStore " + Flushing + "0:Skip " + Ending,
            StepsOf(new ShootdownCommand { Kind = ShootdownCommandKind.Unmap, Count = 1 }));
    }

    [Fact]
    public void A_lazy_CPU_is_asked_when_tables_go()
    {
        Begin();
        Run(new(1), new ShootdownCommand { Kind = ShootdownCommandKind.Idle });
        string steps = StepsOf(new ShootdownCommand { Kind = ShootdownCommandKind.UnmapFree, Count = 1 });
        Assert.Equal(
            "Lock TableStore 0:TableStore TableStore 0:TableStore TableStore 0:TableStore TableStore 0:TableStore "
            + Flushing + "0:Send IpiAcknowledge " + Answering + "Idle " + Ending
            + " 0:ReleaseTable 0:ReleaseTable 0:ReleaseTable",
            steps);
    }

    /// <summary>It has slept through one shootdown, so the pages of the next alone are not enough.</summary>
    [Fact]
    public void Who_is_behind_drops_everything()
    {
        Begin(0b11);
        Run(new(1), new ShootdownCommand { Kind = ShootdownCommandKind.Idle });
        Run(default, new ShootdownCommand { Kind = ShootdownCommandKind.Unmap, Page = 1, Count = 1 });
        string steps = StepsOf(new ShootdownCommand { Kind = ShootdownCommandKind.UnmapFree, Count = 1 });
        Assert.Contains(Answering.Replace("FlushPage", "FlushPcid", StringComparison.Ordinal), steps);
    }

    [Fact]
    public void A_wide_range_drops_everything()
    {
        Begin(byte.MaxValue);
        string steps = StepsOf(
            new ShootdownCommand { Kind = ShootdownCommandKind.Unmap, Count = ShootdownCommand.Pages });
        Assert.Contains(Answering.Replace("FlushPage", "FlushPcid", StringComparison.Ordinal), steps);
        Assert.Contains(Flushing.Replace("FlushPage", "FlushPcid", StringComparison.Ordinal), steps);
    }

    /// <summary>It is asked between announcing itself and reading how many shootdowns there were.</summary>
    [Fact]
    public void Who_has_caught_up_flushes_nothing_when_it_is_asked()
    {
        Begin();
        Run(new(1), new ShootdownCommand { Kind = ShootdownCommandKind.Idle });
        _steps.Clear();
        UnmapAfter("1:Announce");
        Run(new(1), new ShootdownCommand { Kind = ShootdownCommandKind.Run });
        Assert.EndsWith(
            "0:Send IpiAcknowledge 1:Check TlbFlush 1:FlushPcid 1:Record 1:Enter "
            + "IpiDeliver 1:Deliver TlbFlush IpiAcknowledge 1:Acknowledge Idle",
            string.Join(' ', _steps));
    }

    /// <summary>INVLPG would drop the page of the space in CR3, which is another by then.</summary>
    [Fact]
    public void Who_is_asked_after_it_has_left_drops_everything()
    {
        Begin();
        UnmapAfter("1:Load");
        Run(new(1), new ShootdownCommand { Kind = ShootdownCommandKind.Run, Space = new(1) });
        Assert.EndsWith(
            "0:Send IpiAcknowledge 1:Withdraw 1:Enter "
            + "IpiDeliver 1:Deliver TlbFlush 1:FlushPcid 1:Record IpiAcknowledge 1:Acknowledge Idle",
            string.Join(' ', _steps));
    }

    [Fact]
    public void A_switch_of_spaces_has_points_between_its_steps()
    {
        Begin();
        _steps.Clear();
        Run(
            new(1),
            new ShootdownCommand { Kind = ShootdownCommandKind.Run, Space = new(1) },
            new ShootdownCommand { Kind = ShootdownCommandKind.Run });
        Assert.Equal(
            "1:Leave ContextSwitch 1:Announce ContextSwitch 1:Check 1:AssignPcid ContextSwitch 1:FlushPcid 1:Record "
            + "1:Unload 1:Load ContextSwitch 1:Withdraw 1:Enter "
            + "1:Leave ContextSwitch 1:Announce ContextSwitch 1:Check ContextSwitch "
            + "1:Unload 1:Load ContextSwitch 1:Withdraw 1:Enter Idle",
            string.Join(' ', _steps));
    }

    /// <summary>Its turn comes when the lock is free, and not before.</summary>
    [Fact]
    public void Who_wants_the_lock_waits_for_it()
    {
        Begin(0b11);
        (_unmapsAfter, _intruder) = ("Lock", new(1));
        Assert.StartsWith(
            "Lock TableStore Lock 0:TableStore ",
            StepsOf(new ShootdownCommand { Kind = ShootdownCommandKind.Unmap, Page = 1, Count = 1 }));
    }

    /// <summary>A PCID that is current needs no flush, so what was cached under it is there still.</summary>
    [Fact]
    public void What_was_cached_outlives_a_switch()
    {
        Begin();
        CpuNumber cpu = new(1);
        Run(
            cpu,
            new ShootdownCommand { Kind = ShootdownCommandKind.Load },
            new ShootdownCommand { Kind = ShootdownCommandKind.Run, Space = new(1) },
            new ShootdownCommand { Kind = ShootdownCommandKind.Run });
        List<CachedPage> cached = [];
        _machine.ListCached(cpu, cached);
        Assert.Equal(2, cached.Count);
    }

    [Fact]
    public void How_far_a_program_is_tells_its_states_apart()
    {
        ShootdownCommand idle = new() { Kind = ShootdownCommandKind.Idle };
        Begin();
        Run(new(1), idle);
        ulong once = _machine.StateHash;
        Begin();
        Run(new(1), idle, idle);
        Assert.NotEqual(once, _machine.StateHash);
    }

    [Fact]
    public void What_a_run_that_was_cut_has_sent_is_forgotten()
    {
        Begin();
        ulong begun = _machine.StateHash;
        _abandons = true;
        Run(default, new ShootdownCommand { Kind = ShootdownCommandKind.Unmap, Count = 1 });
        Assert.Contains("0:Send", _steps);
        Begin();
        Assert.Equal(begun, _machine.StateHash);
    }

    private void Begin(byte mapped = 1) => _machine.Reset(new(Cpus: 2, Spaces: 2, mapped), this);

    // At the next point after a step, once, CPU 0 unmaps the page, and does not come to the end of it.
    private void UnmapAfter(string step)
    {
        (_unmapsAfter, _abandons) = (step, true);
    }

    private string StepsOf(params ShootdownCommand[] commands)
    {
        _steps.Clear();
        Run(default, commands);
        return string.Join(' ', _steps);
    }

    // Until the CPU has nothing to do any more.
    private void Run(CpuNumber cpu, params ShootdownCommand[] commands)
    {
        try
        {
            _machine.Run(cpu, commands, new Wait(this, cpu));
        }
        catch (IdleException)
        {
        }
    }

    // Whoever waits lets the other CPU run, which waits for nobody.
    private sealed class Wait(ShootdownStepsTests tests, CpuNumber cpu) : IWait
    {
        public void Point(YieldKind kind)
        {
            Assert.True(tests._machine.Audit());
            tests._steps.Add($"{kind}");
            Assert.InRange(tests._steps.Count, 1, 200);
            if (tests._steps is [.., var last, _] && last == tests._unmapsAfter)
            {
                tests._unmapsAfter = null;
                tests.Run(tests._intruder, new ShootdownCommand { Kind = ShootdownCommandKind.Unmap, Count = 1 });
            }
        }

        public void Until(YieldKind kind, IReadiness condition)
        {
            Point(kind);
            if (!condition.IsReady && cpu.Value == 0 && !tests._abandons)
            {
                tests.Run(new((byte)(1 - cpu.Value)));
            }

            if (!condition.IsReady)
            {
                throw new IdleException();
            }
        }
    }

    private sealed class IdleException : Exception;
}
