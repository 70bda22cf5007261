using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using PageProof.Contract;

namespace PageProof.Reality.Linux;

/// <summary>
/// What the running kernel takes for its memory management, in nanoseconds: measured by a small program that does
/// nothing else.
/// </summary>
/// <param name="WriteFault">The first store to a page of anonymous memory.</param>
/// <param name="CopyFault">The first store of a child to a page that it has in common with its parent.</param>
/// <param name="ForkPage">What a fork takes more for each page of anonymous memory.</param>
/// <param name="MapUnmap">mmap and munmap of one page that is not touched.</param>
/// <param name="ProtectSplit">
/// mprotect of the middle one of three pages, half of them back, so that the area is split, and merged again.
/// </param>
public readonly record struct LinuxTimes(
    double WriteFault, double CopyFault, double ForkPage, double MapUnmap, double ProtectSplit)
{
    /// <summary>The fastest of some runs, each of as many pages and as many calls.</summary>
    /// <exception cref="UserError">The program cannot run here.</exception>
    public static LinuxTimes Measure(int pages, int calls, int runs)
    {
        if (StubTree.WhyUnavailable() is { } reason)
        {
            throw new UserError(reason);
        }

        using StubImage image = new(new TimingProgram(pages, calls).Bytes);
        ulong[] best = new ulong[TimingProgram.FigureCount];
        best.AsSpan().Fill(ulong.MaxValue);
        for (int run = 0; run < runs; run++)
        {
            ulong[] figures = RunOnce(image);
            for (int figure = 0; figure < best.Length; figure++)
            {
                best[figure] = Math.Min(best[figure], figures[figure]);
            }
        }

        double more = (double)best[TimingProgram.ForkOfAll] - best[TimingProgram.ForkOfNothing];
        return new(
            (double)best[TimingProgram.Faults] / pages,
            (double)best[TimingProgram.Copies] / pages,
            more / pages,
            (double)best[TimingProgram.MapsAndUnmaps] / calls,
            (double)best[TimingProgram.Splits] / calls / 2);
    }

    private static ulong[] RunOnce(StubImage image)
    {
        ulong[] figures = new ulong[TimingProgram.FigureCount];
        var written = MemoryMarshal.AsBytes(figures.AsSpan());
        try
        {
            using var process = Process.Start(new ProcessStartInfo(image.Path) { RedirectStandardOutput = true })!;
            process.StandardOutput.BaseStream.ReadAtLeast(written, written.Length, throwOnEndOfStream: false);
            process.WaitForExit();
        }
        catch (Win32Exception exception)
        {
            throw new UserError($"A small program of our own cannot be started: {exception.Message}.");
        }

        return figures;
    }
}
