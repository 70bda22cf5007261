using PageProof.Contract.Scheduling;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Tlb;

namespace PageProof.Implementation.Kernel;

/// <summary>
/// How a CPU comes by locks: first that of a space or of one area, then that of tables. Whoever waits for a lock takes
/// interrupts, and whoever has one may wait for others to take theirs.
/// </summary>
internal readonly partial struct KernelCpu<TYield>
{
    private CpuWaits Waits => core.WaitsOf(self.Number.Value);

    /// <summary>Takes the lock under which areas of a space are changed.</summary>
    public void Lock(AddressSpace space) => Take(space, LockMode.Write);

    /// <summary>Takes the lock under which areas of a space stay as they are, for who makes pages present.</summary>
    public void LockToRead(AddressSpace space) => Take(space, LockMode.Read);

    /// <summary>
    /// The same for who may tell that nothing is mapped: no CPU reaches a page any more where nothing is.
    /// </summary>
    public void LockToLook(AddressSpace space) => Take(space, LockMode.Look);

    /// <summary>Lets others read what has been changed, and goes on as one of them.</summary>
    public void Downgrade(AddressSpace space)
    {
        yield.Point(YieldKind.Unlock);
        space.Areas.EndWrites();
        space.Lock.Downgrade(self.Number.Value);
        yield.Point(YieldKind.Lock);
    }

    /// <summary>Gives the lock back, as whatever it is had.</summary>
    public void Unlock(AddressSpace space)
    {
        yield.Point(YieldKind.Unlock);
        if (space.Lock.IsWrittenBy(self.Number.Value))
        {
            space.Areas.EndWrites();
        }

        space.Lock.Release(self.Number.Value);
    }

    /// <summary>
    /// Finds the area of an address and begins to read it, without the lock of the space; false when it is not found,
    /// or is being changed, or others than that are found in its place.
    /// </summary>
    public bool TryRead(AddressSpace space, ulong address, out int node)
    {
        node = space.Areas.FirstEndingAbove(address, yield, locked: false);
        if (node == 0)
        {
            return false;
        }

        yield.Point(YieldKind.Lock);
        space.Areas.LockOf(node).Readers |= self.Bit;
        yield.Point(YieldKind.Lock);
        bool isThere = space.Areas.IsToRead(node, address);
        if (!isThere)
        {
            EndRead(space, node);
        }

        return isThere;
    }

    /// <summary>Reads an area no more.</summary>
    public void EndRead(AddressSpace space, int node)
    {
        yield.Point(YieldKind.Unlock);
        space.Areas.LockOf(node).Readers &= ~self.Bit;
    }

    /// <summary>Begins to change an area, under the write lock of the space; ends when that is given up.</summary>
    public void StartWrite(AddressSpace space, int node)
    {
        space.Areas.LockOf(node).Mark = space.Areas.Epoch;
        while (space.Areas.LockOf(node).Readers != 0)
        {
            (Waits.Space, Waits.Area) = (space, node);
            Shootdown.Serve(self, yield);
            yield.Until(YieldKind.Lock, Waits.ForArea);
        }
    }

    /// <summary>Takes the lock under which entries of the tables of a space are changed.</summary>
    public void LockTables(AddressSpace space)
    {
        yield.Point(YieldKind.Lock);
        while (space.TablesLocked)
        {
            Waits.Space = space;
            Shootdown.Serve(self, yield);
            yield.Until(YieldKind.Lock, Waits.ForTables);
        }

        space.TablesLocked = true;
    }

    /// <summary>Gives that lock back.</summary>
    public void UnlockTables(AddressSpace space)
    {
        yield.Point(YieldKind.Unlock);
        space.TablesLocked = false;
    }

    /// <summary>
    /// Takes the locks under which who comes from the side of what a space maps changes its entries; false when there
    /// is no process any more.
    /// </summary>
    public bool TryVisit(AddressSpace space)
    {
        if (!TryLock(space, LockMode.Look))
        {
            return false;
        }

        LockTables(space);
        return true;
    }

    /// <summary>
    /// Takes the lock of a space of which it is not known whether its process ends; false when there is none any more.
    /// Under the lock it stays.
    /// </summary>
    public bool TryLock(AddressSpace space, LockMode mode)
    {
        Shootdown.Serve(self, yield);
        yield.Point(YieldKind.Lock);
        if (space.Shared is null)
        {
            return false;
        }

        // Whoever gets in line now is before a fork that takes the number.
        TakeOrWait(space, mode);
        bool isThere = space.Shared is not null;
        if (!isThere)
        {
            Unlock(space);
        }

        return isThere;
    }

    /// <summary>Gives them back.</summary>
    public void EndVisit(AddressSpace space)
    {
        UnlockTables(space);
        Unlock(space);
    }

    /// <summary>
    /// Begins to work for a process, and for another of which a call is; not while one of them begins or ends. Whoever
    /// waits here has no lock, and is at work for nobody, so that whoever is waited for never waits for it.
    /// </summary>
    public void Enter(AddressSpace space, AddressSpace other)
    {
        while (!space.IsSettled || !other.IsSettled)
        {
            Waits.Space = space.IsSettled ? other : space;
            Shootdown.Serve(self, yield);
            yield.Until(YieldKind.Lock, Waits.ForState);
        }

        space.Users |= self.Bit;
        other.Users |= self.Bit;
    }

    /// <summary>Is not at work for them any more.</summary>
    public void Leave(AddressSpace space, AddressSpace other)
    {
        space.Users &= ~self.Bit;
        other.Users &= ~self.Bit;
    }

    /// <summary>Makes every CPU that still has the tables of a space loaded leave them, this one as well.</summary>
    public void LeaveTables(AddressSpace space)
    {
        var idle = core.Idle.Shared!;
        if (self.Space == space.Shared)
        {
            ContextSwitch.To(self, idle, yield);
        }

        Shootdown.MakeLeave(self, space.Shared!, idle, core.Cpus, yield);
    }

    /// <summary>Waits until no other CPU is at work for a process.</summary>
    public void AwaitOthers(AddressSpace space)
    {
        while (space.IsUsedBesides(self.Bit))
        {
            Waits.Space = space;
            Shootdown.Serve(self, yield);
            yield.Until(YieldKind.Lock, Waits.ForOthers);
        }
    }

    /// <summary>Has met a page on its way from a frame, and will wait for it when it has no lock.</summary>
    public void Meet(int frame) => Waits.Frame = frame;

    /// <summary>Waits until the page that was met last has come to where it is to be. No lock is held.</summary>
    public void AwaitMigration()
    {
        while (core.Migrations.IsMoving(Waits.Frame))
        {
            Shootdown.Serve(self, yield);
            yield.Until(YieldKind.Lock, Waits.ForMigration);
        }
    }

    private void Take(AddressSpace space, LockMode mode)
    {
        Shootdown.Serve(self, yield);
        yield.Point(YieldKind.Lock);
        TakeOrWait(space, mode);
    }

    private void TakeOrWait(AddressSpace space, LockMode mode)
    {
        if (!space.Lock.TryTake(self.Number.Value, mode))
        {
            TakeInTurn(space, mode);
        }
    }

    private void TakeInTurn(AddressSpace space, LockMode mode)
    {
        space.Lock.Wait(self.Number.Value, mode);
        while (!space.Lock.IsReadyFor(self.Number.Value))
        {
            Waits.Space = space;
            Shootdown.Serve(self, yield);
            yield.Until(YieldKind.Lock, Waits.ForSpace);
        }

        space.Lock.TakeNext(self.Number.Value);
    }
}
