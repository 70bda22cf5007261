using System.Reflection;
using System.Runtime.Loader;
using PageProof.Contract;
using PageProof.Spec;

namespace PageProof.Cli.Ablate;

/// <summary>
/// A second copy of the laws, beside another Spec. A wrong Spec is wrong in the laws that compare with it, too: a law
/// that notices has to know better by itself, from a second case or from recorded answers.
/// </summary>
internal sealed class SpecContext(string spec) : AssemblyLoadContext(isCollectible: true), IDisposable
{
    private const string Ours = "PageProof";

    private static readonly AssemblyName Contract = typeof(ISystem).Assembly.GetName();
    private static readonly string Folder = Path.GetDirectoryName(typeof(LawsAlone).Assembly.Location)!;

    /// <summary>Puts the laws that know this Spec to the system of this Spec.</summary>
    public List<KeyValuePair<string, long?>> Put(string domain, ulong seed, long cases)
    {
        var laws = LoadFromAssemblyName(typeof(LawsAlone).Assembly.GetName());
        var put = laws.GetType(typeof(LawsAlone).FullName!, throwOnError: true)!.GetMethod(nameof(LawsAlone.Put))!
            .CreateDelegate<Func<ISystem, string, ulong, long, IEnumerable<KeyValuePair<string, long?>>>>();
        var system = LoadFromAssemblyName(typeof(SpecSystem).Assembly.GetName())
            .GetType(typeof(SpecSystem).FullName!, throwOnError: true)!;
        using var opened = (ISystem)Activator.CreateInstance(system)!;
        return [.. put(opened, domain, seed, cases)];
    }

    /// <inheritdoc/>
    public void Dispose() => Unload();

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string name = assemblyName.Name!;
        return name == Contract.Name || !name.StartsWith(Ours, StringComparison.OrdinalIgnoreCase) ? null
            : name == typeof(SpecSystem).Assembly.GetName().Name ? LoadFromAssemblyPath(Path.GetFullPath(spec))
            : LoadFromAssemblyPath(Path.Combine(Folder, name + ".dll"));
    }
}
