using Mono.Cecil.Cil;
using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Lifting;

/// <content>Branches and loops.</content>
internal sealed partial class Executor
{
    private void Branch(Frame frame, MachineState state, int index, Term condition, int then, int otherwise)
    {
        var throwing = frame.Method.Throwing;
        bool? known = state.Path.Decided(condition);
        if (known is null && throwing[then] != throwing[otherwise])
        {
            // What comes after may assume that nothing was thrown, so it needs no condition.
            known = throwing[otherwise];
            Oblige(
                state,
                throwing[otherwise] ? condition : Pool.Not(condition),
                Failure.Throw,
                throwing.OffsetFrom(throwing[then] ? then : otherwise));
        }

        if (known is { } decided)
        {
            GoTo(frame, state, index, decided ? then : otherwise);
            return;
        }

        var one = state.Path.Decide(condition);
        var other = state.Path.Decide(Pool.Not(condition));
        if (one.Term.IsFalse || other.Term.IsFalse)
        {
            GoTo(frame, state, index, other.Term.IsFalse ? then : otherwise);
            return;
        }

        var copy = state.Copy();
        state.Path = one;
        copy.Path = other;
        GoTo(frame, state, index, then);
        GoTo(frame, copy, index, otherwise);
    }

    private void Switch(Frame frame, MachineState state, int index, Operation operation)
    {
        var word = PopWord(state);
        List<(Term When, int Target)> cases = [];
        for (int number = 0; number < operation.Targets.Count; number++)
        {
            cases.Add((Pool.Equal(word, Pool.BitVec((ulong)number, word.Width)), operation.Targets[number]));
        }

        var isListed = Pool.Ult(word, Pool.BitVec((ulong)operation.Targets.Count, word.Width));
        cases.Add((Pool.Not(isListed), index + 1));

        var throwing = frame.Method.Throwing;
        List<(Term When, int Target)> open = [];
        foreach (var (when, target) in cases.Where(one => state.Path.Decided(one.When) != false))
        {
            if (throwing[target])
            {
                Oblige(state, Pool.Not(when), Failure.Throw, throwing.OffsetFrom(target));
            }
            else
            {
                open.Add((when, target));
            }
        }

        for (int number = 0; number < open.Count - 1; number++)
        {
            var copy = state.Copy();
            copy.Path = state.Path.Decide(open[number].When);
            if (!copy.Path.Term.IsFalse)
            {
                state.Path = state.Path.Decide(Pool.Not(open[number].When));
                GoTo(frame, copy, index, open[number].Target);
            }
        }

        if (open.Count > 0)
        {
            GoTo(frame, state, index, open[^1].Target);
        }
    }

    private void GoTo(Frame frame, MachineState state, int from, int to)
    {
        if (CountRounds(frame.Method.Loops, state, from, to))
        {
            frame.Queue.Add(to, state);
        }
    }

    /// <summary>False when a loop is to be entered more often than the bound permits.</summary>
    private bool CountRounds(LoopNest nest, MachineState state, int from, int to)
    {
        var before = nest.Around(from);
        var after = nest.Around(to);
        bool isBackward = to <= from;
        var rounds = new LoopRounds[after.Length];
        bool stays = true;
        for (int depth = 0; depth < after.Length; depth++)
        {
            stays = stays && depth < before.Length && before[depth] == after[depth];
            if (!stays)
            {
                rounds[depth] = new(0, 0, state.Path);
                continue;
            }

            var loop = state.Loops[depth];
            rounds[depth] = loop;
            if (isBackward && after[depth].First == to)
            {
                int undecided = loop.Undecided + (loop.Path == state.Path ? 0 : 1);
                rounds[depth] = new(loop.Count + 1, undecided, state.Path);
                stays = false;
            }
        }

        state.Loops = rounds;
        if (rounds.All(loop => loop.Undecided <= Context.Options.LoopBound))
        {
            return true;
        }

        Oblige(state, Pool.False, Failure.LoopBound);
        return false;
    }

    private Term ConditionOf(MachineState state, Code code)
    {
        if (code is Code.Brtrue or Code.Brfalse)
        {
            var truth = TruthOf(state.Pop());
            return code == Code.Brtrue ? truth : Pool.Not(truth);
        }

        var other = state.Pop();
        var one = state.Pop();
        return code switch
        {
            Code.Beq => AreEqual(one, other),
            Code.Bne_Un => Pool.Not(AreEqual(one, other)),
            Code.Blt => Less(one, other, isSigned: true),
            Code.Blt_Un => Less(one, other, isSigned: false),
            Code.Bgt => Less(other, one, isSigned: true),
            Code.Bgt_Un => Less(other, one, isSigned: false),
            Code.Bge => Pool.Not(Less(one, other, isSigned: true)),
            Code.Bge_Un => Pool.Not(Less(one, other, isSigned: false)),
            Code.Ble => Pool.Not(Less(other, one, isSigned: true)),
            _ => Pool.Not(Less(other, one, isSigned: false)),
        };
    }

    /// <summary>Whether a value is not zero, or not null.</summary>
    private Term TruthOf(MachineValue value) => value switch
    {
        ScalarValue scalar => Pool.Not(Pool.Equal(scalar.Term, Pool.BitVec(0, scalar.Term.Width))),
        PointerValue pointer => Pool.Not(IsNull(pointer)),
        BoxedValue or TokenValue => Pool.True,
        _ => throw Outside("it asks whether an object is there of which nothing is known"),
    };

    private Term IsNull(PointerValue pointer) =>
        Pool.Or([.. pointer.Targets.Where(target => target.Location is null).Select(target => target.Guard)]);

    private Term AreEqual(MachineValue one, MachineValue other)
    {
        if (one is ScalarValue && other is ScalarValue)
        {
            var (a, b) = Aligned(one, other);
            return Pool.Equal(a, b);
        }

        return (one, other) switch
        {
            (_, PointerValue { Targets: [{ Location: null }] }) => Pool.Not(TruthOf(one)),
            (PointerValue { Targets: [{ Location: null }] }, _) => Pool.Not(TruthOf(other)),
            (TokenValue a, TokenValue b) => Pool.Bool(Equals(a.Token, b.Token)),
            _ => throw Outside("it compares references"),
        };
    }

    private Term Less(MachineValue one, MachineValue other, bool isSigned)
    {
        // How a compiler asks whether a reference is not null.
        if (!isSigned && one is PointerValue { Targets: [{ Location: null }] } && other is not ScalarValue)
        {
            return TruthOf(other);
        }

        var (a, b) = Aligned(one, other);
        return isSigned ? Pool.Slt(a, b) : Pool.Ult(a, b);
    }
}
