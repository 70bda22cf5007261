using System.Globalization;
using System.Text.Json.Nodes;
using PageProof.Contract.Paging;

namespace PageProof.Tests.Cli;

/// <summary>
/// A guest with page tables of its own runs in QEMU; what QEMU's monitor says about its addresses is
/// what a walk of its memory says, be that saved raw or as an ELF core.
/// </summary>
public sealed class WalkAgreesWithQemuTests
{
    private const string PlainRead = "--ac";

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void A_walk_of_a_real_guests_memory_says_what_QEMU_says(int levels)
    {
        Assert.SkipUnless(GuestMachine.IsInstalled, "qemu-system-x86_64 is not installed.");
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The guest is started as on Linux.");
        using var folder = new TemporaryFolder();
        var tables = new GuestTables(levels);
        string rom = folder.Write("rom", GuestRom.Emit(tables, levels == 5));
        using var machine = GuestMachine.Boot(rom);
        string raw = folder.File("raw"), core = folder.File("core");
        machine.SaveRaw(raw);
        machine.SaveCore(core);
        string cr3 = $"0x{machine.Register("CR3"):x}";
        string la57 = levels == 5 ? "--la57=true" : "--la57=false";

        AddressesAgree(machine, tables.Asked, [raw, "--cr3", cr3, la57]);
        AddressesAgree(machine, tables.Asked, [core]);
        PagesAgree(machine, [raw, "--cr3", cr3, la57]);
        PagesAgree(machine, [core]);
        RegistersAgree(machine, core, levels);
    }

    // gva2gpa tells where an address leads, whatever the access: at CPL 0, with AC set, a read is
    // forbidden nowhere.
    private static void AddressesAgree(
        GuestMachine machine, IReadOnlyList<ulong> asked, string[] image)
    {
        var walks = Walks([.. image, PlainRead], asked);
        int mapped = 0;
        for (int index = 0; index < asked.Count; index++)
        {
            string said = machine.Ask($"gva2gpa 0x{asked[index]:x}").Trim();
            var outcome = walks[index]!["outcome"]!;
            bool isMapped = (string?)outcome["kind"] == "translated";
            string walked = isMapped ? $"gpa: {AsInC(Hex(outcome["physical_address"]))}" : "Unmapped";
            Assert.True(said == walked, $"0x{asked[index]:x}: QEMU says {said}, the walk {outcome}");
            mapped += isMapped ? 1 : 0;
        }

        // Both sides are told: what is mapped, and what is not.
        TestContext.Current.TestOutputHelper!.WriteLine($"{asked.Count} addresses, {mapped} mapped");
        Assert.InRange(asked.Count, 100, int.MaxValue);
        Assert.InRange(mapped, 80, asked.Count - 50);
    }

    // As %#x prints: zero has no prefix.
    private static string AsInC(ulong number) => number == 0 ? "0" : $"0x{number:x}";

    // Lines such as "ffff888000001000: 0000000000425000 X-PDACTUW": the bits of the leaf.
    private static void PagesAgree(GuestMachine machine, string[] image)
    {
        var lines = machine.Ask("info tlb").Split('\n', '\r')
            .Select(line => line.Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length == 3)
            .ToArray();
        var asked = lines.Select(words => Hex(words[0])).ToArray();
        var walks = Walks([.. image, PlainRead], asked);
        for (int index = 0; index < lines.Length; index++)
        {
            var walk = walks[index]!;
            var leaf = walk["levels"]!.AsArray()[^1]!;
            var bits = leaf["bits"]!.AsArray().Select(bit => (string)bit!).ToHashSet();
            (string Name, char Letter)[] letters =
            [
                ("XD", 'X'), ("G", 'G'), ("PS", 'P'), ("D", 'D'), ("A", 'A'), ("PCD", 'C'),
                ("PWT", 'T'), ("U/S", 'U'), ("R/W", 'W'),
            ];
            string flags = string.Concat(
                letters.Select(one => bits.Contains(one.Name) ? one.Letter : '-'));
            string walked = $"{Hex(walk["outcome"]!["physical_address"]):x16} {flags}";
            Assert.True(
                $"{lines[index][1]} {lines[index][2]}" == walked,
                $"{lines[index][0]}: QEMU says {lines[index][1]} {lines[index][2]}, the walk {walk}");
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{lines.Length} pages");
        Assert.InRange(lines.Length, 100, int.MaxValue);
        Assert.Contains(lines, words => words[2].Contains('D', StringComparison.Ordinal));
    }

    private static void RegistersAgree(GuestMachine machine, string core, int levels)
    {
        var told = Json([core, "0", "--json", "-"])["control"]!;
        Assert.Equal(machine.Register("CR3"), Hex(told["cr3"]));
        Assert.Equal(levels, (int)told["levels"]!);
        var cr4 = (Cr4)machine.Register("CR4");
        Assert.Equal(cr4.HasFlag(Cr4.SupervisorAccessPrevention), (bool)told["smap"]!);
        Assert.Equal(cr4.HasFlag(Cr4.SupervisorExecutionPrevention), (bool)told["smep"]!);
        Assert.Equal(cr4.HasFlag(Cr4.PageGlobalEnable), (bool)told["pge"]!);
        Assert.Equal(cr4.HasFlag(Cr4.ProtectionKeys), (bool)told["pke"]!);
        Assert.Equal(((Cr0)machine.Register("CR0")).HasFlag(Cr0.WriteProtect), (bool)told["wp"]!);
    }

    private static JsonArray Walks(string[] options, IEnumerable<ulong> asked) =>
        Json([.. options, "--json", "-", .. asked.Select(address => $"0x{address:x}")])["walks"]!
            .AsArray();

    private static JsonNode Json(string[] arguments) =>
        JsonNode.Parse(ToolRun.Of(["walk", .. arguments]).MustHold())!;

    private static ulong Hex(JsonNode? text) => Hex(((string?)text)?[2..] ?? "0");

    private static ulong Hex(string digits) =>
        ulong.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
