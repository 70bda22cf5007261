using PageProof.Contract.Frames;
using PageProof.Contract.PageCache;
using PageProof.Implementation.Kernel;

namespace PageProof.Implementation.PageCache;

/// <summary>
/// The objects that processes share, and those of their pages that are in memory: one copy of each, whoever
/// maps, reads or writes it. Pages are found by one table of frames with open addressing; those of one object
/// are also linked through the records of their frames. Files come first, and are always there.
/// </summary>
internal sealed class ObjectCache(PhysicalPages pages)
{
    /// <summary>There is no such frame, or no such object.</summary>
    public const int None = -1;

    private const int CapacityFirst = 1024;
    private const int ObjectsFirst = 16;
    private const int IndexBits = 32;

    private MemoryObject[] _objects = new MemoryObject[ObjectsFirst];
    private ulong[] _keys = new ulong[CapacityFirst];
    private int[] _frames = new int[CapacityFirst];
    private int _used;
    private int _free = None;

    /// <summary>How many objects are files.</summary>
    public int Files { get; private set; }

    /// <summary>How many numbers of objects there were so far.</summary>
    public int Objects { get; private set; }

    /// <summary>How many pages of all objects are in memory.</summary>
    public int Cached => _used;

    public ref MemoryObject this[int number] => ref _objects[number];

    /// <summary>Nothing is in memory, and there are the files.</summary>
    public void Reset(ReadOnlySpan<KernelFile> files)
    {
        _keys.AsSpan().Clear();
        (_used, _free, Files, Objects) = (0, None, 0, 0);
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
    public int Find(int number, ulong index)
    {
        int slot = SlotOf(KeyOf(number, index));
        return _keys[slot] == 0 ? None : _frames[slot];
    }

    /// <summary>A frame that somebody holds is the page of an object from now on; the hold stays.</summary>
    public FrameOutcome Add(int number, ulong index, int frame)
    {
        var outcome = pages.Table.EnterCache(frame, number, (uint)index);
        if (outcome != FrameOutcome.Done)
        {
            return outcome;
        }

        if (2 * (_used + 1) > _keys.Length)
        {
            Grow();
        }

        ulong key = KeyOf(number, index);
        int slot = SlotOf(key);
        (_keys[slot], _frames[slot]) = (key, frame);
        _used++;
        Link(ref _objects[number], frame);
        return outcome;
    }

    /// <summary>A page is in memory no more. Whoever removes it drops the reference of the cache then.</summary>
    public void Remove(int frame)
    {
        ref var record = ref pages.Table[frame];
        Unlink(ref _objects[record.Owner], frame);
        int slot = SlotOf(KeyOf(record.Owner, record.Index));
        _used--;

        // What lies beyond is found by going on from its own place, which must not come to a hole.
        int mask = _keys.Length - 1;
        for (int next = slot + 1 & mask; _keys[next] != 0; next = next + 1 & mask)
        {
            int home = HomeOf(_keys[next]);
            if ((next - home & mask) >= (next - slot & mask))
            {
                (_keys[slot], _frames[slot]) = (_keys[next], _frames[next]);
                slot = next;
            }
        }

        _keys[slot] = 0;
    }

    /// <summary>The number can be another object's; nothing of it is in memory.</summary>
    public void Forget(int number) => (_objects[number].First, _free) = (_free, number);

    private static ulong KeyOf(int number, ulong index) => (ulong)(number + 1) << IndexBits | index;

    private int HomeOf(ulong key) => (int)(key * 0x9E37_79B9_7F4A_7C15 >> 32) & _keys.Length - 1;

    private int SlotOf(ulong key)
    {
        int slot = HomeOf(key);
        while (_keys[slot] != 0 && _keys[slot] != key)
        {
            slot = slot + 1 & _keys.Length - 1;
        }

        return slot;
    }

    private void Grow()
    {
        var (keys, frames) = (_keys, _frames);
        (_keys, _frames) = (new ulong[2 * keys.Length], new int[2 * keys.Length]);
        for (int old = 0; old < keys.Length; old++)
        {
            if (keys[old] != 0)
            {
                int slot = SlotOf(keys[old]);
                (_keys[slot], _frames[slot]) = (keys[old], frames[old]);
            }
        }
    }

    private void Link(ref MemoryObject owner, int frame)
    {
        ref var record = ref pages.Table[frame];
        (record.Next, record.Previous) = (owner.First, None);
        if (owner.First != None)
        {
            pages.Table[owner.First].Previous = frame;
        }

        owner.First = frame;
        owner.Cached++;
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

        owner.Cached--;
    }
}
