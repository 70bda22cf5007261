using PageProof.Contract.Reclaim;
using Spectre.Console;

namespace PageProof.Cli.Replay;

/// <summary>Shows how often policies miss, a row each, and how often they write back.</summary>
internal sealed class ReplayTable(Terminal terminal)
{
    private const int ColumnsMost = 8;

    public void Print(ReplayReport report)
    {
        var result = report.Result;
        terminal.Output.WriteLine($"{report.Trace}: {ReplayReport.Number(result.References)} references to "
            + $"{ReplayReport.Number(result.Pages)} pages, in {ReplayReport.Number(result.Records)} records");
        terminal.Output.WriteLine("A record is all references to one page in a row; hits within it are not counted.");
        if (result.Note is { } note)
        {
            terminal.Output.WriteLine($"Note: {note}.");
        }

        foreach (var frames in report.Frames.Chunk(ColumnsMost))
        {
            Print(report, "Misses", frames, row => row.Misses);
        }

        foreach (var frames in report.Frames.Chunk(ColumnsMost))
        {
            Print(report, "Write-backs", frames, row => row.WriteBacks);
        }

        if (report.TimeNote is { } time)
        {
            terminal.Output.WriteLine(time);
        }

        foreach (var row in report.Verified)
        {
            terminal.Output.WriteLine($"{ReplayReport.Told(row)}.");
        }
    }

    private void Print(
        ReplayReport report, string what, IReadOnlyList<int> frames, Func<ReplayRow, long> figure)
    {
        var table = new Table().Border(terminal.Border).BorderColor(Color.Grey);
        table.AddColumn($"{what} in frames");
        foreach (int each in frames)
        {
            table.AddColumn(ReplayReport.Number(each), column => column.RightAligned().NoWrap());
        }

        foreach (var kind in report.Kinds)
        {
            table.AddRow([
                ReplacementText.Of(kind),
                .. frames.Select(each => ReplayReport.Number(figure(report.Row(kind, each)))),
            ]);
        }

        terminal.Screen.Write(table);
    }
}
