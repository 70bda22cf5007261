using Mono.Cecil;
using PageProof.Mutation.Patches;

namespace PageProof.Tests.Mutation;

/// <summary>
/// A small system to be patched and loaded, compiled once for all tests of patches; and variants of
/// its assembly in which other classes are public. Its folder goes with it.
/// </summary>
public sealed class SampleSystem : IDisposable
{
    private const string Text = """
        using PageProof.Contract;
        using PageProof.Contract.Paging;

        namespace Sample;

        public sealed class Plain : ISystem
        {
            public string Name => "sample";
            public ITranslator? OpenTranslator() => null;
            public void Dispose() { }
        }

        internal sealed class Second : ISystem
        {
            public string Name => "second";
            public ITranslator? OpenTranslator() => null;
            public void Dispose() { }
        }

        internal sealed class Throwing : ISystem
        {
            public Throwing() => throw new InvalidOperationException("no luck\ntoday");
            public string Name => PagingText.Of(PageSize.Size4K);
            public ITranslator? OpenTranslator() => null;
            public void Dispose() { }
        }

        internal sealed class Asking(int seed) : ISystem
        {
            public string Name => $"asking {seed}";
            public ITranslator? OpenTranslator() => null;
            public void Dispose() { }
        }

        internal class Needy : EventArgs
        {
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("pageproof-sample-").FullName;

    /// <summary>Lays out an empty cache in a folder of its own.</summary>
    public SampleSystem()
    {
        Cache = new(Path.Combine(_folder, "cache"));
        Compiler = new(_folder, Cache);
        Assembly = Compiler.Compile(Sources, "The sample");
    }

    /// <summary>The sources, as if they were those of the Implementation.</summary>
    public static ProjectSources Sources { get; } = new(
        "Implementation",
        new Dictionary<string, string> { ["Implementation/Plain.cs"] = Text },
        AllowUnsafe: false,
        LanguageVersion: "14",
        Nullable: "enable",
        Version: "1.2.3",
        Packages: []);

    /// <summary>The cache of this sample.</summary>
    public AssemblyCache Cache { get; }

    /// <summary>A compiler that uses that cache.</summary>
    public PatchCompiler Compiler { get; }

    /// <summary>The path of the unpatched assembly.</summary>
    public string Assembly { get; }

    /// <summary>The path of a copy of the assembly after <paramref name="change"/>.</summary>
    public string Variant(Action<ModuleDefinition> change)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(Assembly);
        change(assembly.MainModule);
        string path = NewPath();
        assembly.Write(path);
        return path;
    }

    /// <summary>The path of a new file that holds <paramref name="content"/>.</summary>
    public string FileOf(ReadOnlySpan<byte> content)
    {
        string path = NewPath();
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string NewPath() => Path.Combine(_folder, $"{Guid.NewGuid():n}.dll");
}
