using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;

namespace PageProof.Tests.Reality;

/// <summary>
/// A few commands on known tables, put to a real machine. <c>pml4</c> to <c>pte</c> stand for the words that
/// translate page 0, which is frame 0x10000; <c>pte1</c> for that of page 0x1000, which is frame 0x11000; the
/// other address space, at 0xa000, has the same tables below it. All pages are of the user and writable; A and
/// D are set.
/// <code>
/// 0x8000 pml4 -> 0x6000 pdpt -> 0x4000 pd -> 0x2000 pte: 0x10000, and pte1: 0x11000
/// 0xa000      -> 0x6000
/// </code>
/// </summary>
internal static class SequenceScenario
{
    private const string Words = """
        word 0x2000=0x10067
        word 0x2008=0x11067
        word 0x4000=0x2027
        word 0x6000=0x4027
        word 0x8000=0x6027
        word 0xa000=0x6027
        """;

    private static readonly (string Name, string Address)[] Names =
        [("pml4", "0x8000"), ("pdpt", "0x6000"), ("pd", "0x4000"), ("pte1", "0x2008"), ("pte", "0x2000")];

    /// <summary>The sequence of these commands, which are separated by semicolons.</summary>
    public static TlbSequence Of(string control, string commands)
    {
        foreach (var (name, address) in Names)
        {
            commands = commands.Replace($" {name}", $" {address}");
        }

        string lines = string.Join('\n', commands.Split(';').Select(step => $"cpu 0: {Line(step.Trim())}"));
        string text = $"cpus 1\ncontrol nxe maxphyaddr=40 {control} cr3=0x8000 memory=0x1000000\n{Words}\n{lines}\n";
        Assert.True(TlbText.TryParse(text, out var sequence, out string? reason), reason);
        return sequence;
    }

    /// <summary>What a system answers to the last command of each sequence, all in one run.</summary>
    public static string[] LastAnswers(ISystem system, params TlbSequence[] sequences)
    {
        using var machine = system.OpenTlb()!;

        // The processor is the first that the machine offers.
        var offered = machine.Capabilities.Translation;
        var asked = Array.ConvertAll(sequences, sequence => sequence with
        {
            Start = sequence.Start with
            {
                Control = sequence.Start.Control with { HasGigabytePages = offered.GigabytePages[0] },
            },
        });
        var answers = new TlbAnswer[asked.Sum(sequence => sequence.Commands.Length)];
        machine.RunAll(asked, answers);
        int next = 0;
        return Array.ConvertAll(asked, sequence => Short(answers[(next += sequence.Commands.Length) - 1]));
    }

    private static string Short(in TlbAnswer answer) => answer.Kind switch
    {
        TlbAnswerKind.Word => answer.Entry.ToString().Replace("0x0000000000", "0x"),
        TlbAnswerKind.Outcome when answer.Outcome.Kind == OutcomeKind.Translated => $"{answer.Outcome.Address}",
        TlbAnswerKind.Outcome when answer.Outcome.Kind == OutcomeKind.PageFault => $"#PF{(int)answer.Outcome.Code:x}",
        _ => answer.ToString(),
    };

    private static string Line(string step)
    {
        var parts = step.Split(' ');
        return parts[0] is "read" or "write" or "fetch"
            ? $"access {char.ToUpperInvariant(parts[0][0])}{parts[0][1..]} address={parts[1]} "
                + $"cpl={(parts.Contains("user") ? 3 : 0)}"
            : step;
    }
}
