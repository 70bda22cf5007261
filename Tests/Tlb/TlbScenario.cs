using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Spec.Tlb;

namespace PageProof.Tests.Tlb;

/// <summary>
/// A few commands on known tables, and what the Spec then permits. One address space has its top table at
/// 0x1000, the other at 0x8000; <c>pml4</c> and so on stand for the words by which the first translates
/// address 0, <c>top2</c> and so on for those of the second. In the first, page 0 is frame 0x5000 and page
/// 0x1000 is frame 0x6000; in the second, the first 2 MiB are the frame 0x200000. All entries have A clear.
/// <code>
/// 0xb000 pml5 -> 0x1000
/// 0x1000 pml4 -> 0x2000 pdpt -> 0x3000 pd -> 0x4000 pte: 0x5000, and pte1: 0x6000
/// 0x8000 top2 -> 0x9000 pdpt2 -> 0xa000 pd2: 2 MiB at 0x200000
/// </code>
/// </summary>
internal sealed class TlbScenario
{
    private const string Words = """
        word 0x1000=0x2007
        word 0x2000=0x3007
        word 0x3000=0x4007
        word 0x4000=0x5007
        word 0x4008=0x6007
        word 0x8000=0x9007
        word 0x9000=0xa007
        word 0xa000=0x200087
        word 0xb000=0x1007
        """;

    private static readonly (string Name, string Address)[] Names =
    [
        ("pml5", "0xb000"), ("pml4", "0x1000"),
        ("pdpt2", "0x9000"), ("pdpt", "0x2000"), ("pd2", "0xa000"), ("pd", "0x3000"),
        ("pte1", "0x4008"), ("pte", "0x4000"), ("top2", "0x8000"),
    ];

    private readonly TlbSequence _sequence;
    private TlbState _state;

    /// <summary>
    /// Carries out all but the last of the commands, which are separated by semicolons. Each access
    /// on the way is answered by the first that the Spec permits, or by what follows an arrow.
    /// </summary>
    public TlbScenario(string control, string commands)
    {
        foreach (var (name, address) in Names)
        {
            commands = commands.Replace($" {name}", $" {address}");
        }

        var steps = commands.Split(';').Select(step => step.Split("->")).ToArray();
        string lines = string.Join('\n', steps.Select(step => Line(step[0].Trim())));
        string text = $"cpus 2\ncontrol nxe {control} memory=0x10000\n{Words}\n{lines}\n";
        Assert.True(TlbText.TryParse(text, out _sequence, out string? reason), reason);
        _state = TlbSpec.Begin(_sequence);
        for (int index = 0; index < _sequence.Commands.Length - 1; index++)
        {
            Do(_sequence.Commands[index], steps[index].Length > 1 ? steps[index][1].Trim() : null);
        }
    }

    private TlbCommand Last => _sequence.Commands[^1];

    /// <summary>The frames, and the codes of faults, in which the last access may end.</summary>
    public string PermittedEnds() => string.Join(' ', AccessSpec
        .EndsOf(_state, _state.Cpus[Last.Cpu.Value], Last.Access)
        .Select(end => Short(end.Outcome)).Distinct().Order(StringComparer.Ordinal));

    /// <summary>The contents that the last load may show, told by A and D of what was stored.</summary>
    public string PermittedMarks()
    {
        var stored = _state.Words[_state.IndexOf(Last.Word.Address)].Entry;
        ulong plain = stored.Value & ~(ulong)(EntryBit.Accessed | EntryBit.Dirty);
        List<string> permitted = [];
        foreach (var (marks, name) in (ReadOnlySpan<(EntryBit, string)>)
            [(0, "none"), (EntryBit.Accessed, "A"), (EntryBit.Dirty, "D"), (EntryBit.Accessed | EntryBit.Dirty, "AD")])
        {
            if (Follow(Last, new() { Kind = TlbAnswerKind.Word, Entry = new(plain | (ulong)marks) }).Refusal is null)
            {
                permitted.Add(name);
            }
        }

        return string.Join(' ', permitted);
    }

    /// <summary>Whether the last command is carried out, and not refused with this fault.</summary>
    public bool IsDone(TlbAnswerKind fault = TlbAnswerKind.GeneralProtection)
    {
        bool done = Follow(Last, new() { Kind = TlbAnswerKind.Done }).Refusal is null;
        bool refused = Follow(Last, new() { Kind = fault }).Refusal is null;
        Assert.NotEqual(done, refused);
        return done;
    }

    /// <summary>What comes of the last command if it shows this word, and the state before it.</summary>
    public (TlbStep Step, TlbState Before) Showing(ulong entry) =>
        (Follow(Last, new() { Kind = TlbAnswerKind.Word, Entry = new(entry) }), _state);

    /// <summary>What comes of the last command if it is carried out.</summary>
    public TlbStep Done() => Follow(Last, new() { Kind = TlbAnswerKind.Done });

    /// <summary>Why an end of the last access that nothing explains is not permitted.</summary>
    public string Refusal()
    {
        var elsewhere = TranslationOutcome.OutsideMemory(default);
        return Follow(Last, new() { Kind = TlbAnswerKind.Outcome, Outcome = elsewhere }).Refusal!;
    }

    private static string Line(string step)
    {
        var words = step.Split(' ', 2);
        (string cpu, string rest) = words[0] == "other" ? ("1", words[1]) : ("0", step);
        string[] accesses = ["read", "write", "fetch"];
        var parts = rest.Split(' ');
        if (accesses.Contains(parts[0]))
        {
            string kind = char.ToUpperInvariant(parts[0][0]) + parts[0][1..];
            rest = $"access {kind} address={parts[1]} cpl={(parts.Contains("user") ? 3 : 0)}";
        }

        return $"cpu {cpu}: {rest}";
    }

    private static string Short(TranslationOutcome outcome) => outcome.Kind switch
    {
        OutcomeKind.Translated => $"{outcome.Address}",
        OutcomeKind.PageFault => $"#PF{(int)outcome.Code:x}",
        _ => $"{outcome.Kind}",
    };

    private void Do(TlbCommand command, string? wanted)
    {
        TlbAnswer answer = new() { Kind = TlbAnswerKind.Done };
        if (command.Kind == TlbCommandKind.Access)
        {
            var ends = AccessSpec.EndsOf(_state, _state.Cpus[command.Cpu.Value], command.Access);
            var outcome = ends.First(end => wanted is null || Short(end.Outcome) == wanted).Outcome;
            answer = new() { Kind = TlbAnswerKind.Outcome, Outcome = outcome };
        }
        else if (command.Kind == TlbCommandKind.Load)
        {
            ulong shown = Convert.ToUInt64(wanted, 16);
            answer = new() { Kind = TlbAnswerKind.Word, Entry = new(shown) };
        }

        var step = Follow(command, answer);
        Assert.True(step.State is not null, $"{command}: {step.Refusal}");
        _state = step.State;
    }

    private TlbStep Follow(in TlbCommand command, in TlbAnswer answer) => TlbSpec.Follow(_state, command, answer);
}
