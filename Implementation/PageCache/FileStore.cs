using PageProof.Implementation.Kernel;

namespace PageProof.Implementation.PageCache;

/// <summary>
/// What files hold on their device, page by page in one array that grows; a page that was never written back is
/// not there, and is zero.
/// </summary>
internal sealed class FileStore
{
    private const int PagesFirst = 16;
    private const int Words = PhysicalPages.WordsOfFrame;

    private readonly PageIndex _index = new();
    private readonly Stack<int> _free = [];
    private ulong[] _words = new ulong[PagesFirst * Words];
    private int _pages;

    /// <summary>How many pages were written and read so far.</summary>
    public (long Written, long Read) Transfers { get; private set; }

    /// <summary>How many pages are there.</summary>
    public int Count => _index.Count;

    /// <summary>Nothing is there.</summary>
    public void Clear()
    {
        _index.Clear();
        _free.Clear();
        _pages = 0;
        Transfers = default;
    }

    /// <summary>Whether a page is there.</summary>
    public bool Has(int file, ulong index) => Count > 0 && _index.Find(file, index) != PageIndex.None;

    /// <summary>Writes a page.</summary>
    public void Write(int file, ulong index, ReadOnlySpan<ulong> words)
    {
        int page = _index.Find(file, index);
        if (page == PageIndex.None)
        {
            page = Take();
            _index.Add(file, index, page);
        }

        words.CopyTo(_words.AsSpan(page * Words));
        Transfers = (Transfers.Written + 1, Transfers.Read);
    }

    /// <summary>Reads a page that is there.</summary>
    public void Read(int file, ulong index, Span<ulong> words)
    {
        _words.AsSpan(_index.Find(file, index) * Words, Words).CopyTo(words);
        Transfers = (Transfers.Written, Transfers.Read + 1);
    }

    /// <summary>The words of a page that is there.</summary>
    public Span<ulong> WordsOf(int file, ulong index) => _words.AsSpan(_index.Find(file, index) * Words, Words);

    /// <summary>A page is there no more.</summary>
    public void Remove(int file, ulong index)
    {
        int page = _index.Find(file, index);
        if (page != PageIndex.None)
        {
            _index.Remove(file, index);
            _free.Push(page);
        }
    }

    private int Take()
    {
        if (_free.TryPop(out int page))
        {
            return page;
        }

        if ((_pages + 1) * Words > _words.Length)
        {
            Array.Resize(ref _words, 2 * _words.Length);
        }

        return _pages++;
    }
}
