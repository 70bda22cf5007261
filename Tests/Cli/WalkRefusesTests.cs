using System.Buffers.Binary;
using static PageProof.Tests.Cli.SmallImage;

namespace PageProof.Tests.Cli;

/// <summary>
/// Whatever a user gives the walk that it cannot use, the answer is one sentence and exit code 2.
/// </summary>
public sealed class WalkRefusesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_image_that_is_not_there() => Refuses(
        "There is no memory image", _folder.File("none"), "0", "--cr3", Cr3);

    [Fact]
    public void An_image_in_a_folder_that_is_not_there() => Refuses(
        "There is no memory image", _folder.File("none/none"), "0", "--cr3", Cr3);

    [Fact]
    public void A_directory() => Refuses("is a directory", _folder.Path, "0", "--cr3", Cr3);

    [Fact]
    public void An_empty_image() => Refuses("is empty", Image([]), "0", "--cr3", Cr3);

    [Fact]
    public void A_name_that_no_file_can_have() => Refuses("is not the name", "a\0b", "0", "--cr3", Cr3);

    [Fact]
    public void Raw_memory_without_CR3() => Refuses("does not tell CR3", Image(Bytes()), "0");

    [Fact]
    public void A_compressed_dump() => Refuses(
        "compressed kdump", Image([.. "KDUMP   "u8, .. new byte[4096]]), "0", "--cr3", Cr3);

    [Fact]
    public void No_image() => Refuses("Which memory image?");

    [Fact]
    public void No_address() => Refuses("Which address of", Image(Bytes()), "--cr3", Cr3);

    [Theory]
    [InlineData("")]
    [InlineData("zero")]
    [InlineData("0x")]
    [InlineData("0xg")]
    [InlineData("ffff888000000000")]
    [InlineData("0x1ffffffffffffffff")]
    [InlineData("18446744073709551616")]
    [InlineData("1e3")]
    [InlineData("0x 5")]
    [InlineData("٣")]
    [InlineData("5\n6")]
    public void An_address_that_is_none(string address) => Refuses(
        "is not an address", Image(Bytes()), "0x1000", address, "--cr3", Cr3);

    [Theory]
    [InlineData("--cr3 takes", "--cr3", "top")]
    [InlineData("--cpl takes", "--cpl", "4")]
    [InlineData("--access takes", "--access", "jump")]
    [InlineData("--maxphyaddr takes", "--maxphyaddr", "53")]
    [InlineData("--maxphyaddr takes", "--maxphyaddr", "35")]
    [InlineData("--pkru takes", "--pkru", "0x100000000")]
    [InlineData("--pat takes", "--pat", "-1")]
    [InlineData("--vendor takes", "--vendor", "Via")]
    [InlineData("--base takes", "--base", "1MB")]
    [InlineData("--cpu takes", "--cpu", "x")]
    [InlineData("--walk", "--walk")]
    [InlineData("-1", "-1")]
    [InlineData("--cr3", "--cr3")]
    [InlineData("maybe", "--smap=maybe")]
    [InlineData("CR4.CET cannot be on", "--cet", "--wp=false")]
    [InlineData("--implicit and --stack", "--access", "fetch", "--implicit")]
    [InlineData("--implicit and --stack", "--access", "shadow-stack-read", "--stack")]
    [InlineData("--implicit and --stack", "--implicit", "--stack")]
    public void An_option_that_says_nothing_possible(string named, params string[] options) =>
        Refuses(named, [Image(Bytes()), "0", .. options[0] == "--cr3" ? [] : (string[])["--cr3", Cr3],
            .. options]);

    [Fact]
    public void A_place_for_the_data_that_is_no_file()
    {
        string image = Image(Bytes());
        Refuses("cannot be written", image, "0", "--cr3", Cr3, "--json", _folder.Path);
        Refuses("cannot be written", image, "0", "--cr3", Cr3, "--json", _folder.File("a/b"));
        Refuses("cannot be written", image, "0", "--cr3", Cr3, "--json", "");
        Assert.Equal([image], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void The_core_of_a_process() => Refuses(
        "core of a process",
        Core(new CoreFile().Note("CORE", new byte[336]).Memory(0, Bytes(), 0x40_0000)
            .Memory(0, Bytes(), 0x7FFF_0000_0000)),
        "0",
        "--cr3",
        Cr3);

    [Fact]
    public void A_core_without_memory() => Refuses(
        "holds no memory", Core(new CoreFile().Processor(Paged, 0x1000, PhysicalAddressExtension)), "0");

    [Fact]
    public void A_core_without_CR3() => Refuses(
        "does not tell CR3", Core(new CoreFile().Memory(0, Bytes()).Note("QEMU", new byte[64])), "0");

    [Fact]
    public void A_core_of_a_processor_that_did_not_page() => Refuses(
        "was not in long mode", Core(new CoreFile().Memory(0, Bytes()).Processor(1, 0, 0)), "0");

    [Fact]
    public void A_processor_that_a_core_does_not_have() => Refuses(
        "--cpu goes from 0 to 0", GoodCore(), "0", "--cpu", "1");

    [Fact]
    public void A_base_for_a_core() => Refuses("--base is for raw", GoodCore(), "0", "--base", "0");

    [Theory]
    [InlineData("little-endian", 5, 2)]
    [InlineData("64-bit", 4, 1)]
    [InlineData("not a core", 16, 2)]
    [InlineData("another machine", 18, 183)]
    [InlineData("unknown size", 54, 32)]
    [InlineData("within its program headers", 39, 0x7F)]
    [InlineData("within its program headers", 57, 0x10)]
    public void A_core_of_another_kind(string named, int at, byte value)
    {
        byte[] core = Good().Bytes();
        core[at] = value;
        Refuses(named, Image(core), "0");
    }

    [Fact]
    public void A_core_that_hides_how_many_segments_it_has()
    {
        byte[] core = [.. Good().Bytes(), 0xFF, 0xFF, 0xFF, 0xFF];
        core[56] = core[57] = 0xFF;
        // The first section header begins 44 bytes before the number.
        BinaryPrimitives.WriteInt64LittleEndian(core.AsSpan(40), core.Length - 4 - 44);
        Refuses("more segments", Image(core), "0");
        core[47] = 0x7F;
        Refuses("does not tell how many", Image(core), "0");
    }

    [Theory]
    [InlineData(4)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(150)]
    public void A_core_that_ends_within_its_headers(int length) => Refuses(
        "ends within", Image(Good().Bytes()[..length]), "0");

    [Fact]
    public void A_core_of_endless_notes() => Refuses(
        "more notes",
        Core(new CoreFile().Memory(0, Bytes()).Notes(new byte[12 * 70_000])),
        "0");

    [Fact]
    public void A_file_that_holds_no_case()
    {
        Refuses("There is no case", "--case", _folder.File("none"));
        Refuses("is a directory", "--case", _folder.Path);
        Refuses("does not hold a case", "--case", Image([]));
        Refuses("does not hold a case", "--case", Image([0xFF, 0, 10, 27, 91, 65]));
        Refuses("does not hold a case", "--case", Image("control\naccess Jump address=0"u8.ToArray()));
        Refuses("too long", "--case", Image(new byte[2 << 20]));
    }

    [Fact]
    public void A_case_beside_an_image_or_registers()
    {
        string path = Image("control\naccess Read address=0 cpl=0"u8.ToArray());
        ToolRun.Of("walk", "--case", path).MustHold();
        Refuses("--case holds", path, "--case", path);
        Refuses("--case holds", "--case", path, "--cr3", "0");
        Refuses("--case holds", "--case", path, "--wp");
    }

    private void Refuses(string named, params string[] arguments)
    {
        string line = ToolRun.Of(["walk", .. arguments]).MustRefuse();
        Assert.Contains(named, line, StringComparison.Ordinal);
    }

    private static CoreFile Good() =>
        new CoreFile().Processor(Paged, 0x1000, PhysicalAddressExtension).Memory(0, Bytes());

    private string GoodCore() => Core(Good());

    private string Core(CoreFile core) => Image(core.Bytes());

    private string Image(byte[] content) => _folder.Write("image", content);
}
