using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;

namespace PageProof.Properties.Kernel;

/// <summary>A failing sequence for people: each command with its answer, and what was wrong at the end.</summary>
internal static class KernelStory
{
    public static string Tell(
        in KernelSequence failing,
        ReadOnlySpan<KernelAnswer> answers,
        ReadOnlySpan<AreaLine> areas,
        int last,
        string? refusal)
    {
        int header = 2 + failing.Start.Files.Length;
        var told = KernelText.Print(failing).Split('\n')[..header].ToList();
        for (int index = 0; index <= last && index < answers.Length; index++)
        {
            var (command, answer) = (failing.Commands[index], answers[index]);
            told.Add($"  {index + 1}. {KernelText.Of(command)} -> {KernelText.Of(answer)}");
            foreach (ref readonly var area in KernelFollower.LinesOf(command, answer, areas))
            {
                told.Add($"       {area}");
            }
        }

        told.Add(refusal is null ? "Every answer is permitted." : $"That is not permitted: {refusal}.");
        return string.Join(Environment.NewLine, told);
    }
}
