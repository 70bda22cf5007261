using PageProof.Contract;
using PageProof.Reality.Linux;

namespace PageProof.Benchmarks.Kernel;

/// <summary>
/// Faults, forks and calls of the memory manager, each beside its floor and beside the running kernel, all measured in
/// one run, the fastest of several passes. What is asked for is told with each ratio.
/// </summary>
internal static class KernelFigures
{
    private const int PassesMost = 400;
    private const int LinuxPassesMost = 60;
    private const int PagesInAll = 600_000;
    private const int Calls = 2_000;
    private const double FaultMost = 5;
    private const double ForkPageMost = 40;

    /// <summary>Measures and prints; whether everything is as fast as it is to be.</summary>
    public static bool Print(TextWriter output)
    {
        bool holds = true;
        foreach (int pages in (ReadOnlySpan<int>)[256, 4_000])
        {
            holds &= Print(output, pages);
        }

        return holds;
    }

    private static bool Print(TextWriter output, int pages)
    {
        using KernelWork work = new(pages, Calls);
        FloorWork floor = new(pages);
        int passes = Math.Min(PassesMost, PagesInAll / pages);
        for (int pass = 0; pass < passes; pass++)
        {
            // One after the other, so that a busy machine slows all of them alike.
            work.Pass();
            floor.Pass();
        }

        LinuxTimes? linux = null;
        try
        {
            linux = LinuxTimes.Measure(pages, Calls, Math.Min(passes, LinuxPassesMost));
        }
        catch (UserError error)
        {
            output.WriteLine(error.Message);
        }

        int beside = Math.Min(passes, LinuxPassesMost);
        output.WriteLine($"{pages} pages; nanoseconds, of {passes} passes ({beside} of Linux):");
        output.WriteLine("here the median of what each took longer, floors and Linux the fastest");
        output.WriteLine("work                        here   floor  ratio  at most   Linux  Linux/here");
        bool holds = Line("write fault", work.WriteFault, floor.Clear + floor.Walk, linux?.WriteFault)
            & Line("copy-on-write fault", work.CopyFault, floor.Copy + floor.Walk, linux?.CopyFault);
        Line("fork, for each page", work.ForkPage, 0, linux?.ForkPage, ForkPageMost);
        Line("mmap and munmap", work.MapUnmap, 0, linux?.MapUnmap);
        Line("mprotect, split or merge", work.ProtectSplit, 0, linux?.ProtectSplit);
        output.WriteLine($"bytes allocated by {pages} write faults and as many copies: {work.Allocated}");
        output.WriteLine();
        return holds && work.ForkPage <= ForkPageMost && work.Allocated == 0;

        bool Line(string name, double here, double floor, double? linux, double most = 0)
        {
            string bound = floor > 0 ? Text($"{floor,7:0.0}{here / floor,7:0.0}{FaultMost,8:0} x")
                : most > 0 ? Text($"{"",14}{most,7:0} ns") : new(' ', 24);
            string figures = linux is { } kernel ? Text($"{kernel,8:0}{kernel / here,12:0.0}") : "";
            output.WriteLine(Text($"{name,-25}{here,7:0.0}") + $" {bound,-24}{figures}".TrimEnd());
            return floor == 0 || here / floor <= FaultMost;
        }
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
