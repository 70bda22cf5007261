using PageProof.Contract.Swap;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Reclaim;
using PageProof.Implementation.Swap;
using static PageProof.Tests.Kernel.DamagedKernel;

namespace PageProof.Tests.Kernel;

/// <summary>
/// What is kept of slots, of pages that have a slot and a frame, and of the lists is damaged on purpose, one at a time,
/// and the audit has to say what.
/// </summary>
[InLane("kernel")]
[InLane("swap")]
[InLane("reclaim")]
public sealed class SwapAuditTests
{
    private const ulong Swapped = 0x10_0000_0000;
    private const ulong Common = Swapped + 0x1000;
    private const ulong BackAgain = Swapped + 0x2000;
    private const ulong InPool = Swapped + 0x3000;
    private const ulong NeverOut = Swapped + 0x4000;
    private const ulong Named = Swapped + 0x1_0000;
    private const ulong OfFile = Swapped + 0x2_0000;
    private const ulong Synced = OfFile + 0x1000;

    private const string Story = """
        processes 2
        file 0x4000 rw
        0: swapon
        0: mmap at=0x1000000000 length=0x5000 protection=read,write flags=private,fixed,anonymous
        0: mmap at=0x1000010000 length=0x2000 protection=read,write flags=shared,fixed,anonymous
        0: mmap at=0x1000020000 length=0x2000 protection=read,write flags=shared,fixed
        0: store at=0x1000001000 length=0x8 value=0x7
        0: store at=0x1000002000 length=0x8 value=0x304
        0: fork child=1
        0: store at=0x1000000000 length=0x8 value=0x102
        0: store at=0x1000010000 length=0x8 value=0x506
        0: store at=0x1000021000 length=0x8 value=0x708
        0: fsync
        0: load at=0x1000020000 length=0x8
        0: reclaim length=0x10000
        0: zswap compressor=lz4 value=0x4
        0: store at=0x1000003000 length=0x8 value=0x90a
        0: madvise at=0x1000003000 length=0x1000 advice=pageout
        0: store at=0x1000004000 length=0x8 value=0x90a
        0: load at=0x1000002000 length=0x8
        0: load at=0x1000020000 length=0x8
        0: load at=0x1000021000 length=0x8
        """;

    private delegate string Damage(DamagedKernel kernel);

    private static readonly Dictionary<string, Damage> All =
        ((Dictionary<string, Damage>[])[OfSlots(), OfFrames(), OfObjects(), OfThePool(), OfLists()])
        .SelectMany(some => some).ToDictionary();

    public static TheoryData<string> Damages => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Damages))]
    public void The_audit_notices(string damage)
    {
        using DamagedKernel kernel = new(Story);
        string sentence = All[damage](kernel);
        Assert.Equal(sentence, kernel.Audit());
    }

    [Fact]
    public void What_is_newer_than_its_slot_may_differ_from_it()
    {
        using DamagedKernel kernel = new(Story);
        kernel.Core.Pages.WordsOf(kernel.FrameOf(BackAgain))[1]++;
        Assert.NotNull(kernel.Audit());
        kernel.RecordOf(BackAgain).Flags |= Contract.Frames.FrameFlags.Dirty;
        Assert.Null(kernel.Audit());
    }

    private static SwapPlace PlaceOf(DamagedKernel kernel, ulong page) => SwapLeaves.PlaceOf(kernel.Read(page));

    private static Dictionary<string, Damage> OfSlots() => new()
    {
        ["a slot with a reference too many"] = kernel =>
        {
            var place = PlaceOf(kernel, Swapped);
            Assert.True(kernel.Core.Swap.Space.Duplicate(place));
            return $"{place} is named 1 times, not 2";
        },
        ["a slot with a reference too few"] = kernel =>
        {
            var place = PlaceOf(kernel, Common);
            Assert.False(kernel.Core.Swap.Space.Release(place));
            return $"{place} is named 2 times, not 1";
        },
        ["a slot that two name and one has for its own"] = kernel =>
        {
            var place = PlaceOf(kernel, Common);
            kernel.Write(Common, AbsentLeaf.Of(place.Area.Value, place.Slot.Value, isExclusive: true));
            return $"{place} is one's own, and named 2 times";
        },
        ["an entry that names what is in no area"] = kernel =>
        {
            kernel.Core.Swap.Space.Release(PlaceOf(kernel, Swapped));
            kernel.Write(Swapped, AbsentLeaf.Of(3, 0, isExclusive: true));
            return $"entries name what is in no area: {PlaceOf(kernel, Swapped)}";
        },
        ["an entry of shared memory that names a slot"] = kernel =>
        {
            kernel.Write(Named + 0x1000, AbsentLeaf.Of(0, 1, isExclusive: false));
            kernel.Space.Swapped++;
            return "0x1000011000 of space 0 is shared, and swapped";
        },
        ["a space that counts too many pages in slots"] = kernel =>
        {
            kernel.Space.Swapped++;
            return "space 0 has 3 pages in slots, not 4";
        },
        ["a space that is gone and has pages in slots"] = kernel =>
        {
            kernel.Core.Spaces[5].Swapped = 1;
            return "space 5 is gone, and swapped";
        },
    };

    private static Dictionary<string, Damage> OfFrames() => new()
    {
        ["a page that differs from its slot"] = kernel =>
        {
            int frame = kernel.FrameOf(BackAgain);
            kernel.Core.Pages.WordsOf(frame)[1]++;
            return $"frame {frame} differs from {kernel.Core.Swap.Cache.PlaceOf(frame)}, and nothing says so";
        },
        ["a page of a file that differs from the device"] = kernel =>
        {
            int frame = kernel.FrameOf(Synced);
            kernel.Core.Pages.WordsOf(frame)[1]++;
            return $"frame {frame} differs from page 1 of file 0, and nothing says so";
        },
        ["a page of a file that the device does not have, and that is not of zeros"] = kernel =>
        {
            int frame = kernel.FrameOf(OfFile);
            kernel.Core.Pages.WordsOf(frame)[511] = 1;
            return $"frame {frame} differs from page 0 of file 0, and nothing says so";
        },
    };

    private static Dictionary<string, Damage> OfObjects() => new()
    {
        ["an object that counts too many pages in slots"] = kernel =>
        {
            kernel.Core.Cache[1].Swapped++;
            return "object 1 has 1 pages in slots, not 2";
        },
        ["a page of a file that is in a slot"] = kernel =>
        {
            var place = PlaceOf(kernel, Swapped);
            kernel.Core.Cache.EnterSlot(0, 3, place);
            return $"page 3 of object 0 is in {place}, and not there alone";
        },
        ["a page that is in a slot that another names, too"] = kernel =>
        {
            Assert.True(kernel.Core.Cache.TryFindSlot(1, 0, out var place));
            Assert.True(kernel.Core.Swap.Space.Duplicate(place));
            return $"page 0 of object 1 is in {place}, and not there alone";
        },
    };

    private static Dictionary<string, Damage> OfThePool() => new()
    {
        ["a slot that is free and in the pool"] = kernel =>
        {
            var place = PlaceOf(kernel, InPool);
            var area = kernel.Core.Swap.Space.AreaOf(place.Area)!;
            FieldOf<int[]>(area, "_references")[place.Slot.Value] = 0;
            kernel.Write(InPool, 0);
            kernel.Space.Swapped--;
            return $"the pool has slot {place.Slot.Value} of device 0, which is free";
        },
        ["a page in the pool that is no compressed page"] = kernel =>
        {
            var pool = FieldOf<object>(FieldOf<object>(kernel.Core.Swap, "_pool"), "_pool");
            foreach (byte[] chunk in FieldOf<List<byte[]>>(pool, "_chunks"))
            {
                chunk.AsSpan().Fill(0xff);
            }

            return $"the pool cannot bring slot {PlaceOf(kernel, InPool).Slot.Value} of device 0 back";
        },
    };

    private static Dictionary<string, Damage> OfLists() => new()
    {
        ["a page that is on no list"] = kernel =>
        {
            int frame = kernel.FrameOf(NeverOut);
            kernel.Core.Lists.Remove(frame);
            return $"frame {frame}, Anonymous, is on a list: False";
        },
        ["a page on a list of files"] = kernel =>
        {
            int frame = kernel.FrameOf(NeverOut);
            kernel.Core.Lists.Remove(frame);
            kernel.Core.Lists.Add(frame, PageList.InactiveFile);
            return $"frame {frame}, Anonymous, is on list InactiveFile";
        },
        ["a page that takes itself to be on another list"] = kernel =>
        {
            int frame = kernel.FrameOf(NeverOut);
            var list = kernel.Core.Lists.ListOf(frame);
            FieldOf<byte[]>(kernel.Core.Lists, "_standing")[frame] ^= (byte)PageList.ActiveAnonymous;
            return $"frame {frame}, Anonymous, is on list {list}";
        },
        ["a list that counts a frame too many"] = kernel =>
        {
            var list = kernel.Core.Lists.ListOf(kernel.FrameOf(NeverOut));
            int count = FieldOf<int[]>(kernel.Core.Lists, "_counts")[(int)list]++;
            return $"list {list} has {count} frames, not {count + 1}";
        },
        ["links that go around"] = kernel =>
        {
            int frame = kernel.FrameOf(NeverOut), count = kernel.Core.Pages.Table.Count;
            var list = kernel.Core.Lists.ListOf(frame);
            FieldOf<int[]>(kernel.Core.Lists, "_next")[frame] = frame;
            return $"list {list} has {count} frames, not {kernel.Core.Lists.CountOf(list)}";
        },
    };
}
