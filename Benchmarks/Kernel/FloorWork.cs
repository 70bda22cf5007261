using System.Diagnostics;
using PageProof.Benchmarks.Paging;
using PageProof.Contract.Paging;
using PageProof.Implementation.Paging;

namespace PageProof.Benchmarks.Kernel;

/// <summary>
/// What no fault can do without: to clear a page, or to copy one, and one walk; over as many pages as the faults that
/// it stands beside.
/// </summary>
internal sealed class FloorWork
{
    private const int Words = 512;

    private readonly int _pages;
    private readonly ulong[] _memory;
    private readonly MappedMemory _mapped;
    private readonly X86Walker<FourLevels> _walker;
    private ulong _found;

    public FloorWork(int pages)
    {
        _pages = pages;
        _memory = new ulong[2 * pages * Words];
        _mapped = new(levels: 4, leafLevel: 1, pages);
        _walker = new(_mapped.Control);
    }

    public double Clear { get; private set; } = double.MaxValue;

    public double Copy { get; private set; } = double.MaxValue;

    public double Walk { get; private set; } = double.MaxValue;

    /// <summary>Does each once for all pages.</summary>
    public void Pass()
    {
        Clear = Math.Min(Clear, TimeOf(ClearAll));
        Copy = Math.Min(Copy, TimeOf(CopyAll));
        Walk = Math.Min(Walk, TimeOf(WalkAll));
    }

    private Span<ulong> PageAt(int page) => _memory.AsSpan(page * Words, Words);

    private void ClearAll()
    {
        for (int page = 0; page < _pages; page++)
        {
            PageAt(page).Clear();
        }
    }

    private void CopyAll()
    {
        for (int page = 0; page < _pages; page++)
        {
            PageAt(page).CopyTo(PageAt(_pages + page));
        }
    }

    private void WalkAll()
    {
        for (int page = 0; page < _pages; page++)
        {
            Access access = new(new((ulong)page << 12), AccessKind.Write, PrivilegeLevel.Ring3);
            _found ^= _walker.Walk(_mapped.Memory, access).Address.Value;
        }
    }

    private double TimeOf(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / _pages;
    }
}
