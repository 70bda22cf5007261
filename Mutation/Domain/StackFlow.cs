using Mono.Cecil;
using Mono.Cecil.Cil;

namespace PageProof.Mutation.Domain;

/// <summary>A place on the evaluation stack: its kind, and the instructions that may have filled it.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Producers">The instructions, in the order of the method.</param>
internal sealed record StackSlot(StackKind Kind, IReadOnlyList<Instruction> Producers)
{
    /// <summary>The one instruction that fills it, or null when it is one of several.</summary>
    public Instruction? Producer => Producers.Count == 1 ? Producers[0] : null;
}

/// <summary>
/// Which instruction takes what another has put on the evaluation stack, for a whole method whose
/// macros were made plain. The stack must have one shape at every instruction, whichever way leads
/// there, and operands must be of the kinds that the instruction wants: so that a method which has a
/// flow also compiles at run time. Source: ECMA-335, III.1.8.1.3 and the instructions of III.3 and III.4.
/// </summary>
internal sealed class StackFlow
{
    private readonly MethodBody _body;
    private readonly Dictionary<Instruction, StackSlot[]> _before = [];
    private readonly Dictionary<Instruction, StackSlot[]> _operands = [];
    private readonly Dictionary<Instruction, List<Instruction>> _consumers = [];
    private readonly Queue<Instruction> _waiting = new();

    private StackFlow(MethodBody body) => _body = body;

    /// <summary>The flow of a method.</summary>
    /// <exception cref="InvalidProgramException">It has none; the message says where and why.</exception>
    public static StackFlow Of(MethodBody body)
    {
        StackFlow flow = new(body);
        flow.Reach(body.Instructions[0], []);
        foreach (var handler in body.ExceptionHandlers)
        {
            StackSlot thrown = new(StackKind.Object, []);
            bool catches = handler.HandlerType is ExceptionHandlerType.Catch or ExceptionHandlerType.Filter;
            flow.Reach(handler.HandlerStart, catches ? [thrown] : []);
            if (handler.FilterStart is { } filter)
            {
                flow.Reach(filter, [thrown]);
            }
        }

        while (flow._waiting.TryDequeue(out var next))
        {
            flow.Pass(next);
        }

        foreach (var instruction in body.Instructions)
        {
            foreach (var producer in flow.OperandsOf(instruction).SelectMany(slot => slot.Producers).Distinct())
            {
                flow.ConsumerList(producer).Add(instruction);
            }
        }

        return flow;
    }

    /// <summary>Whether any way leads to the instruction.</summary>
    public bool IsReached(Instruction instruction) => _before.ContainsKey(instruction);

    /// <summary>What the instruction takes from the stack, the topmost last.</summary>
    public IReadOnlyList<StackSlot> OperandsOf(Instruction instruction) =>
        _operands.TryGetValue(instruction, out var operands) ? operands : [];

    /// <summary>The instructions that take what this one leaves.</summary>
    public IReadOnlyList<Instruction> ConsumersOf(Instruction instruction) => ConsumerList(instruction);

    private List<Instruction> ConsumerList(Instruction instruction)
    {
        if (!_consumers.TryGetValue(instruction, out var list))
        {
            _consumers[instruction] = list = [];
        }

        return list;
    }

    // III.4.15: the address of data that lies in the assembly is an unmanaged pointer.
    private static bool IsFixedData(StackSlot slot) => slot.Producer is
    { OpCode.Code: Code.Ldsflda, Operand: FieldReference field } && LiftedCode.IsPlumbing(field.DeclaringType);

    private void Pass(Instruction instruction)
    {
        var before = _before[instruction];
        var effect = StackEffect.Of(_body, instruction, before);
        if (effect.Taken.Count > before.Length)
        {
            throw Broken(instruction, "takes more than there is");
        }

        int kept = before.Length - effect.Taken.Count;
        for (int index = 0; index < effect.Taken.Count; index++)
        {
            if (effect.Taken[index] is { } wanted && before[kept + index].Kind != wanted
                && !(wanted == StackKind.Native && IsFixedData(before[kept + index])))
            {
                throw Broken(instruction, $"wants {wanted} and is given {before[kept + index].Kind}");
            }
        }

        _operands[instruction] = before[kept..];
        StackSlot[] after =
            [.. before[..kept], .. effect.Left.Select(kind => new StackSlot(kind, [instruction]))];
        if (effect.EmptiesStack)
        {
            after = [];
        }

        if (instruction.OpCode.Code == Code.Ret && kept != 0)
        {
            throw Broken(instruction, "leaves something behind");
        }

        foreach (var next in SuccessorsOf(instruction))
        {
            Reach(next, after);
        }
    }

    private void Reach(Instruction instruction, StackSlot[] stack)
    {
        if (!_before.TryGetValue(instruction, out var known))
        {
            _before[instruction] = stack;
            _waiting.Enqueue(instruction);
            return;
        }

        if (known.Length != stack.Length)
        {
            throw Broken(instruction, $"is reached with {known.Length} and with {stack.Length} values");
        }

        bool grown = false;
        var merged = new StackSlot[known.Length];
        for (int index = 0; index < known.Length; index++)
        {
            if (known[index].Kind != stack[index].Kind)
            {
                throw Broken(instruction, $"is reached with {known[index].Kind} and with {stack[index].Kind}");
            }

            Instruction[] producers = [.. known[index].Producers.Union(stack[index].Producers)];
            grown |= producers.Length > known[index].Producers.Count;
            merged[index] = known[index] with { Producers = [.. producers.OrderBy(each => each.Offset)] };
        }

        if (grown)
        {
            _before[instruction] = merged;
            _waiting.Enqueue(instruction);
        }
    }

    private static IEnumerable<Instruction> SuccessorsOf(Instruction instruction)
    {
        var flow = instruction.OpCode.FlowControl;
        if (instruction.Operand is Instruction target)
        {
            yield return target;
        }
        else if (instruction.Operand is Instruction[] targets)
        {
            foreach (var each in targets)
            {
                yield return each;
            }
        }

        if (flow is not (FlowControl.Branch or FlowControl.Return or FlowControl.Throw) && instruction.Next is { } next)
        {
            yield return next;
        }
    }

    private InvalidProgramException Broken(Instruction instruction, string what) =>
        new($"{_body.Method.FullName}: {instruction} {what}.");
}
