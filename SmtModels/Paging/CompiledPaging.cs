using System.Reflection;
using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Paging;

/// <summary>Runs the compiled methods that were lifted, on concrete words.</summary>
public sealed class CompiledPaging(ProofSubject subject)
{
    /// <summary>How a walk ends; null when it throws.</summary>
    public TranslationOutcome? Walk(Walker walker, in ControlState control, in Access access, WordStore memory)
    {
        string method = walker == Walker.Spec
            ? PagingMethods.SpecWalk
            : PagingMethods.ImplementationWalk(EntryNames.LevelsOf(control));
        try
        {
            object end = Run(method, memory, ("control", control), ("access", access));
            return end is TranslationOutcome outcome
                ? outcome
                : (TranslationOutcome)end.GetType().GetProperty("Outcome")!.GetValue(end)!;
        }
        catch (TargetInvocationException)
        {
            // Whatever the method throws, that it does so is the counterexample.
            return null;
        }
    }

    /// <summary>Whether the Spec permits that a walk leaves a word so.</summary>
    public bool Permits(
        in ControlState control, in Access access, WordStore memory, PhysicalAddress address, PagingEntry left) =>
        (bool)Run(
            PagingMethods.SpecPermits,
            memory,
            ("control", control), ("access", access), ("address", address), ("left", left));

    private object Run(string name, WordStore memory, params (string Name, object Value)[] arguments)
    {
        var method = CompiledMethods.Find(subject, name);
        object[] values = [.. method.GetParameters().Select(parameter => parameter.Name == "memory"
            ? memory.Memory
            : arguments.Single(argument => argument.Name == parameter.Name).Value)];
        return method.Invoke(null, values)!;
    }
}
