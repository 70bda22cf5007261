using PageProof.Contract;
using PageProof.Properties.Kernel;
using PageProof.Reality.Recorded;

namespace PageProof.Cli.Reality;

/// <summary>Asks a real kernel many sequences, and keeps short ones with what it answers.</summary>
internal static class KernelRecorder
{
    /// <summary>Records so many facts into a file; the answer is how many there are.</summary>
    public static int Record(ISystem system, ulong seed, int count, string file)
    {
        var (capabilities, chosen) = KernelSelection.Choose(system, seed, count);
        var facts = chosen.Select(fact => new KernelFact(fact.Sequence, fact.Answers, fact.Lines)).ToList();
        string command = $"pageproof reality {system.Name} --cases {count} --seed {seed} --record FILE";
        try
        {
            KernelFactFile.Write(file, new(RealityChecks.BackendOf(system), command, facts)
            {
                KeepsTails = capabilities.KeepsTails,
                MmapMinAddress = capabilities.MmapMinAddress,
            });
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"The facts cannot be written to {file}: {refusal.Message}");
        }

        return facts.Count;
    }
}
