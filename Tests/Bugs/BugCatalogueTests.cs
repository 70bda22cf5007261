using PageProof.Contract;
using PageProof.Mutation.Bugs;
using PageProof.Mutation.Patches;
using PageProof.Tests.Cli;

namespace PageProof.Tests.Bugs;

/// <summary>The headers of bugs and the list of those that wait are read strictly.</summary>
public sealed class BugCatalogueTests
{
    private const string Sound = """
        Bug: 7
        Name: a slip
        Year: 1969
        Domain: tlb
        Mode: N
        Law: a law
        Shortest: 3
        Why: Somebody was tired.

        --- a/Implementation/A.cs
        +++ b/Implementation/A.cs
        @@ -1 +1 @@
        -one
        +eins
        """;

    [Fact]
    public void The_header_says_which_bug_it_is()
    {
        var bug = HistoricalBug.Of(Patch.Parse("7-slip.patch", Sound));
        Assert.Equal(
            (7, "a slip", 1969, BugMode.Interleaving, 3),
            (bug.Number, bug.Name, bug.Year, bug.Mode, bug.Shortest));
    }

    [Fact]
    public void A_theorem_needs_no_story() =>
        Assert.Null(HistoricalBug.Of(Patch.Parse(
            "7-slip.patch", Sound.Replace("Mode: N", "Mode: Z").Replace("Shortest: 3\n", ""))).Shortest);

    [Theory]
    [InlineData("Bug: 7", "Bug: seven", "a number in the line 'Bug:'")]
    [InlineData("Year: 1969", "", "lacks the line 'Year:'")]
    [InlineData("Mode: N", "Mode: M", "the mode 'M'")]
    [InlineData("Shortest: 3", "Shortest: 0", "a number in the line 'Shortest:'")]
    public void A_header_that_says_less_is_refused(string sound, string broken, string reason)
    {
        var patch = Patch.Parse("7-slip.patch", Sound.Replace(sound, broken));
        var error = Assert.Throws<UserError>(() => HistoricalBug.Of(patch));
        Assert.Contains("7-slip.patch", error.Message);
        Assert.Contains(reason, error.Message);
    }

    [Theory]
    [InlineData("8 | a slip | 1970", "number | name | year")]
    [InlineData("eight | a slip | 1970 | a row", "number | name | year")]
    [InlineData("8 | a slip | 1970 | ", "number | name | year")]
    [InlineData("7 | the same slip | 1969 | a row", "Bug 7 is in mutation-config/bugs more than once")]
    public void A_list_that_is_none_is_refused(string line, string reason)
    {
        using TemporaryFolder folder = new();
        Write(folder, line);
        Assert.Contains(reason, Assert.Throws<UserError>(() => BugCatalogue.Read(folder.Path)).Message);
    }

    [Fact]
    public void A_choice_of_numbers_takes_both_kinds()
    {
        using TemporaryFolder folder = new();
        Write(folder, "8 | another slip | 1970 | a row\n9 | a third | 1971 | a row");
        var all = BugCatalogue.Read(folder.Path);
        Assert.Equal((1, 2), (all.Bugs.Count, all.Waiting.Count));
        Assert.Equal(all, all.Only([]));
        var some = all.Only([7, 9]);
        Assert.Equal((7, "a third"), (Assert.Single(some.Bugs).Number, Assert.Single(some.Waiting).Name));
        Assert.Contains("no bug 6", Assert.Throws<UserError>(() => all.Only([6])).Message);
    }

    private static void Write(TemporaryFolder folder, string waiting)
    {
        string bugs = BugCatalogue.FolderBelow(folder.Path);
        Directory.CreateDirectory(bugs);
        File.WriteAllText(Path.Combine(bugs, "7-slip.patch"), Sound);
        File.WriteAllText(Path.Combine(bugs, "waiting.txt"), waiting);
    }
}
