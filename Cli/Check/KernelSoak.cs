using System.Diagnostics;
using PageProof.Contract;
using PageProof.Properties.Harness;
using PageProof.Properties.Kernel;

namespace PageProof.Cli.Check;

/// <summary>
/// A long run of kernels under pressure. At each tenth it tells how much memory the process has, from which it is seen
/// whether that stays where it is.
/// </summary>
internal sealed class KernelSoak(Terminal terminal, CommonSettings settings)
{
    private const int Parts = 10;

    /// <summary>Runs so many commands, or a few more.</summary>
    public CheckReport Run(ISystem system, int workers, long commands)
    {
        var clock = Stopwatch.StartNew();
        int told = 0;
        return new Progress(terminal, settings.Quiet).Run("commands", commands, progress =>
            KernelPressureLaw.RunCommands(system, settings.Seed, commands, workers, done =>
            {
                progress.Report(Math.Min(done, commands));
                int part = (int)Math.Min(Parts - 1, (double)done * Parts / commands);
                if (part > told && settings.Json != JsonFile.ToOutput)
                {
                    told = part;
                    terminal.Output.WriteLine(LineOf(done, clock.Elapsed.TotalSeconds));
                }
            }));
    }

    /// <summary>What was done and how fast, and in how much memory: what is alive, resident, and the most.</summary>
    public static string LineOf(long commands, double seconds)
    {
        long alive = GC.GetTotalMemory(forceFullCollection: true);
        using var self = Process.GetCurrentProcess();
        return $"{CheckTable.Grouped(commands)} commands, {CheckTable.Grouped((long)(commands / seconds))} a second; "
            + $"{InMiB(alive)} alive, {InMiB(self.WorkingSet64)} in memory, at most {InMiB(self.PeakWorkingSet64)}.";
    }

    private static string InMiB(long bytes) => $"{CheckTable.Grouped(bytes >> 20)} MiB";
}
