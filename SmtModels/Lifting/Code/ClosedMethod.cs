using Mono.Cecil;

namespace PageProof.SmtModels.Lifting;

/// <summary>A method with a body, without open type parameters.</summary>
internal sealed class ClosedMethod
{
    public ClosedMethod(MethodDefinition definition, ClrType declaring, GenericScope scope, TypeTable types)
    {
        Name = $"{definition.DeclaringType.FullName}.{definition.Name}";
        Scope = scope;
        Definition = definition;
        if (!definition.HasBody)
        {
            throw new LiftingException($"{Name} has no body that could be lifted.");
        }

        if (definition.Body.HasExceptionHandlers)
        {
            var handler = definition.Body.ExceptionHandlers[0];
            throw new LiftingException(
                $"it is in a {handler.HandlerType.ToString().ToLowerInvariant()} block",
                Name,
                handler.TryStart.Offset,
                handler.TryStart.OpCode.Name);
        }

        IEnumerable<ClrType> parameters = definition.Parameters.Select(one => types.Of(one.ParameterType, scope));
        Parameters = definition.HasThis ? [types.PointerTo(declaring), .. parameters] : [.. parameters];
        Locals = [.. definition.Body.Variables.Select(one => types.Of(one.VariableType, scope))];
        Return = types.Of(definition.ReturnType, scope);
        Operations = Decoder.Decode(definition);
        Loops = new(Operations);
        Throwing = new(Operations);
        IsTarget = new bool[Operations.Count];
        foreach (int target in Operations.SelectMany(operation => operation.Targets))
        {
            IsTarget[target] = true;
        }
    }

    public MethodDefinition Definition { get; }

    public string Name { get; }

    public GenericScope Scope { get; }

    /// <summary>The types of the arguments, that of <c>this</c> first.</summary>
    public IReadOnlyList<ClrType> Parameters { get; }

    public IReadOnlyList<ClrType> Locals { get; }

    public ClrType Return { get; }

    public IReadOnlyList<Operation> Operations { get; }

    public LoopNest Loops { get; }

    public ThrowingCode Throwing { get; }

    /// <summary>Whether a branch goes to an instruction, so that ways may join there.</summary>
    public bool[] IsTarget { get; }
}
