using Mono.Cecil;
using PageProof.Contract;

namespace PageProof.Mutation.Domain;

/// <summary>
/// The code that theorems are about: the methods that an assembly marks as lifted, and all of the same
/// assembly that they reach by calls. What they reach through an interface of Contract, such as memory,
/// stands for anything and is not part of it.
/// </summary>
internal static class LiftedCode
{
    // The attribute of Contract: found by its name, as a changed assembly has one of its own.
    private const string Mark = "LiftedAttribute";

    /// <summary>The methods in the order of the assembly.</summary>
    /// <param name="module">The assembly.</param>
    /// <param name="names">The names of marked methods that count; at least one must have each.</param>
    public static IReadOnlyList<MethodDefinition> MarkedAs(ModuleDefinition module, params string[] names)
    {
        var marked = MethodsOf(module)
            .SelectMany(method => NamesOf(method).Select(name => (Name: name, Method: method)))
            .ToLookup(each => each.Name, each => each.Method);
        return names.FirstOrDefault(name => !marked.Contains(name)) is { } missing
            ? throw new UserError($"{module.Name} marks no method as lifted under the name {missing}.")
            : ReachedFrom([.. names.SelectMany(name => marked[name])]);
    }

    /// <summary>The methods themselves and what they reach, in the order of the assembly.</summary>
    public static IReadOnlyList<MethodDefinition> ReachedFrom(IReadOnlyList<MethodDefinition> roots)
    {
        var module = roots[0].Module;
        HashSet<MethodDefinition> reached = [.. roots];
        Queue<MethodDefinition> waiting = new(roots);
        while (waiting.TryDequeue(out var method))
        {
            foreach (var called in method.Body.Instructions.Select(each => each.Operand).OfType<MethodReference>())
            {
                foreach (var target in TargetsOf(module, called).Where(reached.Add))
                {
                    waiting.Enqueue(target);
                }
            }
        }

        return [.. MethodsOf(module).Where(reached.Contains)];
    }

    /// <summary>Whether a type is one that the compiler has made for its own use.</summary>
    public static bool IsPlumbing(TypeReference type) => type.Name.StartsWith("<PrivateImpl", StringComparison.Ordinal);

    private static IEnumerable<string> NamesOf(MethodDefinition method) => method.CustomAttributes
        .Where(mark => mark.AttributeType.Name == Mark)
        .Select(mark => mark.ConstructorArguments is [{ Value: string name }] ? name : "");

    private static IEnumerable<MethodDefinition> TargetsOf(ModuleDefinition module, MethodReference called)
    {
        // The declaring type tells the assembly without a look into any other.
        if (called.DeclaringType.GetElementType().Scope != module || called.Resolve() is not { } method
            || IsPlumbing(method.DeclaringType))
        {
            return [];
        }

        return method.HasBody ? [method] : MethodsOf(module).Where(each => Implements(each, method));
    }

    private static bool Implements(MethodDefinition method, MethodDefinition declared) =>
        method.HasBody && method.Name == declared.Name && method.Parameters.Count == declared.Parameters.Count
        && method.DeclaringType.Interfaces.Any(each => each.InterfaceType.Resolve() == declared.DeclaringType);

    private static IEnumerable<MethodDefinition> MethodsOf(ModuleDefinition module) =>
        module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody);
}
