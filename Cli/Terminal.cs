using System.Text;
using Spectre.Console;

namespace PageProof.Cli;

/// <summary>
/// Where a command writes: its product to <see cref="Output"/>, everything else to
/// <see cref="Error"/>. Only a terminal is given colours and moving bars; a pipe gets plain text.
/// </summary>
public sealed class Terminal
{
    /// <summary>The widest line, so that text reads well side by side with code.</summary>
    public const int WidthMax = 100;
    private const int SentenceMax = 600;

    private Terminal(TextWriter output, bool outputIsTerminal, TextWriter error, bool errorIsTerminal)
    {
        Output = output;
        Error = error;
        Screen = Create(output, outputIsTerminal);
        Sidelines = Create(error, errorIsTerminal);
        IsTerminal = outputIsTerminal;
        ErrorIsTerminal = errorIsTerminal;
    }

    /// <summary>The product of a command, as plain text.</summary>
    public TextWriter Output { get; }

    /// <summary>Complaints and progress, as plain text.</summary>
    public TextWriter Error { get; }

    /// <summary><see cref="Output"/>, for tables and markup.</summary>
    public IAnsiConsole Screen { get; }

    /// <summary><see cref="Error"/>, for progress bars.</summary>
    public IAnsiConsole Sidelines { get; }

    /// <summary>Whether somebody looks at <see cref="Output"/>, and no program reads it.</summary>
    public bool IsTerminal { get; }

    /// <summary>Whether somebody looks at <see cref="Error"/>.</summary>
    public bool ErrorIsTerminal { get; }

    /// <summary>The border of tables: a pipe may not know the nicer one's letters.</summary>
    public TableBorder Border => IsTerminal ? TableBorder.Rounded : TableBorder.Ascii;

    /// <summary>The terminal, or the pipes, of this process.</summary>
    public static Terminal OfProcess() =>
        new(Console.Out, !Console.IsOutputRedirected, Console.Error, !Console.IsErrorRedirected);

    /// <summary>Two writers, taken for pipes.</summary>
    public static Terminal OfWriters(TextWriter output, TextWriter error) =>
        new(output, false, error, false);

    /// <summary>
    /// Writes one sentence on one line: a message may quote what a user's file holds, which may be
    /// anything.
    /// </summary>
    public void Complain(string sentence)
    {
        var line = new StringBuilder("pageproof: ");
        foreach (char letter in sentence.AsSpan(0, Math.Min(sentence.Length, SentenceMax)))
        {
            line.Append(char.IsControl(letter) || char.IsSurrogate(letter) ? ' ' : letter);
        }

        Error.WriteLine(line);
    }

    private static IAnsiConsole Create(TextWriter writer, bool isTerminal)
    {
        bool colours = isTerminal
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = isTerminal ? Math.Min(console.Profile.Width, WidthMax) : WidthMax;
        return console;
    }
}
