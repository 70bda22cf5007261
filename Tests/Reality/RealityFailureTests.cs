using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Reality.Kvm;
using PageProof.Reality.Qemu;

namespace PageProof.Tests.Reality;

/// <summary>
/// A real system that is missing, ends early or hangs is a sentence that names the first case without
/// an answer, never a hang, and never an answer made up.
/// </summary>
public sealed class RealityFailureTests
{
    [Fact]
    public void A_missing_kvm_is_said_in_one_sentence() =>
        Assert.Equal("There is no /dev/no-kvm.", KvmSystem.WhyUnavailable("/dev/no-kvm"));

    [Fact]
    public void A_missing_qemu_is_said_in_one_sentence()
    {
        string? reason = QemuSystem.WhyUnavailable("no-such-emulator");
        Assert.Equal("QEMU is not installed: there is no no-such-emulator.", reason);
        var thrown = Assert.Throws<UserError>(() => new QemuSystem("no-such-emulator"));
        Assert.Equal(reason, thrown.Message);
    }

    [Fact]
    public void An_emulator_that_ends_early_is_named_with_the_case()
    {
        using var standIn = new StandIn("echo it broke >&2; exit 3");
        using var system = new QemuSystem(standIn.Path);
        var thrown = FailureOf(system, GoodCase());
        Assert.StartsWith("QEMU did not answer case 0 of 1: status 3 it broke.", thrown.Message);
    }

    [Fact]
    public void An_emulator_that_hangs_is_stopped()
    {
        using var standIn = new StandIn("echo $$ > \"$0.pid\"; exec sleep 600");
        using var system = new QemuSystem(standIn.Path) { TimeLimit = TimeSpan.FromSeconds(1) };
        var thrown = FailureOf(system, GoodCase());
        Assert.StartsWith("QEMU did not answer case 0 of 1: ", thrown.Message);
        Assert.Contains("did not end within 1 s", thrown.Message);
        string process = File.ReadAllText(standIn.Path + ".pid").Trim();
        Assert.False(Directory.Exists($"/proc/{process}"), "it still runs");
    }

    [Fact]
    public void A_guest_that_dies_under_qemu_is_named_with_the_case_and_the_next_one_lives()
    {
        using var system = RealityTests.OpenQemu();
        GuestDies(system, "QEMU did not answer case 1 of 2: the machine reset itself.");
    }

    [Fact]
    public void A_guest_that_dies_under_kvm_is_named_with_the_case_and_the_next_one_lives()
    {
        using var system = RealityTests.OpenKvm();
        GuestDies(system, "KVM did not answer case 1 of 2: the guest ended in a triple fault.");
    }

    [Fact]
    public void Two_translators_work_side_by_side()
    {
        using var system = RealityTests.OpenQemu();
        using var one = system.OpenTranslator();
        using var other = system.OpenTranslator();
        var cases = RealityTests.Drawn(one.Capabilities, count: 200);
        var answers = new TranslationAnswer[2][];
        Parallel.For(0, 2, index =>
        {
            answers[index] = new TranslationAnswer[cases.Length];
            (index == 0 ? one : other).Translate(cases, answers[index]);
        });
        Assert.Equal(
            answers[0].Select(answer => answer.Outcome), answers[1].Select(answer => answer.Outcome));
    }

    private static TranslationCase GoodCase() => new HandCase("good")
        .At(0x1234_5678_9ab8, AccessKind.Read, 0).Small().Case;

    private static UserError FailureOf(ISystem system, params TranslationCase[] cases)
    {
        using var translator = system.OpenTranslator()!;
        return Assert.Throws<UserError>(
            () => translator.Translate(cases, new TranslationAnswer[cases.Length]));
    }

    /// <summary>A case that takes the guest's own mapping away, which none may, kills it.</summary>
    private static void GuestDies(ISystem system, string sentence)
    {
        using var translator = system.OpenTranslator()!;
        int own = translator.Capabilities.OwnTopIndex!.Value;
        var good = new HandCase("good").At(0x1234_5678_9ab8, AccessKind.Read, 0).Small()
            .Reaches(HandCase.Page + 0xab8);
        Assert.True(good.Suits(translator.Capabilities));
        var bad = good.Case;
        bad.Set(new(HandCase.Top + 8 * (ulong)own), default);
        var answers = new TranslationAnswer[2];
        var thrown = Assert.Throws<UserError>(() => translator.Translate([good.Case, bad], answers));
        Assert.StartsWith(sentence, thrown.Message);
        translator.Translate([good.Case, good.Case], answers);
        Assert.Null(good.Disagreement(answers[1]));
    }

    /// <summary>A script in the place of the emulator, which only knows its version.</summary>
    private sealed class StandIn : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("pageproof-").FullName;

        public StandIn(string script)
        {
            Path = System.IO.Path.Combine(_folder, "emulator");
            File.WriteAllText(Path, $"#!/bin/sh\n[ \"$1\" = --version ] && exit 0\n{script}\n");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }
        }

        public string Path { get; }

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
