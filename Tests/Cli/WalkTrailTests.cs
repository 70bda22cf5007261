using PageProof.Cli.Walk;
using PageProof.Contract.Paging;
using PageProof.Properties.Paging;
using PageProof.Spec;
using PageProof.Spec.Paging;
using EntryText = PageProof.Cli.Walk.EntryText;

namespace PageProof.Tests.Cli;

/// <summary>What is said about a walk holds, whatever the tables.</summary>
public sealed class WalkTrailTests
{
    private const ulong Seed = 11;

    [Fact]
    public void Steps_and_reasons_fit_the_end_that_the_Spec_gives() => ForCases(20_000, asked =>
    {
        var end = TranslationSpec.Walk(asked);
        var trail = Trail(asked);
        Assert.Equal(end.Outcome, trail.Outcome);
        bool translated = end.Outcome.Kind == OutcomeKind.Translated;
        Assert.Equal(translated, OutcomeText.ReasonsOf(trail).Count == 0);
        Assert.All(OutcomeText.ReasonsOf(trail), reason => Assert.Equal('.', reason[^1]));
        if (end.Level == 0)
        {
            Assert.Empty(trail.Steps);
            return;
        }

        var last = trail.Steps[^1];
        Assert.Equal(end.Level, last.Level);
        Assert.All(trail.Steps.SkipLast(1), step => Assert.Equal(StepKind.Table, step.Kind));
        var code = end.Outcome.Code;
        Assert.Equal(end.Outcome.Kind == OutcomeKind.OutsideMemory, last.Kind == StepKind.Outside);
        Assert.Equal(code.HasFlag(PageFaultCode.Reserved), last.Kind == StepKind.Reserved);
        if (translated)
        {
            Assert.Equal(end.Outcome.Rights, last.Rights);
        }
    });

    [Fact]
    public void Without_the_bits_named_as_reserved_an_entry_is_legal() => ForCases(20_000, asked =>
    {
        foreach (var step in Trail(asked).Steps.Where(step => step.Kind == StepKind.Reserved))
        {
            ulong left = step.Entry.Value;
            foreach (int bit in EntryText.ReservedBitsOf(asked.Control, step))
            {
                left &= ~(1UL << bit);
            }

            Assert.NotEqual(step.Entry.Value, left);
            Assert.False(EntryFormat.IsReserved(asked.Control, new(left), step.Level), $"{step}");
        }
    });

    [Fact]
    public void The_bits_named_as_ignored_change_no_walk() => ForCases(20_000, asked =>
    {
        var trail = Trail(asked);
        var changed = asked;
        foreach (var step in trail.Steps)
        {
            ulong ignored = EntryText.IgnoredBitsOf(asked.Control, step)
                .Aggregate(0UL, (bits, bit) => bits | 1UL << bit);
            bool once = trail.Steps.Count(other => other.Address == step.Address) == 1;
            if (ignored != 0 && once && changed.IndexOf(step.Address) >= 0)
            {
                changed.Set(step.Address, new(step.Entry.Value & ~ignored));
            }
        }

        Assert.Equal(trail.Outcome, TranslationSpec.Walk(changed).Outcome);
    });

    [Fact]
    public void Any_case_is_shown_within_the_width()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("case");
        ForCases(300, asked =>
        {
            File.WriteAllText(path, CaseText.Print(asked));
            string shown = ToolRun.Of("walk", "--case", path).MustHold();
            // The first line names the file, which may be long.
            Assert.All(shown.Split('\n').Skip(1), line => Assert.InRange(line.Length, 0, 100));
            string quiet = ToolRun.Of("walk", "--case", path, "--quiet").MustHold();
            Assert.Equal($"{asked.Access.Address}: {TranslationSpec.Walk(asked).Outcome}\n", quiet);
            ToolRun.Of("walk", "--case", path, "--json", "-").MustHold();
        });
    }

    private static WalkTrail Trail(in TranslationCase asked) =>
        WalkTrail.Take(asked.Control, asked.Access, new CaseMemory(in asked));

    private static void ForCases(int count, Action<TranslationCase> check)
    {
        using var translator = new SpecSystem().OpenTranslator()!;
        var generator = new TranslationGenerator(translator.Capabilities);
        var asked = new TranslationCase();
        for (int index = 0; index < count; index++)
        {
            generator.Generate(Seed, index, ref asked);
            check(asked);
        }
    }
}
