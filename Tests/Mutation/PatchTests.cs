using PageProof.Contract;
using PageProof.Mutation.Patches;

namespace PageProof.Tests.Mutation;

/// <summary>Patches are read strictly and land where they belong, or not at all.</summary>
public sealed class PatchTests
{
    private const string Header = """
        Name: a slip
        Law: agreement
        Why: Somebody was
          tired.
        Domain: paging

        """;

    private const string Body = """
        --- a/Implementation/A.cs
        +++ b/Implementation/A.cs
        @@ -2,3 +2,3 @@
         two
        -three
        +drei
         four
        """;

    private const string Text = "one\ntwo\nthree\nfour\nfive\n";

    [Fact]
    public void The_header_says_what_who_and_why()
    {
        var patch = Patch.Parse("slip.patch", Header + Body);
        Assert.Equal(
            ("slip.patch", "a slip", "agreement", "Somebody was tired.", "paging", "Implementation", 2),
            (patch.File, patch.Name, patch.Law, patch.Why, patch.Domain, patch.Project, patch.ChangedLines));
    }

    [Fact]
    public void A_patch_changes_its_lines_and_no_others() =>
        Assert.Equal("one\ntwo\ndrei\nfour\nfive\n", Apply(Body, Text));

    [Fact]
    public void A_patch_follows_its_lines_when_they_moved() =>
        Assert.Equal(
            "zero\nzero\none\ntwo\ndrei\nfour\nfive\n", Apply(Body, "zero\nzero\n" + Text));

    [Fact]
    public void Later_hunks_count_from_the_file_as_it_was()
    {
        const string second = """

            @@ -5 +5,2 @@
            -five
            +fünf
            +six
            @@ -6,0 +8,1 @@
            """;
        string body = Body.Replace("+drei", "+drei\n+dreieinhalb").Replace("+2,3", "+2,4")
            + second[..second.LastIndexOf("\n@@", StringComparison.Ordinal)];
        Assert.Equal(
            "one\ntwo\ndrei\ndreieinhalb\nfour\nfünf\nsix\n", Apply(body, Text));
    }

    [Theory]
    [InlineData("one\ntwo\nthree \nfour\n", "hunk 1 of Implementation/A.cs finds its lines nowhere")]
    [InlineData("two\nthree\nfour\ntwo\nthree\nfour\n", "matches in several places")]
    [InlineData("", "finds its lines nowhere")]
    public void A_patch_that_does_not_fit_says_where(string text, string reason) =>
        Refused(reason, () => Apply(Body, text));

    [Fact]
    public void A_patch_of_a_missing_file_names_it() =>
        Refused(
            "there is no file Implementation/A.cs",
            () => Patch.Parse("slip.patch", Header + Body).ApplyTo(new Dictionary<string, string>()));

    [Theory]
    [InlineData("Why:", "When:", "lacks the line 'Why:'")]
    [InlineData("Name: a slip", "Name:", "lacks the line 'Name:'")]
    [InlineData("--- a/", "___ a/", "holds no unified diff")]
    [InlineData("+++ b/Implementation/A.cs", "+++ b/Implementation/B.cs", "creates none")]
    [InlineData("--- a/Implementation/A.cs", "--- /dev/null", "inside the repository")]
    [InlineData("Implementation/A.cs", "Implementation/../A.cs", "inside the repository")]
    [InlineData("Implementation/A.cs", "Tests/A.cs", "either Implementation or Spec")]
    [InlineData("+++ b", "=== b", "line 7 should begin with '+++'")]
    [InlineData("@@ -2,3", "@@ -two,3", "should open a hunk")]
    [InlineData("-2,3", "-2,4", "line 13 is missing")]
    [InlineData("-2,3 +2,3", "-2,2 +2,2", "line 12 is neither")]
    [InlineData("-2,3", "-2,2", "does not hold the lines that it counts")]
    [InlineData("-three\n+drei", " three", "does not hold the lines that it counts")]
    [InlineData("+drei", "?drei", "should begin with a blank, '-' or '+'")]
    public void A_malformed_patch_is_refused_with_the_line(string good, string bad, string reason) =>
        Refused(reason, () => Patch.Parse("slip.patch", (Header + Body).Replace(good, bad)));

    [Fact]
    public void A_patch_stays_small()
    {
        var lines = Enumerable.Range(0, Patch.ChangedLinesMax + 1).Select(line => $"+line {line}");
        string body = $"--- a/Spec/A.cs\n+++ b/Spec/A.cs\n@@ -1,0 +1,11 @@\n{string.Join('\n', lines)}\n";
        Refused("at most 10", () => Patch.Parse("slip.patch", Header + body));
    }

    private static string Apply(string body, string text)
    {
        var patch = Patch.Parse("slip.patch", Header + body);
        var sources = new Dictionary<string, string> { ["Implementation/A.cs"] = text };
        return patch.ApplyTo(sources)["Implementation/A.cs"];
    }

    private static void Refused(string reason, Func<object> read)
    {
        var error = Assert.Throws<UserError>(read);
        Assert.Contains("slip.patch", error.Message);
        Assert.Contains(reason, error.Message);
    }
}
