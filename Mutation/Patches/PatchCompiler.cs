using System.Security.Cryptography;
using System.Text;
using PageProof.Contract;

namespace PageProof.Mutation.Patches;

/// <summary>
/// Makes assemblies of patched sources. The same patch of the same sources, compiled by the same
/// compiler against the same Contract, is compiled once and then taken from the cache.
/// Can be used from several threads at once.
/// </summary>
public sealed class PatchCompiler(string root, AssemblyCache cache)
{
    // One for all: it takes a while to load, and keeps what it has read of the framework.
    private static readonly Lazy<SdkCompiler> Compiler = new(SdkCompiler.Locate);

    private readonly Dictionary<string, ProjectSources> _projects = [];
    private readonly Lock _lock = new();

    /// <summary>The compiler of this repository, with the user's cache.</summary>
    public static PatchCompiler OfRepository() => new(ProjectSources.FindRoot(), AssemblyCache.OfUser());

    /// <summary>The assembly of the patched project.</summary>
    public string Compile(Patch patch)
    {
        var sources = Sources(patch.Project);
        return Compile(sources with { Files = patch.ApplyTo(sources.Files) }, patch.File);
    }

    /// <summary>
    /// The assembly of the project as it stands: the control, which no law may refute, and which shows
    /// that a refuted patch owes it to the patch.
    /// </summary>
    public string CompileControl(string project) =>
        Compile(Sources(project), $"The unpatched {project}");

    /// <summary>
    /// The assembly of <paramref name="sources"/>; <paramref name="subject"/> names them in errors.
    /// </summary>
    public string Compile(ProjectSources sources, string subject)
    {
        // Projects know Contract and packages, nothing else. A system loaded later shares the Contract
        // that is running, so that is the one to compile against.
        string contract = typeof(ISystem).Assembly.Location;
        string[] references = [contract, .. sources.Packages.SelectMany(package =>
            Directory.GetFiles(Path.GetDirectoryName(contract)!, package + "*.dll").Order(StringComparer.Ordinal))];
        string name = $"PageProof.{sources.Project}.dll";
        return cache.Get(Key(sources, contract), folder =>
        {
            string output = Path.Combine(folder, name);
            string? error = Compiler.Value.Compile(sources, references, output);
            return error is null ? output : throw new UserError($"{subject} does not compile: {error}");
        });
    }

    private ProjectSources Sources(string project)
    {
        lock (_lock)
        {
            if (!_projects.TryGetValue(project, out var sources))
            {
                _projects[project] = sources = ProjectSources.Read(root, project);
            }

            return sources;
        }
    }

    private string Key(ProjectSources sources, string contract)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(Compiler.Value.Identity);
        Add($"{sources.Project} {sources.Version} {sources.AllowUnsafe}");
        Add($"{sources.LanguageVersion} {sources.Nullable} {string.Join(' ', sources.Packages)}");
        foreach (var (path, text) in sources.Files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            Add(path);
            Add(text);
        }

        hash.AppendData(File.ReadAllBytes(contract));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..40];

        // The length first, so that no two lists of parts run together into the same bytes.
        void Add(string part)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
    }
}
