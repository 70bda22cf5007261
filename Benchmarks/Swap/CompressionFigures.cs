using System.Diagnostics;
using PageProof.Implementation.Swap;
using PageProof.Implementation.Swap.Compressed;

namespace PageProof.Benchmarks.Swap;

/// <summary>
/// What it takes to keep a page compressed: how short it becomes and how long that takes, for LZ4 and Zstandard, beside
/// copying it, all in one run, the fastest of several passes. Then the whole way through zswap and zram. Each kind of
/// pages has as many as no cache of the first level holds.
/// </summary>
internal static class CompressionFigures
{
    private const int Passes = 24;
    private const int PagesAtOnce = 16;
    private const int Size = SwappedPages.Size;
    private const int Count = SwappedPages.Count;

    private static readonly byte[] Room = new byte[Size];

    /// <summary>Measures and prints.</summary>
    public static void Print(TextWriter output)
    {
        using Lz4Library lz4 = new();
        using ZstdLibrary zstd = new();
        output.WriteLine(
            $"pages of {Size} bytes, {Count} of each kind; nanoseconds a page, the fastest of {Passes} times");
        output.WriteLine("pages                 compressor   ratio  compress   /copy  decompress   /copy");
        foreach (var pages in SwappedPages.Kinds())
        {
            double copy = Fastest(page => pages[page].CopyTo(Room));
            Line(output, pages, "LZ4", new Lz4(lz4, 1), copy);
            Line(output, pages, "Zstandard 1", new Zstd(zstd, 1), copy);
            Line(output, pages, "Zstandard 3", new Zstd(zstd, 3), copy);
        }

        output.WriteLine();
        output.WriteLine(
            "through                     compressor   ratio     store   /copy        load   /copy   release");
        foreach (var pages in SwappedPages.Kinds())
        {
            double copy = Fastest(page => pages[page].CopyTo(Room));
            SimulatedDisk disk = new(Count);
            Zswap<Lz4> cache = new(new(lz4, 1), Count * 2) { MaxPoolPercent = 100 };
            var front = cache.Attach(new DiskStorage(disk, new SwapExtent(0, 0, Count)));
            Whole(output, $"zswap, {pages.Name}", "LZ4", front, pages, copy, () => cache.Statistics.PoolTotalSize);
            Zram<Zstd> zram = new(new(zstd, 1), Count, null);
            Whole(
                output, $"zram, {pages.Name}", "Zstandard 1", zram, pages, copy, () => zram.Statistics.MemUsedTotal);
        }
    }

    private static void Line<TCompressor>(
        TextWriter output, SwappedPages pages, string name, TCompressor compressor, double copy)
        where TCompressor : struct, IPageCompressor
    {
        var (compressed, lengths) = (new byte[Count * Size], new int[Count]);
        double there = Fastest(
            page => lengths[page] = compressor.Compress(pages[page], compressed.AsSpan(page * Size, Size)));
        double ratio = (double)Count * Size / lengths.Sum();
        string back = "";
        if (lengths.All(length => length < Size))
        {
            double time = Fastest(
                page => compressor.TryDecompress(compressed.AsSpan(page * Size, lengths[page]), Room));
            back = Text($"{time,12:0}{time / copy,8:0.0}");
        }

        output.WriteLine(Text($"{pages.Name,-22}{name,-12}{ratio,6:0.00}{there,10:0}{there / copy,8:0.0}") + back);
    }

    private static void Whole(
        TextWriter output,
        string path,
        string name,
        ISwapStorage storage,
        SwappedPages pages,
        double copy,
        Func<long> memory)
    {
        double store = Fastest(page => storage.TryWrite(page, pages[page]));
        long taken = memory();
        double load = Fastest(page => storage.TryRead(page, Room));
        double release = Fastest(storage.Forget, () => Once(page => storage.TryWrite(page, pages[page])));

        string ratio = taken == 0 ? "" : Text($"{(double)Count * Size / taken:0.00}");
        output.WriteLine(Text($"{path,-28}{name,-12}{ratio,6}{store,10:0}{store / copy,8:0.0}")
            + Text($"{load,12:0}{load / copy,8:0.0}{release,10:0}"));
    }

    // The fastest pass of each few pages, so that a busy machine disturbs few of them; before each pass what it needs.
    private static double Fastest(Action<int> work, Action? before = null)
    {
        var fastest = new double[Count / PagesAtOnce];
        Array.Fill(fastest, double.MaxValue);
        for (int pass = 0; pass < Passes; pass++)
        {
            before?.Invoke();
            for (int part = 0; part < fastest.Length; part++)
            {
                long start = Stopwatch.GetTimestamp();
                for (int page = part * PagesAtOnce; page < (part + 1) * PagesAtOnce; page++)
                {
                    work(page);
                }

                fastest[part] = Math.Min(fastest[part], Stopwatch.GetElapsedTime(start).TotalNanoseconds);
            }
        }

        return fastest.Sum() / Count;
    }

    private static void Once(Action<int> work)
    {
        for (int page = 0; page < Count; page++)
        {
            work(page);
        }
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
