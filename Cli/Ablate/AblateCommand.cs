using System.CommandLine;
using PageProof.Cli.Check;
using PageProof.Contract;
using Spectre.Console;

namespace PageProof.Cli.Ablate;

/// <summary>Asks of every law of a domain which faults would escape without it.</summary>
public sealed class AblateCommand
{
    private const int NamesMost = 3;

    private readonly Argument<string> _domain = new("DOMAIN") { Description = $"Whose laws: {DomainLaws.Names}." };
    private readonly CommonOptions _common = new();
    private readonly Terminal _terminal;

    private AblateCommand(Terminal terminal) => _terminal = terminal;

    /// <summary>The command for the command line.</summary>
    public static Command Create(Terminal terminal)
    {
        AblateCommand ablate = new(terminal);
        Command command = new(
            "ablate", "Put every canary and bug of a domain to every law, and tell what each law alone notices.")
        {
            ablate._domain, ablate._common.Seed, ablate._common.Cases, ablate._common.Json, ablate._common.Quiet,
        };
        command.SetAction(ablate.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string domain = DomainLaws.Of(parsed.GetValue(_domain)!).Name;
        var faults = LawAblation.FaultsOf(domain);
        if (faults.Count == 0)
        {
            throw new UserError($"There are no canaries and no bugs of {domain}.");
        }

        ulong seed = parsed.GetValue(_common.Seed);
        string? json = parsed.GetValue(_common.Json);
        var ablation = new Progress(_terminal, parsed.GetValue(_common.Quiet)).Run(
            "faults, each put to every law",
            faults.Count,
            progress => LawAblation.Run(domain, faults, seed, parsed.GetValue(_common.Cases), progress.Report));
        if (json != JsonFile.ToOutput)
        {
            Print(ablation);
        }

        ToReport(ablation, seed).Write(_terminal, json);
        return ablation.Unnoticed.Count == 0 ? ExitCode.Held : ExitCode.Refuted;
    }

    private void Print(LawAblation ablation)
    {
        var table = new Table().Border(_terminal.Border).BorderColor(Color.Grey);
        table.AddColumn("Law").AddColumn("Notices", column => column.RightAligned());
        table.AddColumn("Alone", column => column.RightAligned()).AddColumn("What would escape without it");
        foreach (var worth in ablation.Worths)
        {
            string names = string.Join("; ", worth.EscapeWithout.Take(NamesMost).Select(fault => fault.Name));
            table.AddRow(
                Markup.Escape(worth.Law),
                $"{worth.Noticed}",
                $"{worth.EscapeWithout.Count}",
                Markup.Escape(worth.EscapeWithout.Count > NamesMost ? $"{names}; ..." : names));
        }

        _terminal.Screen.Write(table);
        _terminal.Output.WriteLine(
            $"{ablation.Notices.Count} faults; {ablation.Unnoticed.Count} were noticed by no law"
            + string.Concat(ablation.Unnoticed.Select(fault => $"; {fault.Name}")) + ".");
    }

    private static Report ToReport(LawAblation ablation, ulong seed)
    {
        bool all = ablation.Unnoticed.Count == 0;
        Report report = new("ablate", seed) { Ok = all, Seconds = ablation.Elapsed.TotalSeconds };
        report.Figures["faults"] = ablation.Notices.Count;
        report.Figures["laws"] = ablation.Laws.Count;
        report.Figures["laws_that_notice_alone"] = ablation.Worths.Count(worth => worth.EscapeWithout.Count > 0);
        report.Failures.AddRange(ablation.Unnoticed.Select(fault => $"{fault.Name} was noticed by no law."));
        return report;
    }
}
