using PageProof.Cli.Mutate;
using PageProof.Mutation.Loading;
using PageProof.Mutation.Patches;

namespace PageProof.Tests.Mutation;

/// <summary>
/// All canaries of paging, let out once for all tests; the compilers of several run at once. Their
/// assemblies stay in the user's cache, so only a changed source costs anything again.
/// </summary>
public sealed class CanaryFixture
{
    private const ulong Seed = 1;

    private static readonly Lazy<CanaryHunt> OneHunt = new(() => CanaryHunt.Run("paging", Seed));
    private static readonly Lazy<PatchCompiler> Compiler = new(PatchCompiler.OfRepository);

    /// <summary>The canaries.</summary>
    public static IReadOnlyList<Patch> Patches { get; } = CanaryHunt.Patches("paging");

    /// <summary>What came of them; after it every assembly is in the cache.</summary>
    public CanaryHunt Hunt { get; } = OneHunt.Value;

    /// <summary>The system that the patch makes.</summary>
    public SystemAssembly Load(Patch patch) => SystemAssembly.Load(Compiler.Value.Compile(patch));
}
