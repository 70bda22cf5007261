using PageProof.Contract.PageTables;

namespace PageProof.Properties.PageTables;

/// <summary>A failing sequence for people: each command with its answer, and what was wrong at the end.</summary>
internal static class PageTableStory
{
    public static string Tell(in PageTableSequence failing, IReadOnlyList<PageTableAnswer> answers, string? refusal)
    {
        var lines = PageTableText.Print(failing).Split('\n')[..2].ToList();
        for (int index = 0; index < answers.Count; index++)
        {
            lines.Add($"  {index + 1}. {PageTableText.Of(failing.Commands[index])} -> {answers[index]}");
        }

        lines.Add(refusal is null ? "Every answer is permitted." : $"That is not permitted: {refusal}.");
        return string.Join(Environment.NewLine, lines);
    }
}
