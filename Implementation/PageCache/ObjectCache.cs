using PageProof.Contract.Frames;
using PageProof.Contract.PageCache;
using PageProof.Contract.Swap;
using PageProof.Implementation.Kernel;

namespace PageProof.Implementation.PageCache;

/// <summary>
/// The objects that processes share, and those of their pages that are in memory: one copy of each, whoever
/// maps, reads or writes it. Pages are found by one index; those of one object are also linked through the records
/// of their frames. Of memory without a name a page may be in a slot instead, which another index tells. Files come
/// first, and are always there.
/// </summary>
internal sealed class ObjectCache(PhysicalPages pages)
{
    /// <summary>There is no such frame, or no such object.</summary>
    public const int None = -1;

    private const int ObjectsFirst = 16;

    private const int SlotBits = 24;

    private readonly PageIndex _frames = new();
    private readonly PageIndex _slots = new();
    private MemoryObject[] _objects = new MemoryObject[ObjectsFirst];
    private int _free = None;

    /// <summary>How many objects are files.</summary>
    public int Files { get; private set; }

    /// <summary>How many numbers of objects there were so far.</summary>
    public int Objects { get; private set; }

    /// <summary>How many pages of all objects are in memory.</summary>
    public int Cached => _frames.Count;

    public ref MemoryObject this[int number] => ref _objects[number];

    /// <summary>Nothing is in memory, and there are the files.</summary>
    public void Reset(ReadOnlySpan<KernelFile> files)
    {
        _frames.Clear();
        _slots.Clear();
        (_free, Files, Objects) = (None, 0, 0);
        foreach (var file in files)
        {
            int number = Create(file.Length.Value);
            _objects[number].Rights = file.Rights;
        }

        Files = files.Length;
    }

    /// <summary>An object with one who refers to it, all of whose bytes are zero.</summary>
    public int Create(ulong length)
    {
        int number = _free;
        if (number != None)
        {
            _free = _objects[number].First;
        }
        else
        {
            number = Objects++;
            if (number == _objects.Length)
            {
                Array.Resize(ref _objects, 2 * number);
            }
        }

        _objects[number] = new() { Length = length, References = 1, First = None };
        return number;
    }

    /// <summary>The frame of a page that is in memory; -1 when it is not.</summary>
    public int Find(int number, ulong index) => _frames.Find(number, index);

    /// <summary>A frame that somebody holds is the page of an object from now on; the hold stays.</summary>
    public FrameOutcome Add(int number, ulong index, int frame)
    {
        var outcome = pages.Table.EnterCache(frame, number, (uint)index);
        if (outcome == FrameOutcome.Done)
        {
            _frames.Add(number, index, frame);
            Link(ref _objects[number], frame);
        }

        return outcome;
    }

    /// <summary>A page is in memory no more. Whoever removes it drops the reference of the cache then.</summary>
    public void Remove(int frame)
    {
        ref var record = ref pages.Table[frame];
        Unlink(ref _objects[record.Owner], frame);
        _frames.Remove(record.Owner, record.Index);
    }

    /// <summary>A page that is in memory is in another frame from now on, which somebody holds.</summary>
    public void Renew(int from, int to)
    {
        ref var old = ref pages.Table[from];
        var (number, index) = (old.Owner, old.Index);
        pages.Table.EnterCache(to, number, index);
        _frames.Remove(number, index);
        _frames.Add(number, index, to);
        Unlink(ref _objects[number], from);
        Link(ref _objects[number], to);
        pages.Table.LeaveCache(from);
    }

    /// <summary>Whether a page of an object without a name is in a slot, and then in which.</summary>
    public bool TryFindSlot(int number, ulong index, out SwapPlace place)
    {
        int found = _slots.Count == 0 ? PageIndex.None : _slots.Find(number, index);
        place = new(new((byte)(found >> SlotBits)), new((ulong)(uint)found & ((1UL << SlotBits) - 1)));
        return found != PageIndex.None;
    }

    /// <summary>A page that is not in memory is in a slot, to which the cache refers from now on.</summary>
    public void EnterSlot(int number, ulong index, SwapPlace place)
    {
        _slots.Add(number, index, place.Area.Value << SlotBits | (int)place.Slot.Value);
        _objects[number].Swapped++;
    }

    /// <summary>A page is in its slot no more.</summary>
    public void LeaveSlot(int number, ulong index)
    {
        _slots.Remove(number, index);
        _objects[number].Swapped--;
    }

    /// <summary>The number can be another object's; nothing of it is in memory.</summary>
    public void Forget(int number) => (_objects[number].First, _free) = (_free, number);

    private void Link(ref MemoryObject owner, int frame)
    {
        ref var record = ref pages.Table[frame];
        (record.Next, record.Previous) = (owner.First, None);
        if (owner.First != None)
        {
            pages.Table[owner.First].Previous = frame;
        }

        owner.First = frame;
    }

    private void Unlink(ref MemoryObject owner, int frame)
    {
        ref var record = ref pages.Table[frame];
        if (record.Next != None)
        {
            pages.Table[record.Next].Previous = record.Previous;
        }

        if (record.Previous != None)
        {
            pages.Table[record.Previous].Next = record.Next;
        }
        else
        {
            owner.First = record.Next;
        }
    }
}
