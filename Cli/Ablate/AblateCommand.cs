using System.CommandLine;
using System.Diagnostics;
using PageProof.Cli.Check;
using PageProof.Cli.Mutate.Strength;
using PageProof.Contract;
using PageProof.Mutation.Patches;

namespace PageProof.Cli.Ablate;

/// <summary>
/// Asks what each law is needed for: every canary and every historical bug of a domain is put to each of its laws
/// alone, which tells what would escape if the law were taken away.
/// </summary>
public sealed class AblateCommand
{
    private readonly Argument<string[]> _domains = new("DOMAIN")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = $"Whose laws: {DomainLaws.Names}; all when none is given, which takes an hour or more.",
    };

    private readonly Option<bool> _keep = new("--keep")
    {
        Description = "Keep the figures of each domain in docs/ablation.md.",
    };

    private readonly Option<long?> _cases = new("--cases")
    {
        HelpName = "N",
        Description = "Put each fault to so many cases at most; as many as canaries have when not given.",
        CustomParser = Numbers.Parser<long?>(1, long.MaxValue, number => (long)number, "a number from 1"),
    };

    private readonly CommonOptions _common = new();
    private readonly Terminal _terminal;

    private AblateCommand(Terminal terminal) => _terminal = terminal;

    /// <summary>The command for the command line.</summary>
    public static Command Create(Terminal terminal)
    {
        AblateCommand ablate = new(terminal);
        Command command = new("ablate", "Take one law away at a time, and tell which bugs and canaries escape.")
        {
            ablate._domains, ablate._cases, ablate._keep,
            ablate._common.Seed, ablate._common.Json, ablate._common.Quiet,
        };
        command.SetAction((parsed, cancellation) => Task.FromResult(ablate.Run(parsed, cancellation)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        string root = ProjectSources.FindRoot();
        ulong seed = parsed.GetValue(_common.Seed);
        bool quiet = parsed.GetValue(_common.Quiet);
        string? json = parsed.GetValue(_common.Json);
        DomainLaws[] wanted = parsed.GetValue(_domains) is { Length: > 0 } named
            ? [.. named.Distinct().Select(DomainLaws.Of)]
            : [.. DomainLaws.All];
        string revision = Revision.Current(root, cancellation);
        long? most = parsed.GetValue(_cases);
        List<AblationResult> results = [];
        foreach (var laws in wanted)
        {
            cancellation.ThrowIfCancellationRequested();
            var faults = Fault.Of(laws.Name);
            var result = new Progress(_terminal, quiet).Run(
                $"faults of {laws.Name}",
                faults.Count,
                progress => new AblationRun(laws, most ?? laws.CanaryCases, seed)
                    .Run(faults, revision, progress.Report));
            results.Add(result);
            if (json != JsonFile.ToOutput)
            {
                new AblationTable(_terminal).Print(result, quiet);
            }

            if (parsed.GetValue(_keep))
            {
                Keep(root, result);
            }
        }

        var report = AblationTable.ReportOf(results, seed, clock.Elapsed);
        report.Write(_terminal, json);
        return report.Ok ? ExitCode.Held : ExitCode.Refuted;
    }

    // A law that is refuted of the sources as they are has noticed nothing, and its figures would say that it had.
    private static void Keep(string root, AblationResult result)
    {
        if (result.Refuted is [var first, ..])
        {
            throw new UserError($"Nothing is kept of {result.Row.Domain}: {first}.");
        }

        AblationFile.Keep(root, result.Row);
    }
}
