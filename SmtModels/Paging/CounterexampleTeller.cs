using System.Text;
using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.SmtModels.Smt;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Paging;

/// <summary>
/// Shows what a solver found as cases: for each walk of the scene the access, the entries that it reads,
/// and how it ends when the compiled methods are run on these words. A counterexample is confirmed when
/// every run gives what the model says of it.
/// </summary>
internal sealed class CounterexampleTeller(PagingScene scene, Evaluator model)
{
    private const string Throws = "nothing: it throws";

    private readonly CompiledPaging _compiled = new(scene.Subject);
    private readonly StringBuilder _story = new();
    private readonly List<string> _cases = [];
    private string? _contradiction;

    public Counterexample Tell()
    {
        var asked = scene.Walks.Select(walk => Question(walk.Before, walk.Control, walk.Access))
            .Concat(scene.Permissions.Select(each => Question(each.Before, each.Control, each.Access)))
            .Distinct()
            .Where(question => (scene.LevelsInQuestion ?? Levels(question)) == Levels(question));
        foreach (var question in asked)
        {
            Tell(question);
        }

        return new(_story.ToString().TrimEnd(), _contradiction, _cases);
    }

    private void Tell(Asked asked)
    {
        WordStore spec = Store(asked), optimized = Store(asked);
        var expected = _compiled.Walk(Walker.Spec, asked.Control, asked.Access, spec);
        var actual = _compiled.Walk(Walker.Implementation, asked.Control, asked.Access, optimized);
        foreach (var walk in scene.Walks.Where(walk => Question(walk.Before, walk.Control, walk.Access) == asked))
        {
            bool ofSpec = walk.Walker == Walker.Spec;
            if ((ofSpec ? expected : actual) is { } outcome)
            {
                Confirm($"the walk of the {walk.Walker}", Text(walk.Outcome), Text(outcome));
                ConfirmWords(walk, ofSpec ? spec : optimized);
            }
            else
            {
                Confirm($"the walk of the {walk.Walker}", Holds(scene.NothingThrows) ? "an end" : Throws, Throws);
            }
        }

        _story.AppendLine($"{asked.Access}:");
        int level = Levels(asked);
        foreach (ulong address in spec.Read)
        {
            PagingEntry entry = new(asked.Words[address]);
            _story.AppendLine($"  {EntryNames.Of(level--),-5} at 0x{address:x}: {entry}");
        }

        _story.AppendLine(actual == expected
            ? $"  both walkers say        {Words(expected)}"
            : $"  the Spec says           {Words(expected)}\n  the Implementation says {Words(actual)}");
        foreach (ulong address in optimized.Read.Where(address => optimized[address] != asked.Words[address]))
        {
            _story.AppendLine($"  the Implementation leaves 0x{address:x}: {new PagingEntry(optimized[address])}");
        }

        TellPermissions(asked);
        TellCase(asked, [.. spec.Read.Union(optimized.Read)]);
    }

    private void TellPermissions(Asked asked)
    {
        List<string> said = [];
        foreach (var permission in scene.Permissions.Where(each =>
            Question(each.Before, each.Control, each.Access) == asked))
        {
            PhysicalAddress address = new(Number(permission.Address));
            PagingEntry left = new(Number(permission.Left));
            bool permits = _compiled.Permits(asked.Control, asked.Access, Store(asked), address, left);
            Confirm("the Spec's permission", $"{Holds(permission.IsPermitted)}", $"{permits}");
            string verb = permits ? "permits" : "forbids";
            said.Add($"  the Spec {verb} to leave {address}: {left}, "
                + $"before {new PagingEntry(asked.Words[address.Value])}");
        }

        foreach (string line in said.Distinct())
        {
            _story.AppendLine(line);
        }
    }

    private void TellCase(Asked asked, IReadOnlyList<ulong> read)
    {
        var probed = scene.Permissions
            .Where(each => Question(each.Before, each.Control, each.Access) == asked)
            .Select(each => Number(each.Address));
        TranslationCase made = new()
        {
            Control = asked.Control,
            Access = asked.Access,
            Memory = new(Number(scene.MemorySize)),
        };
        foreach (ulong address in read.Union(probed).Where(address => address < made.Memory.Value))
        {
            made.Set(new(address), new(asked.Words[address]));
        }

        string text = CaseText.Print(made);
        _cases.Add(text);
        _story.Append("  as a case:\n    ").AppendLine(text.TrimEnd().Replace("\n", "\n    "));
    }

    private void ConfirmWords(LiftedWalk walk, WordStore left)
    {
        var after = model.Evaluate(walk.After.Term).Memory;
        foreach (ulong address in left.Read)
        {
            Confirm(
                $"what the {walk.Walker} leaves at 0x{address:x}",
                $"{new PagingEntry(after[address])}",
                $"{new PagingEntry(left[address])}");
        }
    }

    private void Confirm(string what, string promised, string found)
    {
        if (promised != found)
        {
            _contradiction ??= $"{what} gives '{found}', and the solver's model says '{promised}'";
        }
    }

    private static int Levels(Asked asked) => EntryNames.LevelsOf(asked.Control);

    private static string Words(TranslationOutcome? outcome) => outcome is { } end ? $"{end}" : Throws;

    private WordStore Store(Asked asked) => new(Number(scene.MemorySize), address => asked.Words[address]);

    private Asked Question(Memory memory, ControlTerms control, AccessTerms access) =>
        new(ControlOf(control), AccessOf(access), model.Evaluate(memory.Term).Memory);

    private ControlState ControlOf(ControlTerms control) => new()
    {
        Cr0 = (Cr0)Number(control.Cr0),
        Cr3 = new(Number(control.Cr3)),
        Cr4 = (Cr4)Number(control.Cr4),
        Efer = (Efer)Number(control.Efer),
        Pat = new(Number(control.Pat)),
        Pkru = new((uint)Number(control.Pkru)),
        MaxPhyAddr = new((byte)Number(control.MaxPhyAddr)),
        HasGigabytePages = Holds(control.HasGigabytePages),
        Vendor = (Vendor)Number(control.Vendor),
    };

    private Access AccessOf(AccessTerms access) => new(
        new(Number(access.Address)),
        (AccessKind)Number(access.Kind),
        (PrivilegeLevel)Number(access.Cpl),
        Holds(access.AlignmentCheck),
        Holds(access.Implicit),
        Holds(access.StackSegment));

    // All members, in one line each for the model and for the run.
    private string Text(OutcomeTerms outcome) => Text(
        Number(outcome.Kind), Number(outcome.Code), Number(outcome.Address), Number(outcome.FaultAddress),
        Number(outcome.Size), Number(outcome.Rights), Number(outcome.Global), Number(outcome.Dirty),
        Number(outcome.Key), Number(outcome.Type));

    private static string Text(TranslationOutcome outcome) => Text(
        (ulong)outcome.Kind, (ulong)outcome.Code, outcome.Address.Value, outcome.FaultAddress.Value,
        (ulong)outcome.Size, (ulong)outcome.Rights, outcome.Global ? 1UL : 0, outcome.Dirty ? 1UL : 0,
        outcome.Key.Value, (ulong)outcome.Type);

    private static string Text(params ReadOnlySpan<ulong> members)
    {
        StringBuilder text = new();
        foreach (ulong member in members)
        {
            text.Append($"{member:x} ");
        }

        return text.ToString().TrimEnd();
    }

    private ulong Number(Word word) => model.EvaluateWord(word.Term);

    private bool Holds(Fact fact) => model.EvaluateWord(fact.Term) != 0;

    private readonly record struct Asked(ControlState Control, Access Access, MemoryValue Words);
}
