using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.PageCache;
using PageProof.Reality.Linux;
using PageProof.Spec.AddressSpaces;
using PageProof.Spec.Kernel;

namespace PageProof.Tests.Reality;

/// <summary>
/// Programs that Linux really starts have the areas, the pages and the bytes that the Spec of exec has for their
/// images. They do nothing but wait.
/// </summary>
public sealed class RealImageTests
{
    private const int Page = 4096;
    private const int SegmentationFault = 128 + 11;
    private static readonly byte[] Wait = [0xb8, 0x22, 0, 0, 0, 0x0f, 0x05, 0xeb, 0xf7]; // pause, again and again
    private static readonly KernelCapabilities Kernel = new();

    [Theory]
    [InlineData(0x1000, 0x5000, 0x10, 0x2000)]
    [InlineData(0x10, 0x5000, 0x1000, 0)]
    [InlineData(0x1234, 0x8010, 0x800, 0x20)]
    [InlineData(0x2001, 0x8ff0, 0x10, 0x10)]
    [InlineData(0x1000, 0x6008, 0x1ff9, 0x1007)]
    [InlineData(0x1000, 0x6100, 0x1234, 0)]
    [InlineData(0x1000, 0x6100, 0, 0x1f00)]
    [InlineData(0x1000, 0x6000, 0, 0x1001)]
    public void A_started_program_has_what_the_Spec_says(int text, int data, int filled, int zeros)
    {
        SkipElsewhere();
        var asked = Command(text, data, filled, zeros);
        byte[] image = ImageOf(asked, Page + 2 * Page + 4 * Page);
        var state = After(asked, image);
        using var running = Started(image);
        try
        {
            Compare($"/proc/{running.Id}", asked, state);
        }
        finally
        {
            running.Kill();
        }
    }

    private static void Compare(string folder, KernelCommand asked, KernelState state)
    {
        WaitUntilItSleeps(folder);
        var process = state.Processes[0]!;
        ulong arena = Kernel.Arena.Value, end = arena + 16 * Page;
        var told = File.ReadAllLines($"{folder}/maps").Select(Words).ToArray();
        Assert.Equal(
            MapsSpec.LinesOf(process, 1).Where(line => line.End.Value <= end).Select(Line),
            told.Where(line => Number(line[0].Split('-')[0]) < end).Select(line => $"{line[0]} {line[1]} {line[2]}"));
        Assert.Equal(
            process.Areas[^1].End - process.Areas[^1].Start,
            told.Where(line => line[^1] == "[stack]").Select(line => line[0].Split('-'))
                .Select(line => Number(line[1]) - Number(line[0])).Single());
        using var pages = File.OpenHandle($"{folder}/pagemap");
        using var memory = File.OpenHandle($"{folder}/mem");
        for (ulong page = AddressSpaceSpec.PageStart(asked.Target.Value); page < process.Heap; page += Page)
        {
            byte[] entry = new byte[8];
            Assert.Equal(8, RandomAccess.Read(pages, entry, (long)(page / Page * 8)));
            Assert.Equal(process.PageAt(page) is not null, (entry[7] & 0x80) != 0);
        }

        // Reading brings pages in, and those beside them.
        for (ulong page = AddressSpaceSpec.PageStart(asked.Target.Value); page < process.Heap; page += Page)
        {
            byte[] bytes = new byte[8];
            for (ulong at = page; at < page + Page; at += 8)
            {
                Assert.Equal(8, RandomAccess.Read(memory, bytes, (long)at));
                var content = ProcessViewSpec.PageAt(state, process, page)!.Value;
                Assert.Equal(content.Load((int)(at - page), 8), BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            }
        }

        // The field of the lowest break; it is moved up at random.
        string[] stat = File.ReadAllText($"{folder}/stat").Split(' ');
        Assert.InRange(ulong.Parse(stat[46], CultureInfo.InvariantCulture), process.Heap, arena + (1UL << 40));
    }

    [Fact]
    public void A_program_whose_data_are_not_in_its_file_ends_before_it_begins()
    {
        SkipElsewhere();
        var asked = Command(0x1000, 0x6000, 0x10, 0x100);
        byte[] image = ImageOf(asked, 2 * Page);
        Assert.Null(KernelSpec.Next(Begin(image), asked, default).State.Processes[0]);
        using var running = Started(image);
        Assert.True(running.WaitForExit(TimeSpan.FromSeconds(20)));
        Assert.Equal(SegmentationFault, running.ExitCode);
    }

    private static void SkipElsewhere() =>
        Assert.SkipWhen(StubTree.WhyUnavailable() is not null, StubTree.WhyUnavailable() ?? "");

    private static KernelCommand Command(int text, int data, int filled, int zeros) => new()
    {
        Kind = KernelCommandKind.Exec,
        Address = Kernel.Arena,
        Length = new((ulong)text),
        Target = new(Kernel.Arena.Value + (ulong)data),
        NewLength = new((ulong)filled),
        Offset = Page,
        Value = (ulong)zeros,
    };

    // The first page is the header's; the rest is text, and then words that tell their place.
    private static byte[] ImageOf(in KernelCommand asked, int length)
    {
        byte[] image = new byte[length];
        for (int at = Page; at + 8 <= length; at += 8)
        {
            Put(image, at, 0x1111_1111_0000_0000UL + (ulong)at);
        }

        Wait.CopyTo(image, Page);
        Encoding.ASCII.GetBytes("\x7f" + "ELF\x2\x1\x1").CopyTo(image, 0);
        ulong[] header = [0x1_003e_0002, asked.Address.Value, 64, 0, 0x0038_0040_0000_0000, 3];
        header.Index().ToList().ForEach(word => Put(image, 16 + 8 * word.Index, word.Item));
        ulong data = Page + AddressSpaceSpec.PageAlign(asked.Length.Value) + asked.Target.Value % Page;
        ulong size = asked.NewLength.Value;
        Segment(image, 64, 0x5_0000_0001, Page, asked.Address.Value, asked.Length.Value, asked.Length.Value);
        Segment(image, 120, 0x6_0000_0001, data, asked.Target.Value, size, size + asked.Value);
        Segment(image, 176, 0x6_6474_e551, 0, 0, 0, 0);
        return image;
    }

    private static void Segment(
        byte[] image, int at, ulong kind, ulong offset, ulong address, ulong inFile, ulong inMemory)
    {
        ulong[] words = [kind, offset, address, address, inFile, inMemory, Page];
        words.Index().ToList().ForEach(word => Put(image, at + 8 * word.Index, word.Item));
    }

    private static void Put(byte[] image, int at, ulong word) =>
        BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(at), word);

    private static KernelState Begin(byte[] image)
    {
        var state = KernelSpec.Begin(
            new(1, 1, [new(new((ulong)image.Length), FileRights.Read | FileRights.Write)]), Kernel);
        for (int at = 0; at < image.Length; at += 8)
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(image.AsSpan(at));
            KernelCommand write = new() { Kind = KernelCommandKind.FileWrite, Length = new(8), Offset = (ulong)at };
            state = word == 0 ? state : KernelSpec.Next(state, write with { Value = word }, default).State;
        }

        return state;
    }

    private static KernelState After(in KernelCommand asked, byte[] image) =>
        KernelSpec.Next(Begin(image), asked, default).State;

    private static Process Started(byte[] image)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, image);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }

            ProcessStartInfo start = new(path) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment.Clear();
            return Process.Start(start)!;
        }
        finally
        {
            File.Delete(path);
        }
    }

    // Whoever has started it is told so before the image is there.
    private static void WaitUntilItSleeps(string folder)
    {
        var clock = Stopwatch.StartNew();
        while (File.ReadAllText($"{folder}/stat").Split(' ')[2] != "S")
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20));
            Thread.Sleep(1);
        }
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static ulong Number(string text) => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static string Line(AreaLine line) => $"{line.Start.Value:x}-{line.End.Value:x} "
        + (line.Protection.HasFlag(MemoryProtection.Read) ? "r" : "-")
        + (line.Protection.HasFlag(MemoryProtection.Write) ? "w" : "-")
        + (line.Protection.HasFlag(MemoryProtection.Execute) ? "x" : "-") + $"p {line.Offset:x8}";
}
