using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Reality.Qemu;
using Xunit;

namespace PageProof.Tests.Reality;

/// <summary>Real systems behind the paging door answer cases made by hand as the manual says.</summary>
public sealed class RealityTests
{
    [Fact]
    public void Hand_cases_end_on_qemu_as_the_manual_says()
    {
        using var system = OpenQemu();
        HandCasesAgree(system, expectedAtLeast: 40);
    }

    [Fact]
    public void A_missing_qemu_is_said_in_one_sentence()
    {
        string? reason = QemuSystem.WhyUnavailable("no-such-emulator");
        Assert.Equal("QEMU is not installed: there is no no-such-emulator.", reason);
        Assert.Equal(reason, Assert.Throws<UserError>(() => new QemuSystem("no-such-emulator")).Message);
    }

    internal static bool Offers(TranslatorCapabilities capabilities, in TranslationCase translationCase)
    {
        var control = translationCase.Control;
        var access = translationCase.Access;
        return (control.Cr0 & ~capabilities.Cr0) == 0
            && (control.Cr4 & ~capabilities.Cr4 & ~Cr4.PhysicalAddressExtension) == 0
            && (control.Efer & ~capabilities.Efer & ~Efer.LongModeEnable) == 0
            && capabilities.GigabytePages.Contains(control.HasGigabytePages)
            && capabilities.Widths.Contains(control.MaxPhyAddr)
            && capabilities.Vendors.Contains(control.Vendor)
            && capabilities.PrivilegeLevels.Contains(access.Cpl)
            && capabilities.Kinds.Contains(access.Kind)
            && (capabilities.StackReferences || !access.StackSegment);
    }

    private static QemuSystem OpenQemu()
    {
        if (QemuSystem.WhyUnavailable() is { } reason)
        {
            Assert.Skip(reason);
        }

        return new QemuSystem();
    }

    private static void HandCasesAgree(ISystem system, int expectedAtLeast)
    {
        using var translator = system.OpenTranslator()!;
        var capabilities = translator.Capabilities;
        var offered = HandCases.All.Where(hand => Offers(capabilities, hand.Case)).ToArray();
        Assert.True(offered.Length >= expectedAtLeast, $"only {offered.Length} cases were offered");
        var cases = Array.ConvertAll(offered, hand => hand.Case);
        var answers = new TranslationAnswer[cases.Length];
        translator.Translate(cases, answers);
        var wrong = new List<string>();
        for (int index = 0; index < cases.Length; index++)
        {
            var expected = offered[index].Expected;
            if (offered[index].Disagreement(answers[index]) is { } disagreement
                && !capabilities.Deviations.Any(one => one.Explains(cases[index], expected, answers[index])))
            {
                wrong.Add($"{offered[index].Name}: {disagreement}");
            }
        }

        Assert.Empty(wrong);
    }
}
