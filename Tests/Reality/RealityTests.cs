using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Properties.Harness;
using PageProof.Properties.Paging;
using PageProof.Reality.Kvm;
using PageProof.Reality.Qemu;

namespace PageProof.Tests.Reality;

/// <summary>
/// Real systems behind the paging door answer as the manual says: cases made by hand, and many that
/// were drawn. A system that cannot run here is skipped with its reason.
/// </summary>
public sealed class RealityTests
{
    [Fact]
    public void Hand_cases_end_on_qemu_as_the_manual_says()
    {
        using var system = OpenQemu();
        Assert.Contains("QEMU", system.Backend);
        HandCasesAgree(system, expectedAtLeast: 40);
    }

    [Fact]
    public void Hand_cases_end_on_kvm_as_the_manual_says()
    {
        using var system = OpenKvm();
        HandCasesAgree(system, expectedAtLeast: 30);
    }

    [Fact]
    public void Qemu_answers_what_the_spec_permits()
    {
        using var system = OpenQemu();
        var report = AgreementLaw.Run(system, seed: 1, RunLength.Of(100_000));
        Assert.Null(report.Failure);
        Assert.True(report.Explained.GetValueOrDefault("reserved-without-present") < 30_000);
    }

    [Fact]
    public void Kvm_answers_what_the_spec_permits()
    {
        using var system = OpenKvm();
        var report = AgreementLaw.Run(system, seed: 1, RunLength.Of(10_000));
        Assert.Null(report.Failure);
        Assert.True(report.Explained.GetValueOrDefault("user-slot-256") < 1_000);
    }

    [Fact]
    public void Qemu_answers_alone_as_in_company()
    {
        using var system = OpenQemu();
        AnswersDoNotDependOnCompany(system);
    }

    [Fact]
    public void Kvm_answers_alone_as_in_company()
    {
        using var system = OpenKvm();
        AnswersDoNotDependOnCompany(system);
    }

    [Fact]
    public void A_store_is_found_beside_the_guests_own_word_on_qemu()
    {
        using var system = OpenQemu();
        StoreIsFoundBesideOwnWord(system);
    }

    [Fact]
    public void A_store_is_found_beside_the_guests_own_word_on_kvm()
    {
        using var system = OpenKvm();
        StoreIsFoundBesideOwnWord(system);
    }

    internal static QemuSystem OpenQemu()
    {
        if (QemuSystem.WhyUnavailable() is { } reason)
        {
            Assert.Skip(reason);
        }

        return new QemuSystem();
    }

    internal static KvmSystem OpenKvm()
    {
        if (KvmSystem.WhyUnavailable() is { } reason)
        {
            Assert.Skip(reason);
        }

        return new KvmSystem();
    }

    internal static TranslationCase[] Drawn(TranslatorCapabilities capabilities, int count)
    {
        TranslationGenerator generator = new(capabilities with { CasesPerMachine = 10 });
        var cases = new TranslationCase[count];
        for (int index = 0; index < count; index++)
        {
            generator.Generate(7, index, ref cases[index]);
        }

        return cases;
    }

    private static void HandCasesAgree(ISystem system, int expectedAtLeast)
    {
        using var translator = system.OpenTranslator()!;
        var capabilities = translator.Capabilities;
        var offered = HandCases.All.Where(hand => hand.Suits(capabilities)).ToArray();
        Assert.True(offered.Length >= expectedAtLeast, $"only {offered.Length} cases were offered");
        var cases = Array.ConvertAll(offered, hand => hand.Case);
        var answers = new TranslationAnswer[cases.Length];
        translator.Translate(cases, answers);
        var wrong = new List<string>();
        for (int index = 0; index < cases.Length; index++)
        {
            var (hand, answer) = (offered[index], answers[index]);
            if (hand.Disagreement(answer) is { } disagreement && !IsKnown(hand, answer))
            {
                wrong.Add($"{hand.Name}: {disagreement}");
            }
        }

        Assert.Empty(wrong);

        bool IsKnown(HandCase hand, TranslationAnswer answer) =>
            capabilities.Deviations.Any(one => one.Explains(hand.Case, hand.Expected, answer));
    }

    /// <summary>
    /// The neighbour of the store is listed, and so does not tell its place; the neighbour of the
    /// guest's own word, which holds what is stored, is listed, too.
    /// </summary>
    private static void StoreIsFoundBesideOwnWord(ISystem system)
    {
        using var translator = system.OpenTranslator()!;
        ulong own = HandCase.Top + 8 * (ulong)translator.Capabilities.OwnTopIndex!.Value;
        var store = new HandCase("store").At(0x1234_5678_9ab8, AccessKind.Write, 0).Small()
            .Word(own ^ 8, 0x1234).Word(HandCase.Page + 0xab0, 0x5678).Reaches(HandCase.Page + 0xab8);
        Assert.True(store.Suits(translator.Capabilities));
        var answers = new TranslationAnswer[3];
        translator.Translate([store.Case, store.Case, store.Case], answers);
        Assert.All(answers, answer => Assert.Null(store.Disagreement(answer)));
    }

    /// <summary>Nothing of a case is left for the next: neither in memory nor in a TLB.</summary>
    private static void AnswersDoNotDependOnCompany(ISystem system)
    {
        using var translator = system.OpenTranslator()!;
        var cases = Drawn(translator.Capabilities, count: 40);
        var together = new TranslationAnswer[cases.Length];
        translator.Translate(cases, together);
        for (int index = 0; index < cases.Length; index++)
        {
            var alone = new TranslationAnswer[1];
            translator.Translate(cases.AsSpan(index, 1), alone);
            Assert.Equal(alone[0].Outcome, together[index].Outcome);
            Assert.Equal(alone[0].Known, together[index].Known);
            for (int word = 0; word < cases[index].Words.Length; word++)
            {
                Assert.Equal(alone[0].Left[word], together[index].Left[word]);
            }
        }
    }
}
