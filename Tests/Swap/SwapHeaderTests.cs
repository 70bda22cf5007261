using System.Diagnostics;
using PageProof.Contract.Swap;
using PageProof.Implementation.Swap;
using PageProof.Spec.Swap;

namespace PageProof.Tests.Swap;

/// <summary>Headers beside those of mkswap (util-linux), byte by byte, and real files that are refused.</summary>
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
    public void There_is_room_for_637_bad_pages()
    {
        var page = new byte[SwapHeaderFormat.Bytes];
        SwapCommand made = new() { Pages = 1000, Bad = new(1, 637) };
        Assert.Equal(SwapReason.None, SwapHeader.Make(made, 1000, page));
        Assert.Equal(page, SwapHeaderFormat.Of(made));
        made = made with { Bad = new(1, 638) };
        Assert.Equal(SwapReason.TooManyBadPages, SwapHeader.Make(made, 1000, page));
        Assert.Equal(
            SwapReason.TooManyBadPages,
            SwapHeaderFormat.Refusal(new(SwapDeviceKind.Partition, 1000, 1, 0, false), made));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
