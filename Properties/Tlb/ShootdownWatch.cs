using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Spec.Paging;
using PageProof.Spec.Tlb;

namespace PageProof.Properties.Tlb;

/// <summary>
/// Follows a machine by its events: each must be a permitted step of the transition systems, for every
/// page, table page and translation that it concerns, and lead to a state that keeps the invariant.
/// </summary>
internal sealed class ShootdownWatch(IShootdownMachine machine) : IObserve
{
    private readonly PageViews _views = new(machine);
    private readonly FrameBook _frames = new();
    private readonly SwitchWatch _switches = new();
    private readonly List<CachedPage> _cached = [];
    private ShootdownStart _start = new(1, 1, 0);
    private byte _pages;
    private bool _begun;

    /// <summary>What went wrong first, or null.</summary>
    public string? Failure { get; private set; }

    /// <summary>What was seen so far in this and earlier runs.</summary>
    public ShootdownCoverage Coverage { get; } = new();

    /// <summary>When not null, gets a line for each event.</summary>
    public List<string>? Story { get; set; }

    /// <summary>A hash of all that is known.</summary>
    public ulong StateHash => _views.StateHash;

    /// <summary>Is about to follow a machine of which these pages will be used, a bit each.</summary>
    public void Begin(ShootdownStart start, byte pages)
    {
        (_start, _pages, _begun, Failure) = (start, pages, false, null);
        _views.All.Clear();
        _frames.Begin();
        _switches.Begin();
        Story?.Clear();
    }

    public void Observe(in TlbEvent happened)
    {
        if (Failure is not null)
        {
            return;
        }

        for (byte space = 0; space < _start.Spaces && !_begun; space++)
        {
            _views.Add(new(space), _pages, _switches.Running(new(space)), _frames);
        }

        _begun = true;
        Coverage.Count(happened.Kind);
        Story?.Add(ShootdownStory.Line(happened));
        Failure = _switches.Refusal(happened, _start.Cpus, Coverage) ?? Follow(happened);
    }

    /// <summary>All programs have ended: nobody owes anything, and nothing is lost.</summary>
    public void End()
    {
        foreach (var view in _views.All)
        {
            foreach (ref readonly var state in view.States)
            {
                if (!(state.Pending - state.Skipped).IsEmpty)
                {
                    Failure ??= $"In the end {ShootdownStory.Of(state.Pending - state.Skipped)} still owes a flush of "
                        + $"{ShootdownStory.Page(view)}.";
                }
            }
        }

        for (byte cpu = 0; cpu < _start.Cpus; cpu++)
        {
            Failure ??= Audit(new(cpu));
        }

        var linked = _views.All.Where(view => view.Base.Linked).Select(view => view.Table).ToHashSet();
        Failure ??= _frames.Lost(
            _views.GivenOf, _views.All.Select(view => view.Table).Where(table => !linked.Contains(table)));
    }

    private string? Follow(in TlbEvent happened)
    {
        switch (happened.Kind)
        {
            case TlbEventKind.TableStore or TlbEventKind.TableMark:
                return FollowChange(happened);
            case TlbEventKind.TableRead:
                return FollowRead(happened);
            case TlbEventKind.Fill or TlbEventKind.Use:
                return FollowTranslation(happened);
            case TlbEventKind.Fault:
                return FollowFault(happened);
            case TlbEventKind.FlushPage or TlbEventKind.FlushPcid:
                return FollowFlush(happened);
            case TlbEventKind.Send or TlbEventKind.Deliver or TlbEventKind.Acknowledge or TlbEventKind.Complete:
                return FollowRange(happened);
            case TlbEventKind.TakeFrame:
                bool again = _frames.IsFree(happened.Physical);
                Coverage.Count(ShootdownClass.FrameReused, again);
                return _views.IsMapped(happened.Physical) ? "The frame is mapped." : _frames.Take(happened.Physical);
            case TlbEventKind.TakeClean or TlbEventKind.ReleaseFrame or TlbEventKind.ReleaseTable:
                return FollowRelease(happened);
            case TlbEventKind.Skip:
                return FollowSkip(happened);
            default:
                return ShootdownSteps.KindOf(happened.Kind) is { } kind ? Step(happened, kind) : null;
        }
    }

    // Every view of the space takes the step.
    private string? Step(in TlbEvent happened, ShootdownEventKind kind)
    {
        foreach (var view in _views.All)
        {
            if (view.Space == happened.Space && Step(view, new() { Kind = kind, Cpu = happened.Cpu }) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private static string? Step(TableView view, in ShootdownEvent step)
    {
        foreach (ref var state in view.States)
        {
            if (Step(ref state, step) is { } refusal)
            {
                return $"{ShootdownStory.Page(view)}{ShootdownStory.Watched(state)}: {refusal}";
            }
        }

        return null;
    }

    private static string? Step(ref ShootdownState state, in ShootdownEvent step)
    {
        var after = ShootdownSpec.Step(state, step);
        if (after.Refusal != ShootdownRefusal.None)
        {
            return ShootdownStory.Of(after.Refusal, state);
        }

        state = after.State;
        return ShootdownInvariant.Invariant(state) ? null : "the invariant is broken.";
    }

    private string? FollowChange(in TlbEvent happened)
    {
        if (machine.Read(happened.Physical) != happened.New)
        {
            return "What is told of a table is not what it holds.";
        }

        bool marks = happened.Kind == TlbEventKind.TableMark;
        ulong changed = happened.Old.Value ^ happened.New.Value;
        if (marks && (!EntryFormat.Has(happened.Old, EntryBit.Present)
            || (changed & ~(ulong)(EntryBit.Accessed | EntryBit.Dirty)) != 0))
        {
            return "A walk marks an entry that is not present, or changes more than A and D.";
        }

        int takesAway = 0;
        foreach (var view in _views.All)
        {
            var (given, entry, linked) = _views.Now(view);
            ref readonly var before = ref view.Base;
            if (linked == before.Linked && MappingSpec.Same(given, before.Given)
                && MappingSpec.Same(entry, before.Entry))
            {
                continue;
            }

            bool cutOff = before.Linked && !linked;
            takesAway |= MappingSpec.NeedsFlush(before.Given, given) || cutOff ? 1 << view.Space.Value : 0;
            var kind = marks ? ShootdownEventKind.Mark : ShootdownEventKind.Store;
            Coverage.Count(ShootdownClass.MarkedDirty, marks);
            if (Step(view, new(kind, happened.Cpu, given, entry, linked)) is { } refusal)
            {
                return refusal;
            }

            _frames.Linked(linked ? view.Table : null, given);
        }

        for (byte space = 0; space < _start.Spaces; space++)
        {
            _views.Add(new(space), _pages, _switches.Running(new(space)), _frames);
            if ((takesAway >> space & 1) != 0)
            {
                _switches.Stored(new(space), _start.Cpus);
            }
        }

        return marks ? FollowRead(happened) : null;
    }

    private string? FollowRead(in TlbEvent happened)
    {
        PhysicalAddress table = new(happened.Physical.Value & ~0xFFFUL);
        if (_frames.IsFree(table))
        {
            return $"A walk goes through {table}, which was given back.";
        }

        if (_views.ReadIn(happened, table) is not { } view)
        {
            return null;
        }

        Coverage.Count(ShootdownClass.ReadWhileUnlinked, !view.Base.Linked);
        if (!EntryFormat.Has(happened.New, EntryBit.Present) || !EntryFormat.IsLeaf(happened.New, view.Level))
        {
            return null;
        }

        var read = TablesNow.Of(happened.New, view.Level);
        int index = view.IndexOf(read);
        index = index < 0 ? view.Add(read, _frames.IsFree(read.Frame)) : index;
        return Step(ref view.States[index], new() { Kind = ShootdownEventKind.Read, Cpu = happened.Cpu })
            is { } refusal ? $"{ShootdownStory.Page(view)}: {refusal}" : null;
    }

    private string? FollowTranslation(in TlbEvent happened)
    {
        var translation = TablesNow.Of(happened.Outcome);
        bool fills = happened.Kind == TlbEventKind.Fill;
        CpuMask cpu = CpuMask.Of(happened.Cpu);
        string? refusal = fills
            ? "No walk has read this translation since the last flush, and it enters the TLB."
            : "The CPU uses a translation that it cannot have.";
        foreach (var view in _views.All)
        {
            int index = PageViews.IsOf(view, happened) ? view.IndexOf(translation) : -1;
            if (index < 0)
            {
                continue;
            }

            ref var state = ref view.States[index];
            bool pending = !(cpu & state.Pending).IsEmpty;
            var kind = fills ? ShootdownEventKind.Fill : ShootdownEventKind.Use;
            refusal = Step(ref state, new() { Kind = kind, Cpu = happened.Cpu });
            if (refusal is null)
            {
                Coverage.Count(
                    fills ? ShootdownClass.FilledWhilePending : ShootdownClass.UsedWhilePending, pending);
                return fills ? null : _frames.Touch(happened, translation);
            }

            refusal = $"{ShootdownStory.Page(view)}{ShootdownStory.Watched(state)}: {refusal}";
        }

        return refusal;
    }

    // A fault is right when the tables do not permit the access, or something old does not that may be kept.
    private string? FollowFault(in TlbEvent happened)
    {
        var given = TablesNow.From(machine, machine.TopOf(happened.Space), TablesNow.Levels, happened.Address);
        if (!Permits(given, happened.Access))
        {
            return null;
        }

        bool isOld = false;
        CpuMask cpu = CpuMask.Of(happened.Cpu);
        foreach (var view in _views.All)
        {
            if (!PageViews.IsOf(view, happened))
            {
                continue;
            }

            ref readonly var now = ref view.Base;
            isOld |= !now.Linked && cpu.IsWithin(now.Upper) && !Permits(now.Entry, happened.Access);
            foreach (ref readonly var state in view.States)
            {
                isOld |= cpu.IsWithin(state.Held) && !Permits(state.Watched, happened.Access);
            }
        }

        Coverage.Count(ShootdownClass.SpuriousFault, isOld);
        return isOld ? null : "The tables permit the access, and nothing that the CPU may keep forbids it.";
    }

    private string? FollowFlush(in TlbEvent happened)
    {
        bool all = happened.Kind == TlbEventKind.FlushPcid;
        foreach (var view in _views.All)
        {
            bool isOwn = all
                ? _switches.MayHold(happened.Cpu, happened.Number, view.Space)
                : view.Space == happened.Space;
            if (isOwn)
            {
                bool page = all || ShootdownStart.AddressOf[view.Page] == happened.Address;
                Coverage.Count(ShootdownClass.CaughtUp, PageViews.WasSkipped(view, happened.Cpu));
                Step(view, new()
                {
                    Kind = page ? ShootdownEventKind.FlushPage : ShootdownEventKind.FlushTables,
                    Cpu = happened.Cpu,
                });
            }
        }

        _switches.Flushed(happened);
        return null;
    }

    private string? FollowRange(in TlbEvent happened)
    {
        var kind = ShootdownSteps.KindOf(happened.Kind)!.Value;
        var cpu = happened.Kind == TlbEventKind.Send ? happened.Target : happened.Cpu;
        foreach (var view in _views.All)
        {
            ulong address = ShootdownStart.AddressOf[view.Page].Value;
            bool within = address >= happened.Address.Value && address <= happened.Last.Value;
            if (view.Space == happened.Space && within
                && Step(view, new() { Kind = kind, Cpu = cpu }) is { } refusal)
            {
                return refusal;
            }
        }

        string? stale = null;
        for (byte number = 0; number < _start.Cpus && happened.Kind == TlbEventKind.Complete; number++)
        {
            stale ??= Audit(new(number));
        }

        return stale;
    }

    private string? FollowSkip(in TlbEvent happened)
    {
        CpuMask cpu = CpuMask.Of(happened.Target);
        foreach (var view in _views.All)
        {
            if (view.Space != happened.Space)
            {
                continue;
            }

            foreach (ref readonly var state in view.States)
            {
                bool owes = !(cpu & state.Pending).IsEmpty, loaded = !(cpu & state.Loaded).IsEmpty;
                Coverage.Count(ShootdownClass.SkippedLazy, owes && loaded);
                Coverage.Count(ShootdownClass.SkippedAway, owes && !loaded);
            }

            if (Step(view, new() { Kind = ShootdownEventKind.Skip, Cpu = happened.Target }) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private string? FollowRelease(in TlbEvent happened)
    {
        var kind = ShootdownSteps.KindOf(happened.Kind)!.Value;
        bool table = happened.Kind == TlbEventKind.ReleaseTable, clean = happened.Kind == TlbEventKind.TakeClean;
        foreach (var view in _views.All)
        {
            foreach (ref var state in view.States)
            {
                // A frame that was free, and was taken and not mapped, is nothing new to this page.
                bool concerned = table ? view.Table == happened.Physical
                    : state.Watched.Frame == happened.Physical
                        && (clean ? PageViews.IsOf(view, happened) : !state.FrameFree);
                string? refusal = concerned ? Step(ref state, new() { Kind = kind, Cpu = happened.Cpu }) : null;
                if (refusal is not null)
                {
                    return $"{ShootdownStory.Page(view)}{ShootdownStory.Watched(state)}: {refusal}";
                }
            }
        }

        return clean ? _frames.TakeClean(happened.Physical)
            : _views.IsMapped(happened.Physical) ? "The frame is mapped." : _frames.Release(happened.Physical);
    }

    /// <summary>Whatever a CPU holds it must have filled, and not flushed.</summary>
    private string? Audit(CpuNumber cpu)
    {
        _cached.Clear();
        machine.ListCached(cpu, _cached);
        foreach (var held in _cached)
        {
            if (_switches.OwnerOf(cpu, held.Pcid) is { } space && !_views.MayHold(cpu, space, held))
            {
                return $"{cpu} holds {held.Page} under PCID {held.Pcid} as {held.Outcome}, and has flushed it.";
            }
        }

        return null;
    }

    private static bool Permits(in Mapping mapping, AccessKind kind) =>
        mapping.Present && (kind != AccessKind.Write || (mapping.Rights & PageRights.Write) != 0);
}
