using System.Diagnostics;
using PageProof.Cli;
using PageProof.Reality.Linux;

namespace PageProof.Tests.Reality;

/// <summary>The tool is killed while it asks the kernel: none of the processes that it made is left.</summary>
public sealed class OrphanTests
{
    [Fact]
    public void No_process_outlives_the_tool_when_it_is_killed()
    {
        if (StubTree.WhyUnavailable() is { } reason)
        {
            Assert.Skip(reason);
        }

        string tool = typeof(Program).Assembly.Location;
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet", ["exec", tool, "reality", "linux", "--budget", "2m", "--quiet"])
        {
            RedirectStandardOutput = true,
        })!;
        try
        {
            // Its trees stand when it has made some processes besides itself.
            WaitUntil(() => Descendants(process.Id).Count >= 3);
            var made = Descendants(process.Id);
            process.Kill();
            process.WaitForExit();
            WaitUntil(() => !made.Any(IsThere));
        }
        finally
        {
            process.Kill();
        }
    }

    private static void WaitUntil(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), "It takes too long.");
            Thread.Sleep(20);
        }
    }

    // Also those of which nobody has taken note that they ended are gone.
    private static bool IsThere(int process) => Status(process) is { } status && status.State != 'Z';

    private static List<int> Descendants(int ancestor)
    {
        List<int> found = [];
        var all = Directory.GetDirectories("/proc").Select(Path.GetFileName)
            .Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!))
            .Select(process => (Process: process, Status(process)?.Parent)).ToLookup(
                each => each.Parent ?? 0, each => each.Process);
        Queue<int> left = new([ancestor]);
        while (left.TryDequeue(out int parent))
        {
            foreach (int child in all[parent])
            {
                found.Add(child);
                left.Enqueue(child);
            }
        }

        return found;
    }

    // The name in parentheses may hold anything, a state and the parent follow it.
    private static (char State, int Parent)? Status(int process)
    {
        try
        {
            string text = File.ReadAllText($"/proc/{process}/stat");
            var words = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (words[0][0], int.Parse(words[1]));
        }
        catch (IOException)
        {
            return null;
        }
    }
}
