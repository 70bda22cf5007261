using Spectre.Console;

namespace PageProof.Cli.Verify;

/// <summary>Shows a verification: a row for each claim, then what there is to say of some.</summary>
public sealed class VerifyTable(Terminal terminal)
{
    public void Print(Verification done)
    {
        var table = new Table().Border(terminal.Border).BorderColor(Color.Grey);
        table.AddColumn("Part").AddColumn("Claim").AddColumn("Put to");
        table.AddColumn("Cases", column => column.RightAligned());
        table.AddColumn("Seconds", column => column.RightAligned());
        table.AddColumn("Result");
        foreach (var (part, line) in done.Lines)
        {
            bool skipped = line.Result == VerifyResult.Skipped;
            table.AddRow(
                part,
                Markup.Escape(line.Claim),
                Markup.Escape(line.About),
                skipped ? "" : CheckTable.Grouped(line.Cases),
                skipped ? "" : $"{line.Seconds:0.0}",
                line.Result switch
                {
                    VerifyResult.Holds => "[green]holds[/]",
                    VerifyResult.Refuted => "[red]REFUTED[/]",
                    _ => "[yellow]skipped[/]",
                });
        }

        terminal.Screen.Write(table);
        foreach (var (_, line) in done.Lines.Where(each => each.Line.Detail.Length > 0))
        {
            string apart = line.Result == VerifyResult.Refuted ? "\n" : "";
            terminal.Output.WriteLine($"{apart}{line.Claim} / {line.About}: {line.Detail}");
        }
    }
}
