using System.Xml;
using System.Xml.Linq;
using PageProof.Contract;

namespace PageProof.Mutation.Patches;

/// <summary>
/// The C# files of one project of this repository, held in memory, and the settings under which the
/// project compiles them, so that a patched copy differs from the shipped assembly by its patch alone.
/// </summary>
/// <param name="Project">The project's name.</param>
/// <param name="Files">Text by path relative to the root, parts separated by '/'.</param>
/// <param name="AllowUnsafe">Whether the project permits unsafe code.</param>
/// <param name="LanguageVersion">The version of C#.</param>
/// <param name="Nullable">The nullable context.</param>
/// <param name="Version">The version that other assemblies ask for.</param>
/// <param name="Packages">The packages that it always uses; the names of their assemblies begin with theirs.</param>
public sealed record ProjectSources(
    string Project,
    IReadOnlyDictionary<string, string> Files,
    bool AllowUnsafe,
    string LanguageVersion,
    string Nullable,
    string Version,
    IReadOnlyList<string> Packages)
{
    private const string SolutionFile = "Verification.sln";

    /// <summary>
    /// The root of the repository: the nearest folder above the running program, or above the current
    /// folder, that holds the solution.
    /// </summary>
    public static string FindRoot() =>
        Above(AppContext.BaseDirectory) ?? Above(Environment.CurrentDirectory)
        ?? throw new UserError(
            $"The sources are not here: no folder above {AppContext.BaseDirectory} holds {SolutionFile}.");

    /// <summary>Reads the sources of <paramref name="project"/> below <paramref name="root"/>.</summary>
    public static ProjectSources Read(string root, string project)
    {
        try
        {
            string folder = Path.Combine(root, project);
            var files = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'))
                .Where(path => !IsBuilt(path))
                .ToDictionary(path => path, path => File.ReadAllText(Path.Combine(root, path)));
            XDocument[] settings =
            [
                XDocument.Load(Path.Combine(root, "Directory.Build.props")),
                XDocument.Load(Path.Combine(folder, project + ".csproj")),
            ];
            return new(
                project,
                files,
                Setting("AllowUnsafeBlocks", "false").Equals("true", StringComparison.OrdinalIgnoreCase),
                Setting("LangVersion", "default"),
                Setting("Nullable", "disable"),
                Setting("Version", "1.0.0"),
                [.. settings[^1].Descendants("PackageReference")
                    .Where(element => element.Attribute("Condition") is null)
                    .Select(element => element.Attribute("Include")!.Value)]);

            // The project's own setting comes after the common one, and the last one counts.
            string Setting(string name, string otherwise) => settings
                .SelectMany(document => document.Descendants(name))
                .Select(element => element.Value.Trim()).LastOrDefault(otherwise);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or XmlException)
        {
            throw new UserError($"The sources of {project} cannot be read: {error.Message}");
        }
    }

    private static bool IsBuilt(string path) =>
        path.Split('/') is [_, "bin" or "obj", ..];

    private static string? Above(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, SolutionFile)))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
