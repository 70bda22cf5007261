using System.Text;
using System.Text.Json;
using PageProof.Contract;

namespace PageProof.Cli.Mutate;

/// <summary>
/// The page on which Stryker shows a person how a run goes on. It is there before the first mutant is judged, and holds
/// all of them as JSON.
/// </summary>
public static class StrykerPage
{
    private const string Before = "app.report = ";
    private const int LooksMax = 600;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>Takes the JSON out of the page in a folder, as a file of its own.</summary>
    public static string Extract(string folder)
    {
        string page = Path.Combine(folder, "mutation-report.html"), json = Path.Combine(folder, "mutants.json");
        for (int look = 0; look < LooksMax; look++, Thread.Sleep(LookEvery))
        {
            if (!File.Exists(page) || !File.ReadAllText(page).TrimEnd().EndsWith("</html>", StringComparison.Ordinal))
            {
                continue;
            }

            byte[] text = File.ReadAllBytes(page);
            int from = text.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Before));
            if (from < 0)
            {
                throw new UserError($"Stryker's page {page} holds no mutants.");
            }

            Utf8JsonReader reader = new(text.AsSpan(from + Before.Length), isFinalBlock: false, default);
            using var mutants = JsonDocument.ParseValue(ref reader);
            File.WriteAllText(json, mutants.RootElement.GetRawText());
            return json;
        }

        throw new UserError($"Stryker has made mutants, but no page of them: {page}.");
    }
}

/// <summary>A folder whose <c>xdg-open</c> opens nothing.</summary>
public sealed class BrowserNobodySees : IDisposable
{
    public BrowserNobodySees()
    {
        string opener = Path.Combine(Folder, "xdg-open");
        File.WriteAllText(opener, "#!/bin/sh\nexit 0\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(opener, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    /// <summary>The folder.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("pageproof-browser-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
