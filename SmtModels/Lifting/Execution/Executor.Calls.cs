using PageProof.Contract.Paging;

namespace PageProof.SmtModels.Lifting;

/// <content>Calls.</content>
internal sealed partial class Executor
{
    private const string ObjectConstructor = "System.Object::.ctor";
    private const string ComparerEquals = "System.Collections.Generic.EqualityComparer`1::Equals";

    /// <summary>The type whose static constructor is being run, if one is.</summary>
    public ClrType? Constructed { get; init; }

    /// <summary>False if the call never returns.</summary>
    private bool Call(MachineState state, CallSite site)
    {
        if (site.Constraint?.Kind == ClrKind.Memory
            || (site.Declaring.Kind == ClrKind.Memory && site.Constraint is null))
        {
            AccessMemory(state, site);
            return true;
        }

        if (site.Key == ObjectConstructor)
        {
            state.Pop();
            return true;
        }

        if (FindIntrinsic(site) is { } intrinsic)
        {
            int count = site.Parameters.Count + (site.HasThis ? 1 : 0);
            if (site.Name == ".ctor")
            {
                // A constructor gives the value that is to be stored where "this" points.
                var made = intrinsic(new(this, state, site, PopMany(state, count - 1)))!;
                Write(state, state.Pop(), made);
            }
            else if (intrinsic(new(this, state, site, PopMany(state, count))) is { } result)
            {
                state.Push(Context.Loaded(result, site.Return));
            }

            return true;
        }

        if (site.Key == ComparerEquals)
        {
            var other = state.Pop();
            var one = state.Pop();
            state.Pop();
            return PushEquality(state, site.Declaring.Arguments[0], one, other);
        }

        site.Target ??= Context.Methods.TargetOf(site)
            ?? throw Outside("which method that is depends on the object");
        return Invoke(site.Target, state);
    }

    private bool Create(MachineState state, CallSite site)
    {
        if (FindIntrinsic(site) is { } intrinsic)
        {
            state.Push(intrinsic(new(this, state, site, PopMany(state, site.Parameters.Count)))!);
            return true;
        }

        if (!site.Declaring.HasFields)
        {
            throw Outside($"it makes an object of type {site.Declaring}");
        }

        return site.Declaring.Kind == ClrKind.Struct ? CreateValue(state, site) : CreateObject(state, site);
    }

    private bool CreateValue(MachineState state, CallSite site)
    {
        int cell = state.Cells.Count;
        state.Cells.Add(Context.Zero(site.Declaring));
        if (!Construct(state, site, Context.PointerTo(new(RootKind.Cell, cell))))
        {
            return false;
        }

        var made = state.Cells[cell];
        state.Forget(cell);
        state.Push(made);
        return true;
    }

    private bool CreateObject(MachineState state, CallSite site)
    {
        MachineValue[] fields = [.. site.Declaring.Fields.Select(field => Context.Zero(field.Type))];
        var made = Allocate(state, new StructValue(site.Declaring, fields));
        if (!Construct(state, site, made))
        {
            return false;
        }

        state.Push(made);
        return true;
    }

    private bool Construct(MachineState state, CallSite site, PointerValue place)
    {
        state.Stack.Insert(state.Stack.Count - site.Parameters.Count, place);
        site.Target ??= Context.Methods.TargetOf(site) ?? throw Outside("the constructor is not to be found");
        return Invoke(site.Target, state);
    }

    private Intrinsic? FindIntrinsic(CallSite site)
    {
        if (site.Constraint is null)
        {
            // Survivor: what is looked up again is the same.
            site.Intrinsic ??= Intrinsics.Find(site);
        }

        return site.Intrinsic;
    }

    private static MachineValue[] PopMany(MachineState state, int count)
    {
        MachineValue[] values = [.. state.Stack[^count..]];
        state.Stack.RemoveRange(state.Stack.Count - count, count);
        return values;
    }

    // What a default comparer says: what the type itself says, if it does.
    private bool PushEquality(MachineState state, ClrType type, MachineValue one, MachineValue other)
    {
        if (type.Kind == ClrKind.Struct && EqualsOf(type) is { } equals)
        {
            int cell = state.Cells.Count;
            state.Cells.Add(one);
            state.Push(Context.PointerTo(new(RootKind.Cell, cell)));
            state.Push(other);
            if (!Invoke(equals, state))
            {
                return false;
            }

            state.Forget(cell);
            return true;
        }

        PushTruth(state, Equality.Of(Pool, Context.Stored(one, type), Context.Stored(other, type)));
        return true;
    }

    /// <summary>The method by which values of a structure say that they are equal, if they have one.</summary>
    private ClosedMethod? EqualsOf(ClrType type)
    {
        var definition = type.Definition!;
        bool isEquatable = definition.Interfaces.Any(one =>
            one.InterfaceType.FullName.StartsWith("System.IEquatable`1", StringComparison.Ordinal));
        var typed = definition.Methods.FirstOrDefault(method => method.Name == nameof(Equals) && !method.IsStatic
            && method.Parameters.Count == 1
            && method.Parameters[0].ParameterType.FullName != "System.Object"
            && Context.Types.Of(method.Parameters[0].ParameterType, type.Scope) == type);
        if (typed is not null && isEquatable)
        {
            return Context.Methods.Of(typed, type, []);
        }

        return Equality.IsByParts(type)
            ? null
            : throw Outside($"what it is for two values of {type} to be equal is not known");
    }

    private void AccessMemory(MachineState state, CallSite site)
    {
        var arguments = PopMany(state, site.Parameters.Count);
        state.Pop();
        var memory = state.Memory ?? throw Outside("there is no memory");
        switch (site.Name)
        {
            case nameof(IPhysicalMemory.Contains):
                PushTruth(state, Context.Options.ContainsAt(Pool, Context.WordIn(arguments[0])));
                break;
            case nameof(IPhysicalMemory.Read):
                state.Push(Context.Wrapped(Pool.Select(memory, Context.WordIn(arguments[0])), site.Return));
                break;
            case nameof(IMarkableMemory.Or):
                var address = Context.WordIn(arguments[0]);
                var marked = Pool.BvOr(Pool.Select(memory, address), Context.WordIn(arguments[1]));
                state.Memory = Pool.Store(memory, address, marked);
                break;
            default:
                throw Outside("memory has no such operation");
        }
    }
}
