using System.Reflection;

namespace PageProof.SmtModels.Theorems;

/// <summary>
/// The compiled code that theorems are about. The files are what is lifted; the loaded assemblies are
/// what counterexamples are run on, so they should be of the same files.
/// </summary>
/// <param name="Files">Paths of the assemblies.</param>
/// <param name="Loaded">The same assemblies, loaded.</param>
public sealed record ProofSubject(IReadOnlyList<string> Files, IReadOnlyList<Assembly> Loaded)
{
    /// <summary>Assemblies that are loaded from files.</summary>
    public static ProofSubject Of(params Assembly[] loaded) =>
        new([.. loaded.Select(assembly => assembly.Location)], loaded);
}
