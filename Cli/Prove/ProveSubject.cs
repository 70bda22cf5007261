using PageProof.Contract;
using PageProof.Implementation;
using PageProof.Mutation.Loading;
using PageProof.SmtModels.Theorems;
using PageProof.Spec;

namespace PageProof.Cli.Prove;

/// <summary>
/// The code that a proof is about: the assemblies of this tool, or a changed Implementation or Spec in
/// the place of the shipped one.
/// </summary>
public sealed class ProveSubject : IDisposable
{
    private readonly SystemAssembly? _changed;

    private ProveSubject(ProofSubject subject, SystemAssembly? changed)
    {
        Subject = subject;
        _changed = changed;
    }

    /// <summary>What the prover is given.</summary>
    public ProofSubject Subject { get; }

    /// <summary>The assemblies that ship.</summary>
    public static ProveSubject Shipped() => new(
        ProofSubject.Of(
            typeof(ISystem).Assembly, typeof(SpecSystem).Assembly, typeof(ImplementationSystem).Assembly),
        null);

    /// <summary>A changed assembly in the place of the one that has its name.</summary>
    /// <exception cref="UserError">It cannot be loaded; the message says why.</exception>
    public static ProveSubject Changed(string path)
    {
        var changed = SystemAssembly.Load(path);
        var loaded = changed.System.GetType().Assembly;
        bool isSpec = loaded.GetName().Name == typeof(SpecSystem).Assembly.GetName().Name;
        var other = isSpec ? typeof(ImplementationSystem).Assembly : typeof(SpecSystem).Assembly;
        return new(
            new([typeof(ISystem).Assembly.Location, path, other.Location], [typeof(ISystem).Assembly, loaded, other]),
            changed);
    }

    /// <inheritdoc/>
    public void Dispose() => _changed?.Dispose();
}
