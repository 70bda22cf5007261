using PageProof.Contract.Hardening;
using PageProof.Properties.Hardening;
using PageProof.Properties.Harness;
using PageProof.Reality.Aslr;

namespace PageProof.Cli.Reality;

/// <summary>Starts processes of the running kernel, and holds the Spec of random placement against them.</summary>
internal sealed class LayoutReality(Terminal terminal)
{
    /// <summary>What the command line calls it.</summary>
    public const string Name = "aslr";

    private const long StartsDefault = 960;
    private const long StartsMost = 1_000_000;

    /// <summary>Runs it, and shows how many bits of each region have been seen to change.</summary>
    public CheckReport Run(CommonSettings settings)
    {
        long wanted = Math.Min(settings.Cases ?? StartsDefault, StartsMost);
        int each = (int)((wanted + StartKind.All.Count - 1) / StartKind.All.Count);
        using LayoutWatch watch = new();
        var starts = new Progress(terminal, settings.Quiet).Run(
            "starts", wanted, progress => Starts(watch, each, progress.Report));
        var (report, kinds) = RealLayoutLaw.Judge("linux", starts);
        if (settings.Json != JsonFile.ToOutput)
        {
            terminal.Output.WriteLine($"{watch.Host}");
            foreach (var (kind, count, bits) in kinds)
            {
                terminal.Output.WriteLine($"  {kind}: {count} starts{(bits.Length > 0 ? ", bits seen: " : "")}{bits}");
            }

            if (kinds.Count < StartKind.All.Count)
            {
                terminal.Output.WriteLine($"  {StartKind.All.Count - kinds.Count} kinds cannot be started here.");
            }
        }

        return report;
    }

    private static List<(string, IReadOnlyList<(LayoutRequest, ObservedLayout)>)> Starts(
        LayoutWatch watch, int each, Action<long> progress)
    {
        List<(string, IReadOnlyList<(LayoutRequest, ObservedLayout)>)> all = [];
        long done = 0;
        foreach (var kind in StartKind.All)
        {
            all.Add(($"{kind}", watch.Starts(kind, each)));
            progress(done += each);
        }

        return all;
    }
}
