using PageProof.Contract;
using PageProof.Mutation.Patches;

namespace PageProof.Mutation.Bugs;

/// <summary>The historical bugs of mutation-config/bugs: those with a patch, and those that wait.</summary>
/// <param name="Bugs">The ones with a patch, by number.</param>
/// <param name="Waiting">The others, by number.</param>
public sealed record BugCatalogue(IReadOnlyList<HistoricalBug> Bugs, IReadOnlyList<WaitingBug> Waiting)
{
    private const string WaitingFile = "waiting.txt";

    /// <summary>Where the patches lie below the root of the repository.</summary>
    public static string FolderBelow(string root) => Path.Combine(root, "mutation-config", "bugs");

    /// <summary>All of them, as they lie with the sources.</summary>
    public static BugCatalogue Read(string root)
    {
        string folder = FolderBelow(root);
        var bugs = Patch.ReadFolder(folder).Select(HistoricalBug.Of).OrderBy(bug => bug.Number).ToList();
        var waiting = Lines(Path.Combine(folder, WaitingFile))
            .Where(line => line.Trim().Length > 0)
            .Select(line => WaitingBug.Parse(WaitingFile, line)).OrderBy(bug => bug.Number).ToList();
        int? twice = bugs.Select(bug => bug.Number).Concat(waiting.Select(bug => bug.Number))
            .GroupBy(number => number).FirstOrDefault(same => same.Count() > 1)?.Key;
        return twice is null
            ? new(bugs, waiting)
            : throw new UserError($"Bug {twice} is in mutation-config/bugs more than once.");
    }

    /// <summary>Those of the numbers, or all when there are none.</summary>
    /// <exception cref="UserError">There is no bug of a number.</exception>
    public BugCatalogue Only(IReadOnlyCollection<int> numbers)
    {
        if (numbers.Count == 0)
        {
            return this;
        }

        foreach (int number in numbers)
        {
            if (!Bugs.Any(bug => bug.Number == number) && !Waiting.Any(bug => bug.Number == number))
            {
                throw new UserError($"There is no bug {number} in mutation-config/bugs.");
            }
        }

        return new(
            [.. Bugs.Where(bug => numbers.Contains(bug.Number))],
            [.. Waiting.Where(bug => numbers.Contains(bug.Number))]);
    }

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"The list of waiting bugs cannot be read: {error.Message}");
        }
    }
}
