using System.Diagnostics;
using PageProof.Contract.Swap;
using PageProof.Implementation.Swap;
using PageProof.Spec.Swap;

namespace PageProof.Tests.Swap;

/// <summary>Headers beside those of mkswap (util-linux), byte by byte, and real files that are refused.</summary>
[InLane("swap")]
public sealed class SwapHeaderTests : IDisposable
{
    private const int Pages = 64;
    private const string Uuid = "01234567-89ab-cdef-0123-456789abcdef";
    private readonly string _folder = Directory.CreateTempSubdirectory("pageproof-mkswap").FullName;

    private string Path => System.IO.Path.Combine(_folder, "swap");

    [Theory]
    [InlineData("pageproof")]
    [InlineData(null)]
    public void It_is_what_mkswap_writes(string? label)
    {
        string? mkswap = ((string[])["/usr/sbin/mkswap", "/sbin/mkswap"]).FirstOrDefault(File.Exists);
        Assert.SkipWhen(mkswap is null, "There is no mkswap on this machine.");
        Assert.Equal(Contract.Kernel.Errno.None, SwapFile.Create(Path, Pages));
        string[] arguments = label is null ? ["--uuid", Uuid, Path] : ["--uuid", Uuid, "--label", label, Path];
        ProcessStartInfo start = new(mkswap, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using (var process = Process.Start(start)!)
        {
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }

        SwapCommand made = new()
        {
            Kind = SwapCommandKind.MakeSwap,
            Pages = Pages,
            Uuid = Guid.Parse(Uuid),
            Label = label,
        };
        var ours = new byte[SwapHeaderFormat.Bytes];
        Assert.Equal(SwapReason.None, SwapHeader.Make(made, Pages, ours));
        var theirs = File.ReadAllBytes(Path)[..SwapHeaderFormat.Bytes];
        Assert.Equal(theirs, ours);
        Assert.Equal(theirs, SwapHeaderFormat.Of(made));
    }

    [Fact]
    public void A_file_with_a_hole_is_refused_and_nothing_is_swapped_to_it()
    {
        using var file = SwapFile.Make(Path, new(SwapDeviceKind.File, Pages, 1, 40, false));
        Assert.SkipWhen(file.FirstHole == Pages, "The file system here has no holes.");
        SwapSpace space = new();
        SwapDevices devices = new([file], space);
        Assert.Equal(SwapOutcome.Done, devices.Make(new() { Pages = Pages }).Outcome);
        var answer = devices.On(new() { Kind = SwapCommandKind.SwapOn, Priority = SwapCommand.NoPriority });
        Assert.Equal((Contract.Kernel.Errno.EINVAL, SwapReason.Hole), (answer.Errno, answer.Reason));
        Assert.Equal(0, space.Usable);

        // Up to the hole it is as good as any other.
        Assert.Equal(SwapOutcome.Done, devices.Make(new() { Pages = 40 }).Outcome);
        Assert.Equal(SwapOutcome.Done, devices.On(new() { Priority = SwapCommand.NoPriority }).Outcome);
        Assert.Equal(39, space.Usable);
    }

    [Fact]
    public void A_file_that_is_not_there_or_there_already_is_told_by_its_errno()
    {
        Assert.Equal(Contract.Kernel.Errno.ENOENT, SwapFile.Open(Path, out var none));
        Assert.Null(none);
        File.WriteAllText(Path, "somebody's");
        Assert.Equal(Contract.Kernel.Errno.EEXIST, SwapFile.Create(Path, Pages));
        Assert.Equal("somebody's", File.ReadAllText(Path));
    }

    [Fact]
    public void A_device_that_is_full_takes_no_header()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full on this machine.");
        Assert.Equal(Contract.Kernel.Errno.None, SwapFile.Open("/dev/full", out var full));
        using (full)
        {
            Assert.False(full!.TryWrite(1, new byte[SwapHeaderFormat.Bytes]));
        }
    }

    [Fact]
    public void A_file_has_the_whole_pages_that_it_is_long()
    {
        File.WriteAllBytes(Path, new byte[(3 * SwapHeaderFormat.Bytes) + 5]);
        Assert.Equal(Contract.Kernel.Errno.None, SwapFile.Open(Path, out var file));
        using (file)
        {
            var page = new byte[SwapHeaderFormat.Bytes];
            Assert.Equal((3, 3), (file!.Slots, file.FirstHole));
            Assert.Equal((true, false), (file.IsFile, file.IsReadOnly));
            Assert.True(file.TryRead(2, page));
            Assert.False(file.TryRead(3, page));
            page.AsSpan().Fill(7);
            Assert.True(file.TryWrite(1, page));
            file.Poke(4092, [1, 2, 3, 4]);
            file.ShowHeader(page);
            Assert.Equal([0, 1, 2, 3, 4], page[4091..]);
            Assert.True(file.TryRead(1, page));
            Assert.True(page.AsSpan().IndexOfAnyExcept((byte)7) < 0);
        }

        Assert.Equal(new byte[5], File.ReadAllBytes(Path)[(3 * SwapHeaderFormat.Bytes)..]);
    }

    [Fact]
    public void A_new_file_is_zeros_on_the_disk_and_one_like_a_device_has_its_hole()
    {
        Assert.Equal(Contract.Kernel.Errno.None, SwapFile.Create(Path, 3));
        Assert.Equal(new byte[3 * SwapHeaderFormat.Bytes], File.ReadAllBytes(Path));
        using (var file = SwapFile.Make(Path, new(SwapDeviceKind.File, 20, 1, 0, false)))
        {
            Assert.Equal((20, 20), (file.Slots, file.FirstHole));
        }

        using (var file = SwapFile.Make(Path, new(SwapDeviceKind.File, 20, 1, 8, false)))
        {
            Assert.Equal(20, file.Slots);
            Assert.True(file.FirstHole is 8 or 20);
        }
    }

    /// <summary>The file system of memory has told where holes are since Linux 3.1.</summary>
    [Fact]
    public void Where_a_file_has_its_first_hole_is_told()
    {
        const string Memory = "/dev/shm";
        Assert.SkipUnless(OperatingSystem.IsLinux() && Directory.Exists(Memory), $"There is no {Memory} here.");
        string path = System.IO.Path.Combine(Memory, System.IO.Path.GetFileName(_folder));
        try
        {
            foreach (int hole in (int[])[8, 19])
            {
                using var file = SwapFile.Make(path, new(SwapDeviceKind.File, 20, 1, hole, false));
                Assert.Equal((20, hole), (file.Slots, file.FirstHole));
            }

            using (var empty = File.Create(path))
            {
                empty.SetLength(20 * SwapHeaderFormat.Bytes);
            }

            Assert.Equal(Contract.Kernel.Errno.None, SwapFile.Open(path, out var all));
            using (all)
            {
                Assert.Equal((20, 0), (all!.Slots, all.FirstHole));
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_folder_that_is_not_there_or_in_the_place_of_a_file_is_told_by_its_errno()
    {
        string missing = System.IO.Path.Combine(_folder, "none", "swap");
        Assert.Equal(Contract.Kernel.Errno.ENOENT, SwapFile.Open(missing, out _));
        Assert.Equal(Contract.Kernel.Errno.ENOENT, SwapFile.Create(missing, Pages));
        Assert.Equal(Contract.Kernel.Errno.EACCES, SwapFile.Open(_folder, out var none));
        Assert.Null(none);
        Assert.NotEqual(Contract.Kernel.Errno.None, SwapFile.Create(_folder, Pages));
        Assert.True(Directory.Exists(_folder));
    }

    /// <summary>One byte of a page that is in a slot is changed by somebody else.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(2047)]
    [InlineData(2048)]
    [InlineData(4095)]
    public void Whatever_byte_of_a_page_is_another_one_nobody_has_stored_it(int place)
    {
        using SwapMachine machine = new(_folder);
        Assert.Equal((false, false), (machine.Capabilities.Fails, machine.Capabilities.Partitions));
        machine.Reset(new(2, 0, 1, 1, [new(SwapDeviceKind.File, 12, 1, 0, false)]));
        SwapCommand store = new() { Kind = SwapCommandKind.Store, Value = 5 };
        SwapAnswer answer = default;
        foreach (var command in (SwapCommand[])[
            new() { Kind = SwapCommandKind.MakeSwap, Pages = 12 },
            new() { Kind = SwapCommandKind.SwapOn, Priority = SwapCommand.NoPriority },
            store, store with { Half = 1, Value = 6 }, new() { Kind = SwapCommandKind.PageOut }])
        {
            answer = machine.Do(command);
            Assert.Equal(SwapOutcome.Done, answer.Outcome);
        }

        using (var file = File.Open(System.IO.Path.Combine(_folder, "swap0"), FileMode.Open, FileAccess.ReadWrite,
            FileShare.ReadWrite))
        {
            file.Position = (SwapHeaderFormat.Bytes * (long)answer.Place.Slot.Value) + place;
            int held = file.ReadByte();
            file.Position--;
            file.WriteByte((byte)(held ^ 0x80));
        }

        answer = machine.Do(new() { Kind = SwapCommandKind.Load });
        Assert.Equal((SwapOutcome.Done, false), (answer.Outcome, answer.Content.IsWhole));
    }

    [Fact]
    public void A_machine_that_is_given_up_holds_no_file_open()
    {
        SwapMachine machine = new(_folder);
        machine.Reset(new(2, 0, 1, 1, [new(SwapDeviceKind.File, 12, 1, 0, false)]));
        var header = new byte[SwapHeaderFormat.Bytes];
        machine.ShowHeader(default, header);
        machine.Dispose();
        Assert.Throws<ObjectDisposedException>(() => machine.ShowHeader(default, header));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
