using System.Text;
using PageProof.Contract.Paging;
using PageProof.Spec.Paging;

namespace PageProof.Properties.Paging;

/// <summary>A failing case for people: the walk level by level, and both answers.</summary>
public static class TranslationStory
{
    public static string Tell(in TranslationCase asked, in WalkEnd end, in TranslationAnswer answer)
    {
        StringBuilder story = new();
        string part = Disagreement.Of(asked, end, answer) ?? "nothing";
        story.AppendLine($"{asked.Access}: they differ in {part}");
        AppendWalk(story, asked);
        story.AppendLine($"  the Spec says    {end.Outcome}");
        story.AppendLine($"  the system says  {answer.Outcome}");
        if (part.StartsWith(Disagreement.InWord, StringComparison.Ordinal))
        {
            AppendWords(story, asked, answer);
        }

        story.Append("  as a case:\n    ").Append(CaseText.Print(asked).TrimEnd().Replace("\n", "\n    "));
        return story.ToString();
    }

    private static void AppendWalk(StringBuilder story, in TranslationCase asked)
    {
        int levels = EntryFormat.LevelsOf(asked.Control);
        if (!CanonicalSpec.IsCanonical(asked.Access.Address, levels))
        {
            return;
        }

        var table = EntryFormat.TopTable(asked.Control.Cr3);
        for (int level = levels; level >= 1; level--)
        {
            var at = EntryFormat.EntryAddress(table, asked.Access.Address, level);
            var entry = asked.Read(at);
            story.AppendLine($"  {NameOf(level),-5} at {at}: {EntryText.Of(entry, level)}");
            if (EntryFormat.IsLeaf(entry, level) || !EntryFormat.Has(entry, EntryBit.Present))
            {
                return;
            }

            table = EntryFormat.NextTable(entry);
        }
    }

    private static void AppendWords(StringBuilder story, in TranslationCase asked, in TranslationAnswer answer)
    {
        for (int index = 0; index < asked.Words.Length; index++)
        {
            var before = asked.Words[index];
            if (answer.Left[index] != before.Entry)
            {
                story.AppendLine($"  it left {before.Address}: {answer.Left[index]}, before {before.Entry}");
            }
        }
    }

    private static string NameOf(int level) => level switch
    {
        5 => "PML5E",
        4 => "PML4E",
        3 => "PDPTE",
        2 => "PDE",
        _ => "PTE",
    };
}
