using Mono.Cecil.Cil;
using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Lifting;

/// <summary>
/// Executes the instructions of a call, and of the calls that it makes, for all values of the variables
/// at once. Where a branch depends on them, both ways are gone, and joined again at the point that both
/// reach; where it does not, one is, so that loops over constants unroll by themselves.
/// </summary>
internal sealed partial class Executor(LiftContext context)
{
    private const int Ended = -1;
    private const int CallsMax = 200;

    // Survivor: what is in it from the start, and is no obligation, is never asked for.
    private readonly HashSet<(Term Holds, string What)> _known = [];
    private readonly List<Obligation> _obligations = [];
    private ClosedMethod? _method;
    private Operation? _operation;
    private int _calls;

    public LiftContext Context { get; } = context;

    public TermPool Pool => Context.Pool;

    public IReadOnlyList<Obligation> Obligations => _obligations;

    /// <summary>How many instructions were executed.</summary>
    public int Steps { get; private set; }

    /// <summary>
    /// Runs a method on the arguments on the stack, and leaves its result there. False if it never
    /// returns; the state then means nothing.
    /// </summary>
    public bool Invoke(ClosedMethod method, MachineState state)
    {
        if (_calls == CallsMax)
        {
            throw new LiftingException("calls are nested too deep here");
        }

        int first = state.Stack.Count - method.Parameters.Count;
        int cells = state.Cells.Count;
        for (int index = 0; index < method.Parameters.Count; index++)
        {
            state.Cells.Add(Context.Stored(state.Stack[first + index], method.Parameters[index]));
        }

        state.Stack.RemoveRange(first, method.Parameters.Count);
        state.Cells.AddRange(method.Locals.Select(Context.Zero));
        var loops = state.Loops;
        state.Loops = [.. method.Loops.Around(0).Select(_ => new LoopRounds(0, 0, state.Path))];

        var caller = (_method, _operation);
        _calls++;
        var returned = Run(new(method, cells), state);
        _calls--;
        (_method, _operation) = caller;
        if (returned is null)
        {
            return false;
        }

        returned.Forget(cells);
        returned.Loops = loops;
        state.Become(returned);
        return true;
    }

    /// <summary>Notes what must hold wherever this state is.</summary>
    public void Oblige(MachineState state, Term holds, string what) =>
        Oblige(state, holds, what, _operation!.Offset);

    private void Oblige(MachineState state, Term holds, string what, int offset)
    {
        var obligation = Pool.Implies(state.Path.Term, holds);
        if (!obligation.IsTrue && _known.Add((obligation, what)))
        {
            _obligations.Add(new(obligation, what, _method!.Name, offset));
        }
    }

    private MachineState? Run(Frame frame, MachineState entry)
    {
        frame.Queue.Add(0, entry);
        while (frame.Queue.TryTake(out int index, out var states))
        {
            Located(frame, index, () => RunFrom(frame, Context.Merger.Merge(states), index));
        }

        return frame.Returned.Count == 0 ? null : Context.Merger.Merge(frame.Returned);
    }

    /// <summary>Names the instruction to blame, when something goes wrong.</summary>
    private void Located(Frame frame, int index, Action action)
    {
        (_method, _operation) = (frame.Method, frame.Method.Operations[index]);
        try
        {
            action();
        }
        catch (LiftingException failure) when (failure.Method is null)
        {
            throw Outside(failure.Message.TrimEnd('.'));
        }
    }

    private LiftingException Outside(string reason) =>
        new(reason, _method!.Name, _operation!.Offset, _operation.Text);

    /// <summary>Goes on until the way ends, parts, or reaches a point where others may join.</summary>
    private void RunFrom(Frame frame, MachineState state, int index)
    {
        var method = frame.Method;
        while (true)
        {
            (_method, _operation) = (method, method.Operations[index]);
            if (method.Throwing[index])
            {
                Oblige(state, Pool.False, Failure.Throw, method.Throwing.OffsetFrom(index));
                return;
            }

            if (++Steps > Context.Options.StepLimit)
            {
                throw new LiftingException($"more than {Context.Options.StepLimit} instructions were executed");
            }

            int next = Execute(frame, state, index);
            if (next == Ended)
            {
                return;
            }

            if (method.IsTarget[next] || !method.Loops.AreWithinTheSame(index, next))
            {
                GoTo(frame, state, index, next);
                return;
            }

            index = next;
        }
    }

    /// <summary>Executes one instruction, and tells which comes next.</summary>
    private int Execute(Frame frame, MachineState state, int index)
    {
        var operation = frame.Method.Operations[index];
        switch (operation.Code)
        {
            case Code.Ret:
                Return(frame, state);
                return Ended;
            case Code.Br:
                return operation.Index;
            case Code.Switch:
                Switch(frame, state, index, operation);
                return Ended;
            case Code.Call or Code.Callvirt:
                return Call(state, SiteOf(operation)) ? index + 1 : Ended;
            case Code.Newobj:
                return Create(state, SiteOf(operation)) ? index + 1 : Ended;
            case var _ when operation.IsConditional:
                Branch(frame, state, index, ConditionOf(state, operation.Code), operation.Index, index + 1);
                return Ended;
            default:
                if (!Move(frame, state, operation) && !Compute(state, operation) && !Convert(state, operation.Code)
                    && !Access(state, operation) && !AccessArray(state, operation))
                {
                    throw Outside("it is outside the subset that can be lifted");
                }

                return index + 1;
        }
    }

    private void Return(Frame frame, MachineState state)
    {
        if (frame.Method.Return.Kind != ClrKind.Void)
        {
            var type = frame.Method.Return;
            state.Push(Context.Loaded(Context.Stored(state.Pop(), type), type));
        }

        frame.Returned.Add(state);
    }

    // Survivor: a site that is looked up again leads to the same target or intrinsic operation.
    private CallSite SiteOf(Operation operation) =>
        (CallSite)(operation.Resolved ??= Context.Methods.SiteOf(
            (Mono.Cecil.MethodReference)operation.Reference!, operation.Constraint, _method!.Scope));

    // Survivor: a type that is looked up again is the same, since the table has each only once.
    private ClrType TypeOf(Operation operation) =>
        (ClrType)(operation.Resolved ??= Context.Types.Of(
            (Mono.Cecil.TypeReference)operation.Reference!, _method!.Scope));

    /// <summary>One call that is open.</summary>
    private sealed class Frame(ClosedMethod method, int cells)
    {
        public ClosedMethod Method { get; } = method;

        /// <summary>Where its arguments begin among the cells; its locals follow.</summary>
        public int Cells { get; } = cells;

        public int Locals => Cells + Method.Parameters.Count;

        public StateQueue Queue { get; } = new(method.Loops);

        public List<MachineState> Returned { get; } = [];
    }
}
