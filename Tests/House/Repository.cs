using PageProof.Mutation.Patches;

namespace PageProof.Tests.House;

/// <summary>The files of the project, as the tests of its tidiness see them.</summary>
internal static class Repository
{
    private static readonly string[] Made =
    [
        "bin", "obj", "artifacts", "report", "out", "TestResults", "StrykerOutput", "BenchmarkDotNet.Artifacts",
        ".git", ".vs",
    ];

    public static string Root { get; } = ProjectSources.FindRoot();

    /// <summary>Every file that somebody wrote, with its path from the root.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. Below(Root).Select(file => Path.GetRelativePath(Root, file)).Order(StringComparer.Ordinal)];

    public static IEnumerable<string> Sources => Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal));

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    private static IEnumerable<string> Below(string folder) =>
        Directory.EnumerateFiles(folder).Concat(Directory.EnumerateDirectories(folder)
            .Where(each => !Made.Contains(Path.GetFileName(each)))
            .SelectMany(Below));
}
