using System.Text.RegularExpressions;
using PageProof.Cli.Assurance;
using PageProof.Cli.Bugs;
using PageProof.Cli.Verify;
using PageProof.Mutation.Bugs;
using PageProof.SmtModels;
using PageProof.Tests.House;

namespace PageProof.Tests.Cli;

/// <summary>The assurance report tells what it was given, for and against, and needs no network.</summary>
public sealed partial class AssurancePageTests
{
    private static readonly BugCatalogue Catalogue = BugCatalogue.Read(Repository.Root);

    [Fact]
    public void What_was_refuted_is_on_the_page_and_so_is_each_part()
    {
        string page = AssurancePage.Of(Told(found: false));
        Assert.Contains("Something was refuted.", page);
        Assert.Contains("a &lt; b &amp; c", page);
        Assert.Contains("class=\"refuted\">not found", page);
        Assert.All(TheoremList.All, task => Assert.Contains($"{task.Name}", page));
        Assert.All(Catalogue.Bugs, bug => Assert.Contains($"<th scope=\"row\">{bug.Number}</th>", page));
        Assert.All(Catalogue.Waiting, bug => Assert.Contains($"<li>{bug.Number} ", page));
    }

    [Fact]
    public void When_all_held_the_page_says_so() =>
        Assert.Contains("Everything held.", AssurancePage.Of(Told(found: true)));

    [Fact]
    public void Every_link_leads_to_a_place_of_the_page_and_nothing_is_fetched()
    {
        string page = AssurancePage.Of(Told(found: true));
        var places = Place().Matches(page).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(places.Distinct(), places);
        Assert.All(InnerLink().Matches(page), match => Assert.Contains(match.Groups[1].Value, places));
        Assert.DoesNotMatch("( src=|<link|@import|url\\()", page);
    }

    [Fact]
    public void The_words_of_the_Spec_are_those_of_its_files()
    {
        var claims = SpecClaim.ReadAll();
        Assert.Contains(claims, claim => claim is { Domain: "Paging", Name: "WalkSpec" }
            && claim.Source.StartsWith("Intel SDM", StringComparison.Ordinal));
        Assert.All(claims, claim => Assert.DoesNotContain('<', claim.Words));
        Assert.All(
            Directory.GetDirectories(Path.Combine(Repository.Root, "Spec")).Select(folder => Path.GetFileName(folder)!)
                .Where(folder => folder is not ("bin" or "obj")),
            domain => Assert.Contains(claims, claim => claim.Domain == domain));
    }

    private static AssuranceData Told(bool found)
    {
        Verification done = new(1);
        done.Add("laws", [new("a law", "implementation", 1000, 1, VerifyResult.Holds, "")]);
        done.Add("reality", [VerifyLine.Skipped("the Spec against kvm", "kvm", "there is no /dev/kvm")]);
        var result = found ? VerifyResult.Holds : VerifyResult.Refuted;
        done.Add("canaries", [new("canaries are caught", "patched", 7, 1, result, "a < b & c")]);
        BugReport bugs = new(
            [.. Catalogue.Bugs.Select(bug => new BugOutcome(bug,
                [new(1, 5, TimeSpan.FromSeconds(1), found ? [bug.Patch.Law] : [], 3, "story", 256)]))],
            [],
            TimeSpan.Zero);
        return new(SpecClaim.ReadAll(), done, TheoremList.All, bugs, Catalogue.Waiting);
    }

    [GeneratedRegex(" id=\"([^\"]*)\"")]
    private static partial Regex Place();

    [GeneratedRegex("href=\"#([^\"]*)\"")]
    private static partial Regex InnerLink();
}
