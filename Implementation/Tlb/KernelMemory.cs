using PageProof.Contract;
using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.Tlb;

/// <summary>Memory as software on one CPU edits tables in it: each change is told, each read counts.</summary>
internal readonly struct KernelMemory(FlatMemory memory, MachineWatch watch, CpuNumber cpu) : IEditableMemory
{
    public bool Contains(PhysicalAddress address) => memory.Contains(address);

    public PagingEntry Read(PhysicalAddress address)
    {
        var entry = memory.Read(address);
        watch.HasRead(cpu, entry.Value);
        return entry;
    }

    public void Write(PhysicalAddress address, PagingEntry entry)
    {
        var old = memory.Read(address);
        if (old != entry)
        {
            memory.Write(address, entry);
            Tell(address, old, entry);
        }
    }

    public PagingEntry Exchange(PhysicalAddress address, PagingEntry entry)
    {
        var old = memory.Exchange(address, entry);
        Tell(address, old, entry);
        return old;
    }

    public PagingEntry CompareExchange(PhysicalAddress address, PagingEntry entry, PagingEntry expected)
    {
        var old = memory.CompareExchange(address, entry, expected);
        Tell(address, old, old == expected ? entry : old);
        return old;
    }

    private void Tell(PhysicalAddress address, PagingEntry old, PagingEntry entry)
    {
        watch.HasRead(cpu, old.Value);
        watch.Changed(address, old.Value, entry.Value);
        watch.Tell(new()
        {
            Kind = TlbEventKind.TableStore,
            Cpu = cpu,
            Physical = address,
            Old = old,
            New = entry,
        });
    }
}
