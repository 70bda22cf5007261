using Mono.Cecil;
using Mono.Cecil.Rocks;

namespace PageProof.SmtModels.Lifting;

/// <summary>The methods that were met, each decoded once for what its type parameters stand for.</summary>
internal sealed class MethodTable(TypeTable types)
{
    private readonly Dictionary<(MethodDefinition Definition, string Arguments), ClosedMethod> _methods = [];

    public ClosedMethod Of(MethodDefinition definition, ClrType declaring, IReadOnlyList<ClrType> methodArguments)
    {
        var arguments = string.Join(',', declaring.Arguments.Concat(methodArguments));
        if (!_methods.TryGetValue((definition, arguments), out var method))
        {
            method = new(definition, declaring, new(declaring.Arguments, methodArguments), types);
            _methods.Add((definition, arguments), method);
        }

        return method;
    }

    /// <summary>The call that an instruction makes within a method of the given scope.</summary>
    public CallSite SiteOf(MethodReference reference, TypeReference? constraint, GenericScope scope)
    {
        var declaring = types.Of(reference.DeclaringType, scope);
        IReadOnlyList<ClrType> arguments = reference is GenericInstanceMethod instance
            ? [.. instance.GenericArguments.Select(one => types.Of(one, scope))]
            : [];
        GenericScope inner = new(declaring.Arguments, arguments);
        return new()
        {
            Declaring = declaring,
            Reference = reference,
            MethodArguments = arguments,
            Parameters = [.. reference.Parameters.Select(one => types.Of(one.ParameterType, inner))],
            Return = types.Of(reference.ReturnType, inner),
            Constraint = constraint is null ? null : types.Of(constraint, scope),
        };
    }

    /// <summary>The method that a call runs; null when that is decided only when it runs.</summary>
    public ClosedMethod? TargetOf(CallSite site)
    {
        if (site.Constraint is { Definition: { } constrained } constraint
            && site.Declaring.Definition is not { IsValueType: true })
        {
            return ImplementationOf(constrained, site) is { } implementation
                ? Of(implementation, constraint, site.MethodArguments)
                : null;
        }

        return site.Reference.Resolve() is { } definition
            && (!definition.IsVirtual || definition.IsFinal || definition.DeclaringType.IsSealed)
            ? Of(definition, site.Declaring, site.MethodArguments)
            : null;
    }

    // A method that is said to be the interface's own comes before one that bears its name.
    private MethodDefinition? ImplementationOf(TypeDefinition type, CallSite site)
    {
        var constraint = site.Constraint!;
        GenericScope scope = new(constraint.Arguments, site.MethodArguments);
        var candidates = type.GetMethods().Where(one => (one.Name == site.Name || IsSaid(one))
            && one.GenericParameters.Count == site.MethodArguments.Count
            && one.Parameters.Select(parameter => types.Of(parameter.ParameterType, scope))
                .SequenceEqual(site.Parameters)).ToList();
        return candidates.Find(IsSaid) ?? candidates.FirstOrDefault();

        bool IsSaid(MethodDefinition one) => one.Overrides.Any(over => over.Name == site.Name
            && types.Of(over.DeclaringType, constraint.Scope) == site.Declaring);
    }
}
