using System.Diagnostics;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using System.Text;
using PageProof.Contract;

namespace PageProof.Mutation.Patches;

/// <summary>
/// The C# compiler of the installed SDK, run as a process of its own: the one that built the
/// shipped assemblies, hence a patched copy is compiled the same way. A compilation as a package
/// would be older than the language of the sources.
/// </summary>
public sealed class SdkCompiler
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    // What the SDK gives every project that has implicit usings.
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private readonly string _host;
    private readonly string _compiler;
    private readonly IReadOnlyList<string> _framework;

    private SdkCompiler(string root, string sdk)
    {
        _host = Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        _compiler = CompilerOf(root, sdk);
        var (version, files) = Framework(root);
        _framework = files;
        Identity = $"sdk {sdk}, framework {version}";
    }

    /// <summary>The versions of compiler and framework, which are part of what a result depends on.</summary>
    public string Identity { get; }

    /// <summary>
    /// Finds the SDK: beside the running runtime, at DOTNET_ROOT, or beside the dotnet of the path.
    /// </summary>
    public static SdkCompiler Locate()
    {
        foreach (string root in Roots())
        {
            string? sdk = VersionsIn(Path.Combine(root, "sdk"))
                .LastOrDefault(version => File.Exists(CompilerOf(root, version)));
            if (sdk is not null)
            {
                return new(root, sdk);
            }
        }

        throw new UserError(
            $"No .NET {Environment.Version.Major} SDK with a C# compiler was found; set DOTNET_ROOT to it.");
    }

    /// <summary>
    /// Compiles <paramref name="sources"/> into <paramref name="output"/>, with the framework and
    /// <paramref name="references"/>; source files are laid out in <paramref name="folder"/>.
    /// </summary>
    /// <returns>Null, or the first error of the compiler.</returns>
    public string? Compile(
        ProjectSources sources, IReadOnlyList<string> references, string folder, string output)
    {
        var arguments = new StringBuilder(Options(sources));
        foreach (string reference in _framework.Concat(references))
        {
            arguments.Append($"/reference:\"{reference}\"\n");
        }

        arguments.Append($"/out:\"{output}\"\n/pathmap:\"{folder}\"=/_/\n");
        string made = $"""
            {ImplicitUsings}
            [assembly: System.Reflection.AssemblyVersion("{sources.Version}")]
            """;
        foreach (var (path, text) in sources.Files.Append(new("Made.g.cs", made)))
        {
            string file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
            arguments.Append($"\"{file}\"\n");
        }

        string response = Path.Combine(folder, "csc.rsp");
        File.WriteAllText(response, arguments.ToString());
        var (exitCode, log) = Run(response);
        return exitCode == 0 ? null : FirstError(log).Replace(folder + Path.DirectorySeparatorChar, "");
    }

    private static string Options(ProjectSources sources) => $"""
        /nologo
        /target:library
        /optimize+
        /debug-
        /deterministic+
        /checked-
        /nostdlib+
        /highentropyva+
        /utf8output
        /warn:0
        /unsafe{(sources.AllowUnsafe ? '+' : '-')}
        /langversion:{sources.LanguageVersion}
        /nullable:{sources.Nullable}
        /define:TRACE;RELEASE;NET;NETCOREAPP;{Defines()}

        """;

    private static string Defines()
    {
        int major = Environment.Version.Major;
        var older = Enumerable.Range(5, major - 4).Select(version => $"NET{version}_0_OR_GREATER");
        return string.Join(';', older.Prepend($"NET{major}_0"));
    }

    private ChildEnd Run(string response)
    {
        ProcessStartInfo start = new(_host, ["exec", _compiler, "/noconfig", "@" + response]);
        var end = ChildProcess.Run(start, Timeout, CancellationToken.None);
        return end.ExitCode is not null ? end
            : throw new UserError($"The C# compiler gave no answer in {Timeout.TotalSeconds} s.");
    }

    private static string FirstError(string log)
    {
        var lines = log.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines.FirstOrDefault(line => line.Contains("error ", StringComparison.Ordinal))
            ?? lines.FirstOrDefault("the compiler failed without a word");
    }

    private static IEnumerable<string> Roots()
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/ is where the running runtime lies.
        string runtime = Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory());
        yield return Path.GetFullPath(Path.Combine(runtime, "..", "..", ".."));
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } stated)
        {
            yield return Path.GetFullPath(stated);
        }

        string name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        string path = Environment.GetEnvironmentVariable("PATH") ?? "";
        foreach (string folder in path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            var host = new FileInfo(Path.Combine(folder, name));
            if (host.Exists)
            {
                string real = host.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? host.FullName;
                yield return Path.GetDirectoryName(real)!;
            }
        }
    }

    private static string CompilerOf(string root, string sdk) =>
        Path.Combine(root, "sdk", sdk, "Roslyn", "bincore", "csc.dll");

    // The reference assemblies if the SDK has them, else the runtime's own.
    private static (string Version, IReadOnlyList<string> Files) Framework(string root)
    {
        string packs = Path.Combine(root, "packs", "Microsoft.NETCore.App.Ref");
        string target = $"net{Environment.Version.Major}.0";
        foreach (string version in VersionsIn(packs).Reverse())
        {
            string folder = Path.Combine(packs, version, "ref", target);
            if (Directory.Exists(folder))
            {
                return (version, [.. Directory.EnumerateFiles(folder, "*.dll").Order()]);
            }
        }

        string runtime = RuntimeEnvironment.GetRuntimeDirectory();
        return (Environment.Version.ToString(),
            [.. Directory.EnumerateFiles(runtime, "*.dll").Where(IsManaged).Order()]);
    }

    private static bool IsManaged(string path)
    {
        using var image = new PEReader(File.OpenRead(path));
        return image.HasMetadata;
    }

    // Folders named for versions of the running major version, oldest first.
    private static IEnumerable<string> VersionsIn(string folder) => !Directory.Exists(folder)
        ? []
        : from path in Directory.EnumerateDirectories(folder)
          let name = Path.GetFileName(path)
          where Version.TryParse(name.Split('-')[0], out var version)
              && version.Major == Environment.Version.Major
          orderby Version.Parse(name.Split('-')[0]), name.Contains('-') ? 0 : 1
          select name;
}
