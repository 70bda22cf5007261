using System.Text.Json.Nodes;
using static PageProof.Tests.Cli.SmallImage;

namespace PageProof.Tests.Cli;

/// <summary>What the walk answers, for images of every make.</summary>
public sealed class WalkShowsTests : IDisposable
{
    private const ulong AboveFourGigabytes = 0x1_2345_6000;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_level_and_the_answer()
    {
        string shown = Shown(_folder.Write("image", Bytes()), Mapped, "--cr3", Cr3, "--cpl", "3");
        string[] parts =
        [
            "PML4", "PDPT", "PD ", "PT ", "0x4028", "0x000000abcdef0067", "P R/W U/S A D",
            "next: PT at 0x4000", "page: 4 KiB at 0xabcdef0000", "rwx user",
            "Physical address 0xabcdef0678",
        ];
        Assert.All(parts, part => Assert.Contains(part, shown, StringComparison.Ordinal));
        Assert.DoesNotContain('\e', shown);
    }

    [Fact]
    public void A_fault_with_its_code_in_words()
    {
        string[] image = [_folder.Write("image", Bytes()), "--cr3", Cr3];
        string absent = Shown([.. image, "0x6000", "--access", "write", "--cpl", "3"]);
        Assert.Contains("error code 0x6, CR2 = 0x0000000000006000", absent, StringComparison.Ordinal);
        Assert.Contains("PTE 6 is not present.", absent, StringComparison.Ordinal);
        Assert.Contains("U/S  1  it was made in user mode", absent, StringComparison.Ordinal);
        string smap = Shown([.. image, Mapped]);
        Assert.Contains("error code 0x1,", smap, StringComparison.Ordinal);
        Assert.Contains("SMAP: ", smap, StringComparison.Ordinal);
        string notCanonical = Shown([.. image, "0x8000_0000_0000", "--stack"]);
        Assert.Contains("Stack fault (#SS)", notCanonical, StringComparison.Ordinal);
    }

    [Fact]
    public void Registers_switch_what_they_name()
    {
        string[] image = [_folder.Write("image", Bytes()), "--cr3", Cr3, Mapped];
        Assert.Equal("page_fault", Kind(image));
        Assert.Equal("translated", Kind([.. image, "--smap=false"]));
        Assert.Equal("translated", Kind([.. image, "--smap", "false"]));
        Assert.Equal("translated", Kind([.. image, "--ac"]));
        Assert.Equal("page_fault", Kind([.. image, "--ac", "--implicit"]));
        Assert.Equal("page_fault", Kind([.. image, "--access", "fetch"]));
        Assert.Equal("translated", Kind([.. image, "--access", "fetch", "--smep=false"]));
        Assert.Equal("page_fault", Kind([.. image, "--ac", "--pke", "--pkru", "1"]));
        Assert.Equal("page_fault", Kind([.. image, "--ac", "--maxphyaddr", "39"]));
        Assert.Equal("page_fault", Kind([.. image, "--la57", "--ac"]));
        string[] shadowStack = ["--cet", "--access", "shadow-stack-write", "--cpl", "3"];
        Assert.Equal("page_fault", Kind([.. image, .. shadowStack]));
        // The switch takes no name of an image that follows it.
        Assert.Equal("translated", Kind(["--wp", .. image, "--ac"]));
    }

    [Fact]
    public void A_table_outside_the_image_by_its_address()
    {
        string path = _folder.Write("image", Bytes());
        Assert.Equal("outside_memory 0x5000", Outcome(path, "0", "--cr3", "0x5000"));
        string[] last = [path, $"{ulong.MaxValue}", "--cr3", "0xffffffffffff"];
        Assert.Equal("outside_memory 0xfffffffffff8", Outcome(last));
        string cut = _folder.Write("cut", Bytes()[..0x402F]);
        Assert.Equal("outside_memory 0x4028", Outcome(cut, Mapped, "--cr3", Cr3));
        string tiny = _folder.Write("tiny", [1, 2, 3]);
        Assert.Equal("outside_memory 0x0", Outcome(tiny, "0", "--cr3", "0"));
    }

    [Fact]
    public void A_sparse_image_beyond_four_gigabytes()
    {
        string path = _folder.File("sparse");
        using (var file = File.Create(path))
        {
            file.Position = (long)AboveFourGigabytes;
            file.Write(Bytes(0x5000, AboveFourGigabytes));
            file.SetLength(1L << 40);
        }

        string cr3 = $"0x{AboveFourGigabytes + 0x1000:x}";
        Assert.Equal("translated 0xabcdef0678", Outcome(path, Mapped, "--cr3", cr3, "--ac"));
        Assert.Equal("page_fault ", Outcome(path, "0x123456789000", "--cr3", cr3));
    }

    [Fact]
    public void Raw_memory_that_begins_elsewhere()
    {
        const ulong Start = 0xFE_DCBA_9000;
        string path = _folder.Write("image", Bytes(0x5000, Start));
        string[] walk = [path, Mapped, "--cr3", $"{Start + 0x1000}", "--ac"];
        Assert.Equal("translated 0xabcdef0678", Outcome([.. walk, "--base", $"0x{Start:x}"]));
        Assert.Equal("outside_memory", Kind([.. walk, "--base", $"0x{Start + 0x1001:x}"]));
        Assert.Equal("outside_memory", Kind([.. walk, "--base", $"0x{ulong.MaxValue:x}"]));
    }

    [Fact]
    public void A_core_by_its_own_registers_unless_told_otherwise()
    {
        var core = new CoreFile()
            .Note("CORE", new byte[336])
            .Processor(Paged, 0x1000, PhysicalAddressExtension)
            .Processor(Paged, 0x0000, PhysicalAddressExtension | 1 << 21)
            .Memory(0x3000, Bytes()[0x3000..])
            // Memory of a virtual mapping, which lies in another segment too.
            .Memory(0x3000, Bytes()[0x3000..0x4000], 0xFFFF_8880_0000_3000)
            .Memory(0, Bytes()[..0x3000]);
        string path = _folder.Write("core", core.Bytes());
        Assert.Equal("translated 0xabcdef0678", Outcome(path, Mapped));
        Assert.Equal("page_fault ", Outcome(path, Mapped, "--smap"));
        Assert.Equal("page_fault ", Outcome(path, Mapped, "--cpu", "1"));
        Assert.Equal("page_fault ", Outcome([path, Mapped, "--cpu", "1", "--cr3", Cr3]));
        string[] second = [path, Mapped, "--cpu", "1", "--cr3", Cr3];
        Assert.Equal("translated 0xabcdef0678", Outcome([.. second, "--ac"]));
        string cut = _folder.Write("cut", core.Bytes()[..^0x1800]);
        Assert.Equal("outside_memory 0x2000", Outcome(cut, Mapped));
        Assert.Contains("cut short", Shown(cut, Mapped), StringComparison.Ordinal);
        Assert.DoesNotContain("cut short", Shown(path, Mapped), StringComparison.Ordinal);
    }

    [Fact]
    public void The_data_in_a_file_and_nothing_else_beside_it()
    {
        string image = _folder.Write("image", Bytes()), data = _folder.Write("data", [1]);
        string shown = Shown(image, Mapped, "--cr3", Cr3, "--ac", "--json", data);
        Assert.Contains("Physical address", shown, StringComparison.Ordinal);
        string printed = Shown(image, Mapped, "--cr3", Cr3, "--ac", "--json", "-");
        Assert.Equal(printed, File.ReadAllText(data));
        Assert.Equal([data, image], Directory.GetFileSystemEntries(_folder.Path).Order());
    }

    [Fact]
    public void One_line_a_walk_when_quiet()
    {
        string image = _folder.Write("image", Bytes());
        string shown = Shown(image, Mapped, "0x6000", "--cr3", Cr3, "--ac", "--quiet");
        string[] lines = shown.TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("0x0000000000005678: 0xabcdef0678, 4 KiB", lines[0], StringComparison.Ordinal);
    }

    private static string Kind(params string[] arguments) => Outcome(arguments).Split(' ')[0];

    private static string Outcome(params string[] arguments)
    {
        var data = JsonNode.Parse(Shown([.. arguments, "--json", "-"]))!;
        var outcome = data["walks"]!.AsArray().Single()!["outcome"]!;
        return $"{outcome["kind"]} {outcome["physical_address"]}";
    }

    private static string Shown(params string[] arguments) =>
        ToolRun.Of(["walk", .. arguments]).MustHold();
}
