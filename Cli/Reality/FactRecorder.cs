using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Properties.Paging;
using PageProof.Reality.Recorded;

namespace PageProof.Cli.Reality;

/// <summary>Asks a real system cases of all classes, and keeps what it answers.</summary>
internal static class FactRecorder
{
    /// <summary>Records so many facts into a file; the answer is how many there are.</summary>
    public static int Record(ISystem system, ulong seed, int count, string file)
    {
        var cases = FactSelection.Choose(system, seed, count).ToArray();
        var answers = new TranslationAnswer[cases.Length];
        using (var translator = system.OpenTranslator()!)
        {
            translator.Translate(cases, answers);
        }

        string command = $"pageproof reality {system.Name} --cases {count} --seed {seed} --record FILE";
        var facts = cases.Zip(answers, (asked, answer) => new TranslationFact(asked, answer)).ToList();
        try
        {
            FactFile.Write(file, new(RealityChecks.BackendOf(system), command, facts));
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"The facts cannot be written to {file}: {refusal.Message}");
        }

        return facts.Count;
    }
}
