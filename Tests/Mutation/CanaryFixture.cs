using PageProof.Mutation.Loading;
using PageProof.Mutation.Patches;

namespace PageProof.Tests.Mutation;

/// <summary>
/// All canaries of one domain, each compiled; the compilers of several run at once. The assemblies
/// stay in the user's cache, so only a changed source costs anything again.
/// </summary>
public sealed class CanaryFixture
{
    private readonly Dictionary<string, string> _assemblies;

    /// <summary>Compiles whatever is not in the cache.</summary>
    public CanaryFixture()
    {
        var compiler = PatchCompiler.OfRepository();
        _assemblies = Patches.AsParallel().ToDictionary(patch => patch.File, compiler.Compile);
        Control = compiler.CompileControl("Implementation");
    }

    /// <summary>The canaries of paging.</summary>
    public static IReadOnlyList<Patch> Patches { get; } = Patch.ReadFolder(
        Path.Combine(ProjectSources.FindRoot(), "mutation-config", "canaries"), "paging");

    /// <summary>The path of the Implementation without a patch.</summary>
    public string Control { get; }

    /// <summary>The system that the patch makes.</summary>
    public SystemAssembly Load(Patch patch) => SystemAssembly.Load(_assemblies[patch.File]);
}
