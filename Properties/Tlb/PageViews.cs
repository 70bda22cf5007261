using PageProof.Contract;
using PageProof.Contract.Tlb;
using PageProof.Spec.Tlb;

namespace PageProof.Properties.Tlb;

/// <summary>
/// Every page that programs use, through every table page that ever was on its way: each is watched from the
/// moment at which it is first.
/// </summary>
internal sealed class PageViews(IInspect machine)
{
    private readonly List<TableView> _all = [];
    private readonly PhysicalAddress[] _path = new PhysicalAddress[TablesNow.Levels];

    public List<TableView> All => _all;

    /// <summary>A hash of every state.</summary>
    public ulong StateHash
    {
        get
        {
            ulong hash = 0;
            foreach (var view in _all)
            {
                foreach (ref readonly var state in view.States)
                {
                    hash = (hash ^ (uint)state.GetHashCode()) * 0x9E37_79B9_7F4A_7C15 + (hash >> 29);
                }
            }

            return hash;
        }
    }

    /// <summary>What walks find of a view now, and whether its table page is on the way.</summary>
    public (Mapping Given, Mapping Entry, bool Linked) Now(TableView view)
    {
        var address = ShootdownStart.AddressOf[view.Page];
        var top = machine.TopOf(view.Space);
        int count = TablesNow.Path(machine, top, address, _path);
        bool linked = _path.AsSpan(0, count).IndexOf(view.Table) == TablesNow.Levels - view.Level;
        var given = TablesNow.From(machine, top, TablesNow.Levels, address);
        return (given, linked ? given : TablesNow.From(machine, view.Table, view.Level, address), linked);
    }

    /// <summary>Whether a view is of the page of an event.</summary>
    public static bool IsOf(TableView view, in TlbEvent happened) =>
        view.Space == happened.Space && ShootdownStart.AddressOf[view.Page] == happened.Address;

    /// <summary>Whether a frame is mapped.</summary>
    public bool IsMapped(PhysicalAddress frame) => GivenOf(frame).Present;

    /// <summary>How a frame is mapped, if it is.</summary>
    public Mapping GivenOf(PhysicalAddress frame)
    {
        foreach (var view in _all)
        {
            if (view.Base.Given.Present && view.Base.Given.Frame == frame)
            {
                return view.Base.Given;
            }
        }

        return default;
    }

    /// <summary>
    /// The view in which a walk reads. One table page may have served at several levels: it is read as what it is
    /// now, or as what the CPU kept.
    /// </summary>
    public TableView? ReadIn(in TlbEvent happened, PhysicalAddress table)
    {
        TableView? found = null;
        foreach (var view in _all)
        {
            if (!IsOf(view, happened) || view.Table != table)
            {
                continue;
            }

            if (view.Base.Linked)
            {
                return view;
            }

            found = found is null || view.Base.Upper.Contains(happened.Cpu) ? view : found;
        }

        return found;
    }

    /// <summary>Whether a CPU may hold what an audit has found under a PCID of a space.</summary>
    public bool MayHold(CpuNumber cpu, SpaceNumber space, in CachedPage held)
    {
        var translation = TablesNow.Of(held.Outcome);
        bool known = false;
        foreach (var view in _all)
        {
            if (view.Space == space && ShootdownStart.AddressOf[view.Page] == held.Page)
            {
                int index = view.IndexOf(translation);
                known = true;
                if (index >= 0 && CpuMask.Of(cpu).IsWithin(view.States[index].Held))
                {
                    return true;
                }
            }
        }

        return !known;
    }

    /// <summary>Whether a CPU owes a flush of the page for which nobody waits.</summary>
    public static bool WasSkipped(TableView view, CpuNumber cpu)
    {
        foreach (ref readonly var state in view.States)
        {
            if (state.Skipped.Contains(cpu))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Adds what is on the way to these pages of a space and is not watched yet.</summary>
    public void Add(
        SpaceNumber space, byte pages, (CpuMask Loaded, CpuMask Active) running, FrameBook frames)
    {
        for (int page = 0; page < ShootdownCommand.Pages; page++)
        {
            if ((pages >> page & 1) == 0)
            {
                continue;
            }

            var address = ShootdownStart.AddressOf[page];
            int count = TablesNow.Path(machine, machine.TopOf(space), address, _path);
            for (int place = 1; place < count; place++)
            {
                int level = TablesNow.Levels - place;
                if (!IsWatched(space, page, _path[place], level))
                {
                    var given = TablesNow.From(machine, machine.TopOf(space), TablesNow.Levels, address);
                    _all.Add(new(space, page, _path[place], level, new ShootdownState
                    {
                        Watched = TableView.Nowhere,
                        Given = given,
                        Entry = given,
                        Linked = true,
                        Loaded = running.Loaded,
                        Active = running.Active,
                        Upper = running.Loaded,
                    }));
                    frames.Linked(_path[place], given);
                }
            }
        }
    }

    private bool IsWatched(SpaceNumber space, int page, PhysicalAddress table, int level)
    {
        foreach (var view in _all)
        {
            if (view.Space == space && view.Page == page && view.Table == table && view.Level == level)
            {
                return true;
            }
        }

        return false;
    }
}
