using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Reality.Kvm;
using PageProof.Reality.Qemu;

namespace PageProof.Tests.Reality;

/// <summary>
/// Real systems behind the paging door answer cases made by hand as the manual says.
/// </summary>
public sealed class RealityTests
{
    [Fact]
    public void Hand_cases_end_on_qemu_as_the_manual_says()
    {
        using var system = OpenQemu();
        HandCasesAgree(system, expectedAtLeast: 40);
    }

    [Fact]
    public void Hand_cases_end_on_kvm_as_the_manual_says()
    {
        using var system = OpenKvm();
        HandCasesAgree(system, expectedAtLeast: 30);
    }

    [Fact]
    public void A_missing_kvm_is_said_in_one_sentence() =>
        Assert.Equal("There is no /dev/no-kvm.", KvmSystem.WhyUnavailable("/dev/no-kvm"));

    [Fact]
    public void A_missing_qemu_is_said_in_one_sentence()
    {
        string? reason = QemuSystem.WhyUnavailable("no-such-emulator");
        Assert.Equal("QEMU is not installed: there is no no-such-emulator.", reason);
        Assert.Equal(reason, Assert.Throws<UserError>(() => new QemuSystem("no-such-emulator")).Message);
    }

    private static KvmSystem OpenKvm()
    {
        if (KvmSystem.WhyUnavailable() is { } reason)
        {
            Assert.Skip(reason);
        }

        return new KvmSystem();
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
        var offered = HandCases.All.Where(hand => hand.Suits(capabilities)).ToArray();
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
