using PageProof.Contract.Paging;
using PageProof.Implementation;
using PageProof.Properties.Harness;
using PageProof.Properties.Paging;
using PageProof.Spec.Paging;

namespace PageProof.Tests.Paging;

/// <summary>The law that binds the Spec to itself is caught out by rules that are too loose.</summary>
public sealed class MarkedWordsLawTests(ITestOutputHelper output)
{
    private const int Cases = 20_000;

    [Fact]
    public void The_Spec_permits_marks_only_where_its_walk_went()
    {
        using ImplementationSystem system = new();
        Laws.Hold(MarkedWordsLaw.OfSpec(system).Run(1, RunLength.Of(Cases)));
    }

    public static TheoryData<string> Loose => [.. LooseRules.Keys];

    private static Dictionary<string, MarkRule> LooseRules { get; } = new()
    {
        ["anything goes"] = static (in _, _, _, _) => true,
        ["any present entry may be marked"] = static (in _, memory, address, _) =>
            EntryFormat.Has(memory.Read(address), EntryBit.Present),
        ["what follows an address that is not canonical"] = static (in asked, memory, address, _) =>
            !CanonicalSpec.IsCanonical(asked.Access.Address, EntryFormat.LevelsOf(asked.Control))
            && EntryFormat.EntryAddress(EntryFormat.TopTable(asked.Control.Cr3), asked.Access.Address, 4) == address,
        ["it reads beyond the end of memory"] = static (in asked, memory, _, _) =>
            memory.Read(new(asked.Memory.Value)).Value == ulong.MaxValue,
    };

    [Theory]
    [MemberData(nameof(Loose))]
    public void A_rule_that_is_too_loose_is_caught(string name)
    {
        using ImplementationSystem system = new();
        var report = new MarkedWordsLaw(system, LooseRules[name]).Run(1, RunLength.Of(Cases));
        Assert.NotNull(report.Failure);
        output.WriteLine(report.Failure.Story);
    }
}

/// <summary>The memory of a case ends where it says.</summary>
[InLane("paging")]
public sealed class CaseMemoryTests
{
    [Fact]
    public void A_table_that_begins_at_the_end_of_memory_is_outside()
    {
        TranslationCase asked = new()
        {
            Control = ControlState.LongMode with { Cr3 = new(0x1000) },
            Memory = new(0x1000),
        };
        Assert.Equal(
            TranslationOutcome.OutsideMemory(new(0x1000)), TranslationSpec.Walk(asked).Outcome);
        asked.Memory = new(0x1008);
        Assert.Equal(OutcomeKind.PageFault, TranslationSpec.Walk(asked).Outcome.Kind);
    }
}
