using System.CommandLine;
using System.Diagnostics;
using PageProof.Cli.Mutate.Strength;
using PageProof.Contract;
using PageProof.Mutation.Patches;

namespace PageProof.Cli.Mutate;

/// <summary>
/// Measures how much the laws of a domain notice: Stryker makes small changes to the sources, one at a
/// time, and the domain's lane of tests should fail on each.
/// </summary>
public sealed class MutateCommand
{
    private const string Folder = "report/mutation";

    private readonly Argument<string[]> _domains = new("DOMAIN")
    {
        Arity = ArgumentArity.ZeroOrMore,
        DefaultValueFactory = _ => ["paging"],
        Description = $"Whose code to mutate: {MutationTarget.Domains}, which is the lifter; with --sample also all.",
    };

    private readonly Option<string?> _of = new("--of")
    {
        HelpName = "WHICH",
        Description = $"Only {MutationTarget.Kinds}; recorded is the Spec by recorded facts alone.",
    };

    private readonly Option<bool> _controls = new("--controls")
    {
        Description = "Only the controls: mutants that must die, and equivalent ones that must not.",
    };

    private readonly Option<bool> _canaries = new("--canaries")
    {
        Description = "Instead, the canaries: known small faults, each with the story of its capture.",
    };

    private readonly Option<string?> _from = new("--from")
    {
        HelpName = "FILE",
        Description = "Take the mutants from a report that Stryker has made of the sources as they are.",
    };

    private readonly Option<int?> _sample = new("--sample")
    {
        HelpName = "N",
        Description = "Judge so many mutants of each set, drawn by the seed, in processes of their own.",
        CustomParser = Numbers.Parser<int?>(1, int.MaxValue, number => (int)number, "a number from 1"),
    };

    private readonly Option<Shard?> _shard = new("--shard")
    {
        HelpName = "I/N",
        Description = "Judge one of so many equal parts of the mutants, or of the sample.",
        CustomParser = result =>
        {
            if (Shard.TryParse(result.Tokens[0].Value, out var shard))
            {
                return shard;
            }

            result.AddError(
                $"--shard takes a part and how many there are, such as 1/6, not '{result.Tokens[0].Value}'.");
            return null;
        },
    };

    private readonly Option<string?> _since = new("--since")
    {
        HelpName = "REV",
        Description = "Judge the mutants of files that have changed since a revision.",
    };

    private readonly Option<bool> _keep = new("--keep")
    {
        Description = "With --sample: keep the figures in docs/strength.md.",
    };

    private readonly Option<bool> _ofDomain = new("--domain")
    {
        Description = "Instead, mutants of compiled constants, masks, flushes and the like, judged by proof or cases.",
    };

    private readonly Option<int?> _every = new("--every")
    {
        HelpName = "N",
        Description = "With --domain: only every Nth mutant.",
        CustomParser = Numbers.Parser<int?>(1, int.MaxValue, number => (int)number, "a number from 1"),
    };

    private readonly Option<string?> _only = new("--only")
    {
        HelpName = "MUTATOR",
        Description = "With --domain: only the mutants of one kind, such as \"dropped flush\".",
    };

    private readonly CommonOptions _common = new();
    private readonly Terminal _terminal;

    private MutateCommand(Terminal terminal) => _terminal = terminal;

    /// <summary>The command for the command line.</summary>
    public static Command Create(Terminal terminal)
    {
        MutateCommand mutate = new(terminal);
        Command command = new("mutate", "Measure by mutation how much the laws of a domain notice.")
        {
            mutate._domains, mutate._of, mutate._controls, mutate._canaries,
            mutate._from, mutate._sample, mutate._shard, mutate._since, mutate._keep,
            mutate._ofDomain, mutate._every, mutate._only,
            mutate._common.Seed, mutate._common.Json, mutate._common.Quiet,
        };
        command.SetAction((parsed, cancellation) => Task.FromResult(mutate.Run(parsed, cancellation)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        string root = ProjectSources.FindRoot();
        string? json = parsed.GetValue(_common.Json);
        bool quiet = parsed.GetValue(_common.Quiet);
        string[] domains = parsed.GetValue(_domains)!;
        bool draws = ((Option[])[_sample, _shard, _since]).Any(option => parsed.GetResult(option) is not null);
        if (draws)
        {
            RefuseBeside(
                parsed, "A draw judges mutants of sources", _controls, _canaries, _ofDomain, _every, _only);
            var judged = new StrengthRun(_terminal, root, parsed.GetValue(_from), quiet).Run(
                TargetsOf(domains, parsed.GetValue(_of)), DrawOf(parsed, root, cancellation),
                parsed.GetValue(_keep), cancellation);
            return Show(null, judged, json, clock.Elapsed);
        }

        string domain = domains is [var only] ? only
            : throw new UserError("Several domains go with --sample, --shard or --since.");
        if (parsed.GetValue(_keep))
        {
            throw new UserError("--keep goes with --sample.");
        }

        if (parsed.GetValue(_ofDomain))
        {
            RefuseBeside(parsed, "--domain makes mutants of its own", _of, _controls, _canaries, _from);
            return new DomainRun(_terminal, domain, parsed.GetValue(_common.Seed))
                .Run(new(parsed.GetValue(_every) ?? 1, parsed.GetValue(_only)), json, quiet, cancellation);
        }

        foreach (Option option in (Option[])[_every, _only])
        {
            if (parsed.GetResult(option) is { Implicit: false })
            {
                throw new UserError($"{option.Name} goes with --domain.");
            }
        }

        if (parsed.GetValue(_canaries))
        {
            return HuntCanaries(domain, parsed.GetValue(_common.Seed), json, quiet);
        }

        var targets = MutationTarget.Of(domain, parsed.GetValue(_of));
        ControlResult? controls = null;
        List<MutationResult> results = [];
        if (parsed.GetValue(_from) is { } report)
        {
            var target = targets.Count == 1 ? targets[0]
                : throw new UserError($"--from needs --of, which is one of {MutationTarget.Kinds}.");
            results.Add(Confirm(root, MutationResult.Read(target, root, report), quiet, cancellation));
        }
        else
        {
            // A runner that gets the controls wrong is not worth asking anything else.
            controls = new(RunOne(root, MutationTarget.Controls, quiet, cancellation));
            if (controls.Holds && !parsed.GetValue(_controls))
            {
                results.AddRange(targets.Select(target => Confirm(
                    root, RunOne(root, target, quiet, cancellation), quiet, cancellation)));
            }
        }

        return Show(controls, results, json, clock.Elapsed);
    }

    private int Show(ControlResult? controls, List<MutationResult> results, string? json, TimeSpan elapsed)
    {
        if (json != JsonFile.ToOutput)
        {
            new MutateTable(_terminal).Print(controls, results);
        }

        var summary = ReportOf(controls, results, elapsed);
        summary.Write(_terminal, json);
        return summary.Ok ? ExitCode.Held : ExitCode.Refuted;
    }

    private static IEnumerable<MutationTarget> TargetsOf(string[] domains, string? which) =>
        domains is not ["all"] ? domains.SelectMany(domain => MutationTarget.Of(domain, which))
        : which is null ? MutationTarget.All
        : throw new UserError("--of is for domains by their names, not for all.");

    private MutantDraw DrawOf(ParseResult parsed, string root, CancellationToken cancellation) => new(
        parsed.GetValue(_common.Seed),
        parsed.GetValue(_sample),
        parsed.GetValue(_shard),
        parsed.GetValue(_since) is { } revision ? Revision.ChangedSince(root, revision, cancellation) : null);

    private static void RefuseBeside(ParseResult parsed, string reason, params Option[] others)
    {
        foreach (var option in others)
        {
            if (parsed.GetResult(option) is { Implicit: false })
            {
                throw new UserError($"{reason}, and does not go with {option.Name}.");
            }
        }
    }

    private int HuntCanaries(string domain, ulong seed, string? json, bool quiet)
    {
        var hunt = new Progress(_terminal, quiet).Run(
            "canaries",
            CanaryHunt.Patches(domain).Count,
            progress => CanaryHunt.Run(domain, seed, progress.Report));
        if (json != JsonFile.ToOutput)
        {
            new CanaryTable(_terminal).Print(hunt, quiet);
        }

        CanaryTable.ReportOf(hunt, seed).Write(_terminal, json);
        return hunt.Holds ? ExitCode.Held : ExitCode.Refuted;
    }

    private MutationResult RunOne(
        string root, MutationTarget target, bool quiet, CancellationToken cancellation)
    {
        string output = Path.GetFullPath(Path.Combine(Folder, target.Figure));
        string report = new Progress(_terminal, quiet).Run(
            $"mutants of {target.Name}, in thousandths",
            1000,
            progress => new StrykerRun(root, target).Run(
                output, (done, total) => progress.Report(1000 * done / total), cancellation));
        return MutationResult.Read(target, root, report);
    }

    private MutationResult Confirm(
        string root, MutationResult first, bool quiet, CancellationToken cancellation) =>
        new Progress(_terminal, quiet).Run(
            $"second opinions on {first.Target.Name}, in thousandths",
            1000,
            progress => new SecondOpinion(root, first.Target).Of(
                first, (done, total) => progress.Report(1000 * done / total), cancellation));

    private static Report ReportOf(
        ControlResult? controls, List<MutationResult> results, TimeSpan elapsed)
    {
        Report report = new("mutate", 0)
        {
            Ok = controls is not { Holds: false } && results.All(result => result.Passes),
            Seconds = elapsed.TotalSeconds,
        };
        if (controls is not null)
        {
            report.Figures["controls_deadly"] = controls.Deadly;
            report.Figures["controls_equivalent"] = controls.Equivalent;
            report.Figures["controls_wrong"] = controls.Wrong.Count;
        }

        int mutants = results.Sum(result => result.Counted), killed = results.Sum(result => result.Killed);
        report.Figures["mutants"] = mutants;
        report.Figures["killed"] = killed;
        report.Figures["survived"] = mutants - killed;
        report.Figures["stopped_by_the_clock"] = results.Sum(result => result.Of(MutantFate.OutOfClock));
        report.Figures["equivalent_same_code"] = results.Sum(result => result.Of(MutantFate.SameCode));
        report.Figures["equivalent_proved"] = results.Sum(result => result.Of(MutantFate.Proved));
        report.Figures["judged_twice"] = results.Sum(result => result.JudgedTwice);
        report.Figures["contradicted"] = results.Sum(result => result.Contradicted);
        report.Figures["equivalent_argued"] = results.Sum(result => result.Of(MutantFate.Argued));
        report.Figures["score"] = mutants == 0 ? 0 : Math.Round(100.0 * killed / mutants, 2);
        foreach (var result in results)
        {
            report.Figures[$"{result.Target.Figure}_score"] = Math.Round(result.Score, 2);
        }

        var wrong = (controls?.Wrong ?? []).Select(mutant => (Mutant: mutant, Of: "control"));
        var survivors = results.SelectMany(result => result.Mutants
            .Where(mutant => mutant.Fate is MutantFate.Survived or MutantFate.OutOfClock)
            .Select(mutant => (Mutant: mutant, Of: result.Target.Figure)));
        report.Failures.AddRange(wrong.Concat(survivors).Select(each =>
            $"{each.Of}: {each.Mutant.File}:{each.Mutant.Line}: {each.Mutant.Mutation}: "
            + $"{each.Mutant.Fate}. {each.Mutant.Reason}".TrimEnd()));
        return report;
    }
}
