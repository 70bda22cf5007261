using System.Text.RegularExpressions;

namespace PageProof.Tests.House;

/// <summary>What STYLE asks and a machine can see.</summary>
public sealed partial class TidyTests
{
    private const int ColumnsMax = 120;
    private const int FileMax = 450;
    private const int SpecFileMax = 170;
    private const int FunctionMax = 70;

    [Fact]
    public void No_line_is_too_long() => Assert.Empty(
        from file in Repository.Sources
        from line in Repository.Lines(file).Index()
        where line.Item.Length > ColumnsMax
        select $"{file}:{line.Index + 1} has {line.Item.Length} columns");

    [Fact]
    public void No_file_holds_two_ideas() => Assert.Empty(
        from file in Repository.Sources
        let length = Repository.Lines(file).Length
        where length > (file.StartsWith("Spec/", StringComparison.Ordinal) ? SpecFileMax : FileMax)
        select $"{file} has {length} lines");

    [Fact]
    public void No_function_is_too_long()
    {
        List<string> found = [];
        foreach (string file in Repository.Sources)
        {
            int start = -1;
            foreach (var (number, line) in Repository.Lines(file).Index())
            {
                if (line == "    {")
                {
                    start = number;
                }
                else if (line == "    }" && start >= 0 && number - start > FunctionMax)
                {
                    found.Add($"{file}:{start + 1} has {number - start} lines");
                }
            }
        }

        Assert.Empty(found);
    }

    [Fact]
    public void Every_spec_names_its_source() => Assert.Empty(
        from file in Repository.Sources
        where file.StartsWith("Spec/", StringComparison.Ordinal) && Path.GetFileName(file) is var name
            && (name.EndsWith("Spec.cs", StringComparison.Ordinal)
                || name.EndsWith("Format.cs", StringComparison.Ordinal))
            && name != "TranslationSpec.cs" && !Repository.Read(file).Contains("Source: ")
        select file);

    [Fact]
    public void Nothing_is_left_to_do() => Assert.Empty(
        from file in Repository.Sources
        where file != "Tests/House/TidyTests.cs"
        from line in Repository.Lines(file).Index()
        where Unfinished().IsMatch(line.Item)
        select $"{file}:{line.Index + 1}: {line.Item.Trim()}");

    [Fact]
    public void Names_do_not_hide_what_a_thing_is() => Assert.Empty(
        from file in Repository.Sources
        where Vague().IsMatch(Path.GetFileNameWithoutExtension(file))
        select file);

    [GeneratedRegex(@"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedException")]
    private static partial Regex Unfinished();

    [GeneratedRegex("(Manager|Helper|Util|Utils|Impl)$")]
    private static partial Regex Vague();
}
