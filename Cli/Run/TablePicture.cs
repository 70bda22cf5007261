using PageProof.Cli.Walk;
using PageProof.Contract.Frames;
using PageProof.Contract.Kernel;
using PageProof.Contract.Paging;
using PageProof.Spec.Paging;
using Spectre.Console;

namespace PageProof.Cli.Run;

/// <summary>
/// The page tables of processes as trees: level below level, what each entry permits and what was marked in it, and
/// the frame of each page with those who share it.
/// </summary>
public sealed class TablePicture(Terminal terminal, int files, IReadOnlyList<ProcessView> views)
{
    private const int TopLevel = 4;

    private static readonly (EntryBit Bit, char Letter)[] Letters =
    [
        (EntryBit.Present, 'P'), (EntryBit.Writable, 'W'), (EntryBit.User, 'U'), (EntryBit.Accessed, 'A'),
        (EntryBit.Dirty, 'D'), (EntryBit.ExecuteDisable, 'X'),
    ];

    private readonly ILookup<FrameNumber, (ProcessNumber Process, TableLine Line)> _mapped = views
        .SelectMany(view => view.Tables.Where(line => line.Level == 1).Select(line => (view.Process, line)))
        .ToLookup(each => each.line.Frame, each => (each.Process, each.line));

    /// <summary>What the letters mean.</summary>
    public static string Legend => "P present, W writable, U for users, A accessed, D dirty, X not to be executed";

    /// <summary>The letters of an entry, with a dash for each bit that is clear.</summary>
    public static string BitsOf(in TableLine line)
    {
        var entry = line.Entry;
        return string.Concat(Letters.Select(each => EntryFormat.Has(entry, each.Bit) ? each.Letter : '-'));
    }

    /// <summary>What a leaf leads to, and who else has it.</summary>
    public string TargetOf(ProcessNumber process, TableLine line)
    {
        string what = line.View.Kind switch
        {
            FrameKind.Zero => "zeros, for everybody",
            FrameKind.File when line.View.Page.Owner < files =>
                $"page {line.View.Page.Index} of file {line.View.Page.Owner}",
            FrameKind.File => $"page {line.View.Page.Index} of shared memory",
            _ => line.View.Flags.HasFlag(FrameFlags.Exclusive) ? "anonymous, its own" : "anonymous",
        };
        var others = _mapped[line.Frame].Where(each => each != (process, line)).Select(each =>
            (each.Process == process ? "also here" : $"also {each.Process}")
            + (each.Line.Page == line.Page ? "" : $" at {Short(each.Line)}"));
        return string.Join(", ", [
            $"{line.Frame}: {what}",
            .. line.View.Kind == FrameKind.Zero ? [] : others,
            .. line.View.Pins == 0 ? (string[])[] : [$"pinned {line.View.Pins} times"],
        ]);
    }

    /// <summary>Prints the tree of one process, with a margin.</summary>
    public void Print(ProcessView view, int margin)
    {
        string top = view.Tables.Count == 0 ? "nothing is mapped" : $"PML4 in {view.Tables[0].Table}";
        Tree tree = new(Markup.Escape($"{view.Process}: {top}"))
        {
            Guide = terminal.IsTerminal ? TreeGuide.Line : TreeGuide.Ascii,
        };
        var open = new IHasTreeNodes[TopLevel + 1];
        open[TopLevel] = tree;
        foreach (var line in view.Tables)
        {
            var node = open[line.Level].AddNode(Label(view.Process, line));
            if (line.Level > 1)
            {
                open[line.Level - 1] = node;
            }
        }

        terminal.Screen.Write(new Padder(tree, new(margin, 0, 0, 0)));
    }

    private string Label(ProcessNumber process, in TableLine line)
    {
        string place = $"{EntryText.TableOf(line.Level)}E {line.Index,3}", bits = BitsOf(line);
        if (line.Level > 1)
        {
            return Markup.Escape($"{place}  {bits}  {EntryText.TableOf(line.Level - 1)} in {line.Frame}");
        }

        bool shared = line.View.Kind != FrameKind.Zero && line.View.Mappings > 1;
        string colour = EntryFormat.Has(line.Entry, EntryBit.Writable) ? "green" : shared ? "yellow" : "default";
        return $"{Markup.Escape($"{place}  {Short(line)}")}  [{colour}]{bits}[/]  "
            + Markup.Escape(TargetOf(process, line));
    }

    private static string Short(in TableLine line) => $"0x{line.Page.Value:x}";
}
