using PageProof.Contract;

namespace PageProof.Mutation.Patches;

/// <summary>
/// Applies the hunks of one file to its text. Context must match to the letter; a hunk that is not
/// where its header says may have moved, but only to the one other place that matches, so that a
/// patch never lands somewhere by luck.
/// </summary>
public static class HunkApplier
{
    /// <summary>
    /// The text of the file after all its hunks; <paramref name="patch"/> names the patch in errors.
    /// </summary>
    public static string Apply(string patch, FileDiff diff, string text)
    {
        var lines = text.Split('\n').ToList();
        int moved = 0;
        int floor = 0;
        foreach (var hunk in diff.Hunks)
        {
            int at = Find(patch, diff.Path, hunk, lines, hunk.Start - 1 + moved, floor);
            var after = Side(hunk, DiffLineKind.Removed);
            int length = Side(hunk, DiffLineKind.Added).Length;
            lines.RemoveRange(at, length);
            lines.InsertRange(at, after);
            moved = at - (hunk.Start - 1) + after.Length - length;
            floor = at + after.Length;
        }

        return string.Join('\n', lines);
    }

    // The lines of a hunk as they stand on the side that lacks one kind.
    private static string[] Side(Hunk hunk, DiffLineKind without) =>
        [.. hunk.Lines.Where(line => line.Kind != without).Select(line => line.Text)];

    private static int Find(
        string patch, string path, Hunk hunk, List<string> lines, int expected, int floor)
    {
        var wanted = Side(hunk, DiffLineKind.Added);
        if (wanted.Length > 0 && expected >= floor && Matches(lines, wanted, expected))
        {
            return expected;
        }

        // Without a line to hold on to, any place would match.
        var places = wanted.Length == 0
            ? []
            : Enumerable.Range(floor, Math.Max(0, lines.Count - floor))
                .Where(at => Matches(lines, wanted, at)).Take(2).ToArray();
        return places.Length switch
        {
            1 => places[0],
            0 => throw new UserError(
                $"{patch} does not apply: hunk {hunk.Number} of {path} finds its lines nowhere."),
            _ => throw new UserError(
                $"{patch} does not apply: hunk {hunk.Number} of {path} matches in several places."),
        };
    }

    private static bool Matches(List<string> lines, string[] wanted, int at) =>
        at >= 0 && at + wanted.Length <= lines.Count
        && wanted.Select((line, index) => lines[at + index] == line).All(same => same);
}
