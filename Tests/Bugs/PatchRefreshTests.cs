using System.Diagnostics;
using PageProof.Contract;
using PageProof.Mutation;
using PageProof.Mutation.Patches;
using PageProof.Tests.Cli;

namespace PageProof.Tests.Bugs;

/// <summary>A patch that the sources have left behind is re-based by a three-way merge, or says why not.</summary>
public sealed class PatchRefreshTests : IDisposable
{
    private const string Source = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";

    private const string Header = "Name: a slip\nLaw: agreement\nWhy: Somebody was tired.\nDomain: paging\n\n";

    private const string Body = """
        --- a/Implementation/A.cs
        +++ b/Implementation/A.cs
        @@ -3,4 +3,4 @@
         three
         four
        -five
        +fünf
         six
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly string _patch;

    public PatchRefreshTests()
    {
        Directory.CreateDirectory(_folder.File("Implementation"));
        Git("init", "--quiet");
        Commit(Source);
        _patch = _folder.File("slip.patch");
        File.WriteAllText(_patch, Header + Body);
    }

    [Fact]
    public void One_that_fits_is_left_alone()
    {
        Assert.False(Refresh());
        Assert.Equal(Header + Body, File.ReadAllText(_patch));
    }

    [Fact]
    public void One_whose_surroundings_have_changed_is_re_based()
    {
        string changed = "zero\n" + Source.Replace("three", "drei");
        Commit(changed.Replace("seven", "sieben"));
        Commit(changed);
        Assert.True(Refresh());
        string diff = Header + "--- a/Implementation/A.cs\n+++ b/Implementation/A.cs\n@@ ";
        Assert.StartsWith(diff, File.ReadAllText(_patch));
        var based = Patch.Read(_patch);
        Assert.Equal(2, based.ChangedLines);
        var sources = new Dictionary<string, string> { ["Implementation/A.cs"] = changed };
        Assert.Equal(changed.Replace("five", "fünf"), based.ApplyTo(sources)["Implementation/A.cs"]);
        Assert.False(Refresh());
    }

    [Theory]
    [InlineData("five", "cinq", "wants a new hand")]
    [InlineData("three\nfour\nfive", "drei\nfour\nfünf", "nothing left to change")]
    public void One_that_cannot_be_is_kept_and_says_why(string before, string after, string reason)
    {
        Commit(Source.Replace(before, after));
        Assert.Contains(reason, Assert.Throws<UserError>(() => Refresh()).Message);
        Assert.Equal(Header + Body, File.ReadAllText(_patch));
    }

    [Fact]
    public void One_that_never_fitted_says_so()
    {
        File.WriteAllText(_patch, Header + Body.Replace("five", "fifty"));
        Assert.Contains("fits no revision", Assert.Throws<UserError>(() => Refresh()).Message);
    }

    [Fact]
    public void One_whose_file_is_gone_says_so()
    {
        File.Delete(_folder.File("Implementation/A.cs"));
        Assert.Contains("no file Implementation/A.cs", Assert.Throws<UserError>(() => Refresh()).Message);
    }

    public void Dispose() => _folder.Dispose();

    private bool Refresh() => new PatchRefresh(_folder.Path).Refresh(_patch, TestContext.Current.CancellationToken);

    private void Commit(string source)
    {
        File.WriteAllText(_folder.File("Implementation/A.cs"), source);
        Git("add", "Implementation");
        Git("-c", "user.name=nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgsign=false",
            "commit", "--quiet", "--message", "a change");
    }

    private void Git(params string[] arguments)
    {
        ProcessStartInfo start = new("git", arguments) { WorkingDirectory = _folder.Path };
        var end = ChildProcess.Run(start, TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.True(end.ExitCode == 0, end.Output);
    }
}
