using PageProof.Properties.Harness;

namespace PageProof.Tests.Paging;

/// <summary>Turns a report into the end of a test, with the story as the message.</summary>
internal static class Laws
{
    public static void Hold(CheckReport report)
    {
        string told = report.Failure is { } failure
            ? $"case {failure.Index} of seed {report.Seed}: {failure.Story}"
            : string.Join('\n', report.Coverage?.Short ?? []);
        Assert.True(report.Holds, $"{report.Law} / {report.System}: {told}");
    }
}
