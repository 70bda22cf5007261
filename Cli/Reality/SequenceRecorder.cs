using PageProof.Contract;
using PageProof.Properties.Tlb;
using PageProof.Reality.Recorded;

namespace PageProof.Cli.Reality;

/// <summary>Asks a real TLB many sequences, and keeps short ones with what it answers.</summary>
internal static class SequenceRecorder
{
    /// <summary>Records so many facts into a file; the answer is how many there are.</summary>
    public static int Record(ISystem system, ulong seed, int count, string file)
    {
        var facts = SequenceSelection.Choose(system, seed, count)
            .Select(fact => new SequenceFact(fact.Sequence, fact.Answers)).ToList();
        string command = $"pageproof reality {system.Name} tlb --cases {count} --seed {seed} --record FILE";
        try
        {
            SequenceFactFile.Write(file, new(RealityChecks.BackendOf(system), command, facts));
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"The facts cannot be written to {file}: {refusal.Message}");
        }

        return facts.Count;
    }
}
