using PageProof.Implementation.Paging;
using PageProof.SmtModels.Lifting;
using PageProof.Spec.Paging;

namespace PageProof.Tests.SmtModels.Lifting;

/// <summary>The assemblies whose methods the tests lift, read once for all tests of a class.</summary>
public sealed class LiftedAssemblies : IDisposable
{
    /// <summary>Spec and Implementation.</summary>
    public AssemblySet Shipped { get; } = new(
        typeof(WalkSpec).Assembly.Location, typeof(LiftedWalks).Assembly.Location);

    /// <summary>The samples.</summary>
    public AssemblySet Samples { get; } = new(typeof(LiftedAssemblies).Assembly.Location);

    public void Dispose()
    {
        Shipped.Dispose();
        Samples.Dispose();
    }
}
