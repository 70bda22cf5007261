using System.Reflection;
using PageProof.Contract;
using PageProof.SmtModels.Lifting;

namespace PageProof.SmtModels.Theorems;

/// <summary>The compiled methods of a subject, by the names under which they are lifted.</summary>
public static class CompiledMethods
{
    /// <summary>The method that is marked with the name; what it is generic in, a memory, is bound.</summary>
    /// <exception cref="LiftingException">There is none.</exception>
    public static MethodInfo Find(ProofSubject subject, string name)
    {
        var found = subject.Loaded
            .SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(
                BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic
                | BindingFlags.DeclaredOnly))
            .FirstOrDefault(method => method.GetCustomAttributes<LiftedAttribute>().Any(mark => mark.Name == name))
            ?? throw new LiftingException($"No loaded assembly has a method marked as '{name}'.");
        return found.IsGenericMethod ? found.MakeGenericMethod(typeof(WordStore.View)) : found;
    }
}
