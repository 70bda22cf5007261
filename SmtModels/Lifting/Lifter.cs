using Mono.Cecil;
using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Lifting;

/// <summary>
/// Turns compiled methods into terms: what they return, what they leave in memory, and what must hold
/// for them not to throw, for all values of their parameters. The memory of the machine is one array,
/// indexed by the byte address of an aligned quadword; a method gets at it through a parameter whose type
/// is a type parameter bound to a memory interface of Contract, or such an interface. What parameters by
/// reference refer to are different places, and static fields that never change are constants, the content
/// of their arrays too.
/// </summary>
public sealed class Lifter(TermPool pool, AssemblySet assemblies, LiftOptions? options = null)
{
    private readonly LiftContext _context = new(pool, options ?? new());

    public static LiftedValue OfMemory(Term memory) => new(memory);

    /// <summary>An integer; also for a structure that holds one integer only, and for a truth.</summary>
    public static LiftedValue OfScalar(Term term) => new(term);

    /// <summary>
    /// New variables for a parameter, one for each integer in it, named by the way to it behind the prefix,
    /// which is the name of the parameter unless another is given.
    /// </summary>
    public LiftedValue FreshParameter(string liftedName, string parameterName, string? prefix = null)
    {
        var method = assemblies.Lifted(liftedName);
        return Guarded(method, () =>
        {
            var root = RootOf(method);
            int index = root.Names.IndexOf(parameterName);
            return index >= 0
                ? Fresh(root.Types[index], prefix ?? parameterName)
                : throw new LiftingException($"{root.Method.Name} has no parameter {parameterName}.");
        });
    }

    /// <summary>
    /// Lifts the method that is marked with the name. A parameter that is not given gets variables of its
    /// own name.
    /// </summary>
    public LiftedCall Lift(string liftedName, params (string Parameter, LiftedValue Value)[] given) =>
        LiftMethod(assemblies.Lifted(liftedName), given);

    /// <summary>Lifts a method.</summary>
    /// <exception cref="LiftingException">It goes beyond what can be lifted.</exception>
    public LiftedCall LiftMethod(MethodReference method, params (string Parameter, LiftedValue Value)[] given) =>
        Guarded(method, () => Execute(method, given));

    /// <summary>
    /// Makes a whole sentence of whatever is wrong before the first instruction. Of damaged code the reader
    /// and the machine may complain in any way.
    /// </summary>
    private static T Guarded<T>(MethodReference method, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (LiftingException failure) when (!failure.Message.EndsWith('.'))
        {
            throw new LiftingException($"{method.FullName} cannot be lifted, because {failure.Message}.", failure);
        }
        catch (Exception failure) when (failure is not (LiftingException or OutOfMemoryException))
        {
            throw new LiftingException($"{method.FullName} cannot be lifted, because it makes no sense.", failure);
        }
    }

    private LiftedCall Execute(MethodReference method, (string Parameter, LiftedValue Value)[] given)
    {
        var root = RootOf(method);
        foreach (var (name, _) in given)
        {
            if (!root.Names.Contains(name))
            {
                throw new LiftingException($"{root.Method.Name} has no parameter {name}.");
            }
        }

        Dictionary<string, LiftedValue> parameters = new(StringComparer.Ordinal);
        foreach (var (name, type) in root.Names.Zip(root.Types))
        {
            var found = given.FirstOrDefault(one => one.Parameter == name).Value;
            parameters.Add(name, found ?? Fresh(type, name));
        }

        return Execute(root, parameters);
    }

    private LiftedCall Execute(Root root, Dictionary<string, LiftedValue> parameters)
    {
        MachineState state = new(PathCondition.Always(pool));
        Dictionary<string, int> cells = new(StringComparer.Ordinal);
        for (int index = 0; index < root.Names.Count; index++)
        {
            var name = root.Names[index];
            var value = MachineValueOf(parameters[name], root.Types[index], state);
            if (root.Method.Parameters[index].Kind == ClrKind.Pointer)
            {
                cells.Add(name, state.Cells.Count);
                state.Push(_context.PointerTo(new(RootKind.Cell, state.Cells.Count)));
                state.Cells.Add(value);
            }
            else
            {
                state.Push(_context.Loaded(value, root.Types[index]));
            }
        }

        Executor executor = new(_context);
        bool returns = executor.Invoke(root.Method, state);
        var type = root.Method.Return;
        var result = returns && type.Kind != ClrKind.Void ? ResultOf(executor, state, type) : null;
        var outputs = cells.Where(cell => returns && root.Types[root.Names.IndexOf(cell.Key)].Kind != ClrKind.Memory);
        return new(result, returns ? state.Memory : null, executor.Obligations, parameters, executor.Steps)
        {
            Outputs = outputs.ToDictionary(cell => cell.Key, cell => new LiftedValue(state.Cells[cell.Value])),
        };
    }

    private LiftedValue ResultOf(Executor executor, MachineState state, ClrType type)
    {
        var value = state.Pop();
        return type.Kind == ClrKind.Pointer
            ? new(executor.Read(state, value))
            : new(_context.Stored(value, type));
    }

    private MachineValue MachineValueOf(LiftedValue value, ClrType type, MachineState state)
    {
        if (type.Kind != ClrKind.Memory)
        {
            return value.As(type, _context);
        }

        if (value.Scalar is not { Sort.IsMemory: true } memory || (state.Memory ?? memory) != memory)
        {
            throw new LiftingException("A method has one memory, and that is an array.");
        }

        state.Memory = memory;
        return MemoryHandle.Instance;
    }

    private Root RootOf(MethodReference method)
    {
        var definition = method.Resolve() ?? throw new LiftingException($"{method.FullName} is not to be found.");
        IReadOnlyList<ClrType> arguments = method is GenericInstanceMethod instance
            ? [.. instance.GenericArguments.Select(one => _context.Types.Of(one, GenericScope.None))]
            : [.. definition.GenericParameters.Select(MemoryFor)];
        var declaring = _context.Types.Of(method.DeclaringType, GenericScope.None);
        if (definition.HasThis && declaring.Kind is ClrKind.Object)
        {
            throw new LiftingException($"{definition.FullName} is a method of an object, and cannot be lifted.");
        }

        var closed = _context.Methods.Of(definition, declaring, arguments);
        List<string> names = [.. definition.Parameters.Select(parameter => parameter.Name)];
        if (definition.HasThis)
        {
            names.Insert(0, "this");
        }

        return new(closed, names,
        [
            .. closed.Parameters.Select(type => type.Kind == ClrKind.Pointer ? type.Element! : type),
        ]);
    }

    private static ClrType MemoryFor(GenericParameter parameter) =>
        parameter.Constraints.Any(one => TypeTable.IsMemoryInterface(one.ConstraintType))
            ? TypeTable.Memory
            : throw new LiftingException(
                $"{((MethodReference)parameter.Owner).Name} cannot be lifted for all types {parameter.Name}.");

    private LiftedValue Fresh(ClrType type, string name) => type.Kind == ClrKind.Memory
        ? new(pool.Variable(name, Sort.Memory))
        : new(FreshValue(type, name));

    private MachineValue FreshValue(ClrType type, string name) => type.Kind switch
    {
        ClrKind.Integer when type.IsBool => new ScalarValue(
            pool.Ite(pool.Variable(name, Sort.Bool), pool.BitVec(1, 8), pool.BitVec(0, 8))),
        ClrKind.Integer => new ScalarValue(pool.Variable(name, Sort.BitVec(type.Width))),
        ClrKind.Struct => new StructValue(
            type, [.. type.Fields.Select(field => FreshValue(field.Type, $"{name}.{field.SourceName}"))]),
        ClrKind.InlineArray => new SequenceValue(
            [.. Enumerable.Range(0, type.Count).Select(index => FreshValue(type.Element!, $"{name}[{index}]"))]),
        _ => throw new LiftingException($"There are no variables for {name}, which is a {type}."),
    };

    private sealed record Root(ClosedMethod Method, List<string> Names, IReadOnlyList<ClrType> Types);
}
