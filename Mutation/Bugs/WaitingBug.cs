using PageProof.Contract;

namespace PageProof.Mutation.Bugs;

/// <summary>A bug that has no patch yet, since what it breaks is not built.</summary>
/// <param name="Number">The number by which reports call it.</param>
/// <param name="Name">A few words for the bug.</param>
/// <param name="Year">When it became known.</param>
/// <param name="WaitsFor">What has to be built first.</param>
public sealed record WaitingBug(int Number, string Name, int Year, string WaitsFor)
{
    /// <summary>The bug on one line of a list: number, name, year and what it waits for, with bars between.</summary>
    /// <exception cref="UserError">The line holds something else.</exception>
    public static WaitingBug Parse(string file, string line) =>
        line.Split('|', StringSplitOptions.TrimEntries)
            is [var number, { Length: > 0 } name, var year, { Length: > 0 } wait]
        && int.TryParse(number, out int known) && int.TryParse(year, out int since)
            ? new(known, name, since, wait)
            : throw new UserError($"{file} should hold 'number | name | year | what it waits for', and not '{line}'.");
}
