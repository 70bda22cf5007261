using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.Tlb;

public sealed partial class Cpu
{
    /// <summary>All that is held, array by array.</summary>
    public List<TlbEntry> Contents()
    {
        List<TlbEntry> held = [];
        for (int row = 0; row < AccessRows.Count; row++)
        {
            foreach (var slot in _tlb.Front.Held(row))
            {
                AddFront(held, row, slot);
            }
        }

        foreach (var (place, array) in _tlb.Arrays)
        {
            foreach (var (tag, entry) in array.Held)
            {
                int level = TlbTag.LevelOf(tag);
                ulong page = TlbTag.AddressOf(tag);
                held.Add(Told(entry, level, page) with { Place = place, Pcid = PcidOf(tag) });
            }
        }

        foreach (var array in _upper.Arrays)
        {
            foreach (var (tag, entry) in array.Held)
            {
                held.Add(new()
                {
                    Place = TlbPlace.UpperEntries,
                    Level = TlbTag.LevelOf(tag),
                    Page = new(TlbTag.AddressOf(tag)),
                    Pcid = PcidOf(tag),
                    Target = new(entry & EntryBits.Frame),
                    Rights = (PageRights)(entry >> EntryBits.WritableShift & 3) | (PageRights)(~entry >> 61 & 4),
                });
            }
        }

        return held;
    }

    private void AddFront(List<TlbEntry> held, int row, in FrontSlot slot)
    {
        ulong page = slot.Tag << 12;
        held.Add(Told(slot.Entry, slot.Level, page) with
        {
            Place = TlbPlace.Front,
            Kind = AccessRows.KindOf(row),
            UserMode = AccessRows.IsUser(row),
            AlignmentCheck = AccessRows.OverridesSmap(row),
            Target = new(page + slot.Offset),
        });
    }

    private TlbEntry Told(ulong entry, int level, ulong page)
    {
        var outcome = Translated(entry, level, page);
        return new()
        {
            Level = level,
            Page = new(page),
            Target = outcome.Address,
            Rights = outcome.Rights,
            Dirty = outcome.Dirty,
        };
    }

    private static Pcid? PcidOf(ulong tag) =>
        (tag & TlbTag.Global) != 0 ? null : new Pcid((ushort)TlbTag.PcidOf(tag));
}
