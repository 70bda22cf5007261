using PageProof.Contract.Frames;
using PageProof.Contract.Kernel;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.Kernel;

/// <summary>
/// Tells an observer what happens to frames and the entries that lead to them. Where nobody listens there is none of
/// these, so that it costs a comparison, and none where no entry changes.
/// </summary>
internal sealed class SharingWatch(IObserveSharing observer)
{
    public IObserveSharing Observer => observer;

    /// <summary>A frame was given out and filled with what another one holds.</summary>
    public void Taken(int frame, int source) => observer.Observe(new()
    {
        Kind = SharingNoteKind.Take,
        Frame = new(frame),
        Source = new(source),
    });

    /// <summary>Something has happened to a frame, whatever entries lead to it.</summary>
    public void Tell(SharingNoteKind kind, int frame) => observer.Observe(new() { Kind = kind, Frame = new(frame) });

    /// <summary>Something has happened to an entry; given as it is or was.</summary>
    public void Tell(SharingNoteKind kind, AddressSpace space, ulong page, ulong entry, bool shared = false) =>
        observer.Observe(new()
        {
            Kind = kind,
            Frame = new(FrameOf(entry)),
            Place = PlaceOf(space, page),
            Shared = shared,
            Writable = entry.IsPresent && (entry & EntryBits.Writable) != 0,
            Dirty = (entry & EntryBits.Dirty) != 0,
        });

    /// <summary>An entry has gone to another place.</summary>
    public void Moved(AddressSpace space, ulong page, ulong to, ulong entry) => observer.Observe(new()
    {
        Kind = SharingNoteKind.Move,
        Frame = new(FrameOf(entry)),
        Place = PlaceOf(space, page),
        To = PlaceOf(space, to),
    });

    /// <summary>A page has come to another frame, and all that refers to it.</summary>
    public void Migrated(int from, int to) => observer.Observe(new()
    {
        Kind = SharingNoteKind.Migrate,
        Frame = new(to),
        Source = new(from),
    });

    /// <summary>The rights of the entries of a range are these now.</summary>
    public void Rights<TYield>(in KernelCpu<TYield> cpu, AddressSpace space, ulong start, ulong end)
        where TYield : struct, IWait
    {
        var entries = cpu.EntriesOf(space, start, end);
        while (entries.MoveNext())
        {
            if (!SwapLeaves.IsAway(entries.Entry))
            {
                Tell(SharingNoteKind.Rights, space, entries.Page, entries.Entry);
            }
        }
    }

    private static int FrameOf(ulong entry) =>
        PhysicalPages.FrameOf(entry.IsPresent ? entry : HiddenLeaf.Shown(entry));

    private static FramePlace PlaceOf(AddressSpace space, ulong page) =>
        new(space.Number, page >> AddressSpace.PageBits);
}
