using System.Runtime.InteropServices;

namespace PageProof.Implementation.Swap.Compressed;

/// <summary>
/// Memory for objects of any length up to a page, as zsmalloc has it: a zspage is a row of some pages, anywhere, full
/// of objects of one size, which may lie across two pages. So what is stored takes little more than its length; a pool
/// of pages with two objects each, such as zbud, never stores more than twice its size. Objects are named by
/// handles, so compaction can move them. Storing and freeing is some steps in arrays; memory grows by chunks, and is
/// used again.
/// </summary>
public sealed class CompressedPool
{
    private const int PageSize = SizeClasses.PageSize;
    private const int PageShift = 12;
    private const int ChunkShift = 4;
    private const int ObjectShift = 9;
    private const int ObjectMask = (1 << ObjectShift) - 1;
    private const int FullGroup = 4;
    private const int Groups = FullGroup + 1;
    private const int None = -1;

    private readonly SizeClasses _classes = new();
    private readonly byte[] _moved = new byte[PageSize];
    private readonly List<byte[]> _chunks = [];

    // The first zspage of each class in each group: those a quarter full, half full and so on; then those full.
    private readonly int[] _first;
    private int[] _pagesOf = new int[8 * SizeClasses.ChainMost];
    private Zspage[] _zspages = new Zspage[8];
    private int[] _freePages = new int[1 << ChunkShift];
    private int[] _places = new int[16];
    private int _freePageCount;
    private int _zspageCount;
    private int _freeZspage = None;
    private int _handleCount = 1;
    private int _freeHandle;

    public CompressedPool()
    {
        _first = new int[_classes.Count * Groups];
        Array.Fill(_first, None);
    }

    /// <summary>How many pages of memory the pool has taken.</summary>
    public int Pages { get; private set; }

    /// <summary>How long all that is stored is, together.</summary>
    public long Bytes { get; private set; }

    /// <summary>The length from which an object has a page alone.</summary>
    public int HugeFrom => _classes.HugeFrom;

    /// <summary>Stores what is at most a page long; its handle, which is not 0.</summary>
    public int Store(ReadOnlySpan<byte> content)
    {
        int of = _classes.Of(content.Length);
        int zspage = FindRoom(of);
        if (zspage == None)
        {
            zspage = Begin(of);
        }

        int place = zspage << ObjectShift | Take(zspage);
        int handle = NewHandle(place);
        Own(place, handle);
        CopyIn(zspage, ContentOf(place), content);
        Bytes += content.Length;
        return handle;
    }

    /// <summary>What was stored: where it lies, or copied to the room when it lies across two pages.</summary>
    public ReadOnlySpan<byte> Open(int handle, int length, Span<byte> room)
    {
        int place = _places[handle], offset = ContentOf(place);
        int within = offset & PageSize - 1;
        if (within + length <= PageSize)
        {
            return PageAt(place >> ObjectShift, offset).Slice(within, length);
        }

        CopyOut(place >> ObjectShift, offset, room[..length]);
        return room[..length];
    }

    /// <summary>Gives up what was stored with this length.</summary>
    public void Free(int handle, int length)
    {
        int place = _places[handle];
        (_places[handle], _freeHandle) = (_freeHandle, handle);
        Bytes -= length;
        Leave(place >> ObjectShift, place & ObjectMask);
    }

    /// <summary>
    /// Moves objects together until no class has two zspages that are not full; how many pages that frees.
    /// </summary>
    public int Compact()
    {
        int before = Pages;
        for (int of = 0; of < _classes.Count; of++)
        {
            while (TryFindPair(of, out int from, out int to))
            {
                MoveAll(from, to);
            }
        }

        return before - Pages;
    }

    private int FindRoom(int of)
    {
        for (int group = FullGroup - 1; group >= 0; group--)
        {
            if (_first[of * Groups + group] is not None and var zspage)
            {
                return zspage;
            }
        }

        return None;
    }

    private int Begin(int of)
    {
        int zspage = _freeZspage;
        if (zspage == None)
        {
            zspage = _zspageCount++;
            if (zspage == _zspages.Length)
            {
                Array.Resize(ref _zspages, zspage * 2);
                Array.Resize(ref _pagesOf, zspage * 2 * SizeClasses.ChainMost);
            }
        }
        else
        {
            _freeZspage = _zspages[zspage].Next;
        }

        _zspages[zspage] = new() { Class = of, FirstFree = None };
        for (int page = 0; page < _classes[of].Pages; page++)
        {
            _pagesOf[zspage * SizeClasses.ChainMost + page] = TakePage();
        }

        Enter(zspage);
        return zspage;
    }

    // Takes a free object, which is the last that was freed, or one that was never used.
    private int Take(int zspage)
    {
        ref var each = ref _zspages[zspage];
        int taken = each.FirstFree;
        if (taken == None)
        {
            taken = each.Fresh++;
        }
        else if (!IsAlone(each.Class))
        {
            each.FirstFree = (Head(zspage, taken) >> 1) - 1;
        }

        Remove(zspage);
        each.InUse++;
        Enter(zspage);
        return taken;
    }

    private void Leave(int zspage, int freed)
    {
        ref var each = ref _zspages[zspage];
        Remove(zspage);
        if (--each.InUse == 0)
        {
            End(zspage);
            return;
        }

        Head(zspage, freed) = each.FirstFree + 1 << 1;
        each.FirstFree = freed;
        Enter(zspage);
    }

    private void End(int zspage)
    {
        for (int page = 0; page < _classes[_zspages[zspage].Class].Pages; page++)
        {
            GivePage(_pagesOf[zspage * SizeClasses.ChainMost + page]);
        }

        (_zspages[zspage].Next, _freeZspage) = (_freeZspage, zspage);
    }

    // Two zspages of a class that are not full: the emptiest, and of the others the fullest.
    private bool TryFindPair(int of, out int from, out int to)
    {
        to = FindRoom(of);
        from = None;
        for (int group = 0; group < FullGroup && from == None; group++)
        {
            from = _first[of * Groups + group];
            if (from == to && from != None)
            {
                from = _zspages[from].Next;
            }
        }

        return from != None;
    }

    private void MoveAll(int from, int to)
    {
        var size = _classes[_zspages[from].Class];
        int fresh = _zspages[from].Fresh;
        for (int each = 0; each < fresh && _zspages[from].InUse > 0; each++)
        {
            if (_zspages[to].InUse == size.Objects)
            {
                return;
            }

            if ((Head(from, each) & 1) == 0)
            {
                continue;
            }

            int handle = Head(from, each) >> 1;
            CopyOut(from, each * size.Bytes, _moved.AsSpan(0, size.Bytes));
            int place = to << ObjectShift | Take(to);
            CopyIn(to, (place & ObjectMask) * size.Bytes, _moved.AsSpan(0, size.Bytes));
            _places[handle] = place;
            Leave(from, each);
        }
    }

    private int NewHandle(int place)
    {
        int handle = _freeHandle;
        if (handle == 0)
        {
            handle = _handleCount++;
            if (handle == _places.Length)
            {
                Array.Resize(ref _places, handle * 2);
            }
        }
        else
        {
            _freeHandle = _places[handle];
        }

        _places[handle] = place;
        return handle;
    }

    private void Own(int place, int handle)
    {
        int zspage = place >> ObjectShift;
        if (!IsAlone(_zspages[zspage].Class))
        {
            Head(zspage, place & ObjectMask) = handle << 1 | 1;
        }
    }

    private bool IsAlone(int of) => _classes[of].Objects == 1;

    private int ContentOf(int place)
    {
        var size = _classes[_zspages[place >> ObjectShift].Class];
        return (place & ObjectMask) * size.Bytes + (size.Objects == 1 ? 0 : SizeClasses.HeadSize);
    }

    // An odd head is that of an object in use, and holds its handle; an even one the next free object, plus one.
    private ref int Head(int zspage, int number)
    {
        int offset = number * _classes[_zspages[zspage].Class].Bytes;
        return ref MemoryMarshal.AsRef<int>(PageAt(zspage, offset)[(offset & PageSize - 1)..]);
    }

    private Span<byte> PageAt(int zspage, int offset)
    {
        int page = _pagesOf[zspage * SizeClasses.ChainMost + (offset >> PageShift)];
        return _chunks[page >> ChunkShift].AsSpan((page & (1 << ChunkShift) - 1) << PageShift, PageSize);
    }

    private void CopyIn(int zspage, int offset, ReadOnlySpan<byte> content)
    {
        int room = PageSize - (offset & PageSize - 1);
        int first = Math.Min(room, content.Length);
        content[..first].CopyTo(PageAt(zspage, offset)[(PageSize - room)..]);
        if (first < content.Length)
        {
            content[first..].CopyTo(PageAt(zspage, offset + first));
        }
    }

    private void CopyOut(int zspage, int offset, Span<byte> room)
    {
        int within = offset & PageSize - 1;
        int first = Math.Min(PageSize - within, room.Length);
        PageAt(zspage, offset).Slice(within, first).CopyTo(room);
        if (first < room.Length)
        {
            PageAt(zspage, offset + first)[..(room.Length - first)].CopyTo(room[first..]);
        }
    }

    private int TakePage()
    {
        if (_freePageCount == 0)
        {
            int from = _chunks.Count << ChunkShift;
            _chunks.Add(GC.AllocateUninitializedArray<byte>(PageSize << ChunkShift));
            for (int page = (1 << ChunkShift) - 1; page >= 0; page--)
            {
                GivePage(from + page);
                Pages++;
            }
        }

        Pages++;
        return _freePages[--_freePageCount];
    }

    private void GivePage(int page)
    {
        if (_freePageCount == _freePages.Length)
        {
            Array.Resize(ref _freePages, _freePageCount * 2);
        }

        _freePages[_freePageCount++] = page;
        Pages--;
    }

    private int GroupOf(in Zspage zspage)
    {
        int objects = _classes[zspage.Class].Objects;
        return zspage.Class * Groups + zspage.InUse * FullGroup / objects;
    }

    private void Enter(int zspage)
    {
        ref var each = ref _zspages[zspage];
        ref int first = ref _first[GroupOf(each)];
        (each.Next, each.Previous) = (first, None);
        if (first != None)
        {
            _zspages[first].Previous = zspage;
        }

        first = zspage;
    }

    private void Remove(int zspage)
    {
        ref var each = ref _zspages[zspage];
        if (each.Next != None)
        {
            _zspages[each.Next].Previous = each.Previous;
        }

        if (each.Previous != None)
        {
            _zspages[each.Previous].Next = each.Next;
        }
        else
        {
            _first[GroupOf(each)] = each.Next;
        }
    }

    private struct Zspage
    {
        public int Class;
        public int InUse;
        public int FirstFree;
        public int Fresh;
        public int Next;
        public int Previous;
    }
}
