using PageProof.Contract.Paging;
using PageProof.Spec.Paging;
using Spectre.Console;

namespace PageProof.Cli.Walk;

/// <summary>Shows walks to people: a row per level, then where the access went or why not.</summary>
public sealed class WalkPrinter(Terminal terminal)
{
    /// <summary>Prints the walks; quietly, only how each ended.</summary>
    public void Print(string source, IReadOnlyList<WalkTrail> walks, bool quiet)
    {
        if (quiet)
        {
            foreach (var walk in walks)
            {
                terminal.Output.WriteLine($"{walk.Access.Address}: {walk.Outcome}");
            }

            return;
        }

        terminal.Screen.WriteLine(source);
        terminal.Screen.WriteLine(ControlText(walks[0].Control));
        foreach (var walk in walks)
        {
            Print(walk);
        }
    }

    private void Print(WalkTrail trail)
    {
        terminal.Screen.WriteLine();
        terminal.Screen.MarkupLine($"[bold]{Markup.Escape($"{trail.Access}")}[/]");
        if (trail.Steps.Count > 0)
        {
            terminal.Screen.Write(Table(trail));
        }

        if (trail.Outcome.Kind == OutcomeKind.Translated)
        {
            PrintPage(trail);
        }
        else
        {
            PrintFault(trail);
        }
    }

    private Table Table(WalkTrail trail)
    {
        var table = new Table().Border(terminal.Border).BorderColor(Color.Grey);
        table.AddColumn("Table").AddColumn("Index", column => column.RightAligned());
        table.AddColumn("Entry at", column => column.NoWrap());
        table.AddColumn("Entry", column => column.NoWrap());
        table.AddColumn("Meaning").AddColumn("Rights so far");
        foreach (var step in trail.Steps)
        {
            var ignored = EntryText.IgnoredBitsOf(trail.Control, step);
            string[] lines =
            [
                string.Join(' ', EntryText.BitsOf(trail.Control, step)),
                ignored.Count > 0 ? $"ignored: {EntryText.Bits(ignored)}" : "",
                EntryText.MeaningOf(trail.Control, step),
            ];
            bool leads = step.Kind is StepKind.Table or StepKind.Page;
            string meaning = Markup.Escape(string.Join('\n', lines.Where(line => line != "")));
            table.AddRow(
                EntryText.TableOf(step.Level),
                $"{step.Index}",
                $"{step.Address}",
                step.Kind == StepKind.Outside ? "" : $"{step.Entry}",
                leads ? meaning : $"[red]{meaning}[/]",
                leads ? PagingText.Of(step.Rights) : "");
        }

        return table;
    }

    private void PrintPage(WalkTrail trail)
    {
        var outcome = trail.Outcome;
        var frame = EntryText.FrameOf(trail.Steps[^1]);
        bool keys = EntryFormat.Has(trail.Control, Cr4.ProtectionKeys);
        string facts = $"{PagingText.Of(outcome.Size)} page, {PagingText.Of(outcome.Rights)}"
            + (outcome.Global ? ", global" : "")
            + (outcome.Dirty ? ", dirty" : "")
            + (keys ? $", key {outcome.Key}" : "")
            + $", memory type {PagingText.Of(outcome.Type)} before MTRRs";
        ulong offset = outcome.Address.Value - frame.Value;
        terminal.Screen.MarkupLine(
            $"[green]Physical address {outcome.Address}[/] = {frame} + 0x{offset:x}");
        terminal.Screen.WriteLine(facts);
    }

    private void PrintFault(WalkTrail trail)
    {
        var outcome = trail.Outcome;
        string title = outcome.Kind switch
        {
            OutcomeKind.PageFault => $"Page fault (#PF), error code 0x{(int)outcome.Code:x}, "
                + $"CR2 = {outcome.FaultAddress}",
            OutcomeKind.GeneralProtection => "General protection (#GP), error code 0",
            OutcomeKind.StackFault => "Stack fault (#SS), error code 0",
            _ => $"Outside memory, at {outcome.Address}",
        };
        terminal.Screen.MarkupLine($"[red]{title}[/]");
        foreach (string reason in OutcomeText.ReasonsOf(trail))
        {
            terminal.Screen.WriteLine(reason);
        }

        if (outcome.Kind == OutcomeKind.PageFault)
        {
            foreach (var (name, set, meaning) in OutcomeText.FlagsOf(outcome.Code))
            {
                terminal.Screen.WriteLine($"  {name,-4} {(set ? 1 : 0)}  {meaning}");
            }
        }
    }

    private static string ControlText(in ControlState control)
    {
        (bool On, string Name)[] switches =
        [
            (control.Cr0.HasFlag(Cr0.WriteProtect), "WP"),
            (EntryFormat.HasExecuteDisable(control), "NXE"),
            (EntryFormat.Has(control, Cr4.SupervisorExecutionPrevention), "SMEP"),
            (EntryFormat.Has(control, Cr4.SupervisorAccessPrevention), "SMAP"),
            (EntryFormat.Has(control, Cr4.PageGlobalEnable), "PGE"),
            (EntryFormat.Has(control, Cr4.ProtectionKeys), $"PKE (PKRU {control.Pkru})"),
            (EntryFormat.Has(control, Cr4.ControlFlowEnforcement), "CET"),
        ];
        string on = string.Join(' ', switches.Where(one => one.On).Select(one => one.Name));
        return $"CR3 {control.Cr3}, {EntryFormat.LevelsOf(control)} levels, "
            + $"{(on == "" ? "nothing" : on)} on, MAXPHYADDR {control.MaxPhyAddr}, "
            + $"{control.Vendor}{(control.HasGigabytePages ? "" : ", no 1-GiB pages")}";
    }
}
