using System.Collections.Concurrent;
using System.Diagnostics;
using PageProof.Contract;
using PageProof.Mutation.Patches;

namespace PageProof.Mutation.Judging;

/// <summary>What the tests make of a mutant.</summary>
public enum Verdict
{
    /// <summary>It is no program.</summary>
    NotCompiling,
    /// <summary>The compiler makes the same code of it: nothing at all can notice it.</summary>
    SameCode,
    /// <summary>A test failed.</summary>
    Killed,
    /// <summary>The tests came to no end: they had used far more of the processors than they need.</summary>
    TimedOut,
    /// <summary>
    /// The clock stopped them long before that: the machine was busy, or they stood still. Nobody knows.
    /// </summary>
    OutOfClock,
    /// <summary>The tests brought the process down.</summary>
    Crashed,
    /// <summary>Every test passed.</summary>
    Survived,
    /// <summary>Every test passed, and it is proved to do the same in every case.</summary>
    Equivalent,
}

/// <summary>
/// Judges mutants one by one, each as shipped code in a process of its own: the mutated project is
/// compiled alone, laid among copies of the built tests, and the lane is run. Slower than a runner that
/// switches mutants within one process, and open to none of its mistakes: no mutant sees what another
/// has left behind.
/// </summary>
public sealed class MutantJudge : IDisposable
{
    // A lane uses a few seconds. How long it takes by the clock says more of the machine than of the mutant.
    private static readonly ChildLimits Limits = new(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10));

    // Microsoft.Testing.Platform: at least one test failed.
    private const int TestsFailed = 2;

    private readonly string _root;
    private readonly string _lane;
    private readonly PatchCompiler _compiler;
    private readonly ProjectSources _sources;
    private readonly string _folder = Directory.CreateTempSubdirectory("pageproof-mutants-").FullName;
    private readonly ConcurrentBag<string> _stages = [];
    private readonly Func<string, string, bool>? _isProvedSame;
    private readonly Lazy<string> _original;

    /// <summary>Judges mutants of <paramref name="project"/> by the tests of a lane.</summary>
    /// <param name="root">The root of the sources.</param>
    /// <param name="project">The project that is mutated.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="isProvedSame">
    /// Whether the second of two assemblies is proved to do what the first does. It is asked of those that survive;
    /// null when nobody is.
    /// </param>
    public MutantJudge(string root, string project, string lane, Func<string, string, bool>? isProvedSame = null)
    {
        (_root, _lane, _isProvedSame) = (root, lane, isProvedSame);
        _compiler = new(root, AssemblyCache.OfUser());
        _sources = ProjectSources.Read(root, project);
        _original = new(() => _compiler.Compile(_sources, project));
    }

    /// <summary>
    /// Demands that the project without a mutant passes, by the very way on which mutants are judged.
    /// </summary>
    public void CheckControl(CancellationToken cancellation)
    {
        var verdict = RunLane(_original.Value, cancellation);
        if (verdict != Verdict.Survived)
        {
            throw new UserError($"Without a mutant the tests of {_lane} do not pass: {verdict}.");
        }
    }

    /// <summary>The verdict on the project with another text of one file.</summary>
    /// <param name="path">The file, relative to the root.</param>
    /// <param name="text">The mutated text.</param>
    /// <param name="cancellation">Stops the tests.</param>
    public Verdict Judge(string path, string text, CancellationToken cancellation)
    {
        var mutated = _sources.Files.ToDictionary();
        mutated[path] = text;
        string assembly;
        try
        {
            assembly = _compiler.Compile(_sources with { Files = mutated }, path);
        }
        catch (UserError)
        {
            return Verdict.NotCompiling;
        }

        if (File.ReadAllBytes(assembly).AsSpan().SequenceEqual(File.ReadAllBytes(_original.Value)))
        {
            return Verdict.SameCode;
        }

        var verdict = RunLane(assembly, cancellation);
        bool isSame = verdict == Verdict.Survived && _isProvedSame?.Invoke(_original.Value, assembly) == true;
        return isSame ? Verdict.Equivalent : verdict;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>What the tests of the lane make of a changed assembly.</summary>
    public Verdict RunLane(string assembly, CancellationToken cancellation)
    {
        string stage = _stages.TryTake(out string? free) ? free : NewStage();
        try
        {
            File.Copy(assembly, Path.Combine(stage, $"PageProof.{_sources.Project}.dll"), overwrite: true);
            ProcessStartInfo start = new("dotnet", ["exec", Path.Combine(stage, "PageProof.Tests.dll")])
            {
                WorkingDirectory = _root,
            };
            start.Environment["PAGEPROOF_LANE"] = _lane;

            // A mutant may bring the process down; nobody wants its dump.
            start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
            return VerdictOf(ChildProcess.Run(start, Limits, cancellation));
        }
        finally
        {
            _stages.Add(stage);
        }
    }

    /// <summary>What the end of the process says of the tests.</summary>
    public static Verdict VerdictOf(ChildEnd end) => end switch
    {
        { Cut: ChildCut.ProcessorTime } => Verdict.TimedOut,
        { Cut: ChildCut.Clock } => Verdict.OutOfClock,
        { ExitCode: 0 } => Verdict.Survived,
        { ExitCode: TestsFailed } => Verdict.Killed,
        _ => Verdict.Crashed,
    };

    private string NewStage()
    {
        string built = Path.Combine(_root, "Tests", "bin", "Release", "net10.0");
        if (!File.Exists(Path.Combine(built, "PageProof.Tests.dll")))
        {
            throw new UserError($"The tests are not built: {built} does not hold them.");
        }

        string stage = Path.Combine(_folder, $"{Guid.NewGuid():n}");
        foreach (string file in Directory.EnumerateFiles(built, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(stage, Path.GetRelativePath(built, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return stage;
    }
}
