using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Frames;
using PageProof.Contract.Swap;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.Paging;
using static PageProof.Tests.Kernel.DamagedKernel;

namespace PageProof.Tests.Kernel;

/// <summary>
/// An audit that notices nothing would make every law that asks it worthless: here each thing that it compares is
/// damaged on purpose, one at a time, and it has to say which.
/// </summary>
[InLane("kernel")]
public sealed class KernelAuditTests
{
    private delegate string Damage(DamagedKernel kernel);

    private static readonly Dictionary<string, Damage> All =
        ((Dictionary<string, Damage>[])[OfAreas(), OfEntries(), OfLeaves(), OfObjects(), OfPipesAndPins(), OfFrames()])
        .SelectMany(some => some).ToDictionary();

    public static TheoryData<string> Damages => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Damages))]
    public void The_audit_notices(string damage)
    {
        using DamagedKernel kernel = new();
        string sentence = All[damage](kernel);
        Assert.Equal(sentence, kernel.Audit());
    }

    [Fact]
    public void The_audit_notices_tables_that_are_loaded_and_gone()
    {
        using DamagedKernel kernel = new();
        var cpu = kernel.Core.Cpus[1];
        cpu.Space = new(new(9), new(0));
        Assert.Equal("CPU 1 has tables loaded that are gone", kernel.Audit());
    }

    [Fact]
    public void The_audit_notices_what_a_TLB_has_kept()
    {
        AssertStale(kernel => kernel.Write(Private, kernel.Read(Private) & ~EntryBits.Writable));
        AssertStale(kernel => kernel.Write(Private, kernel.Read(Private) & ~EntryBits.Dirty));
        AssertStale(kernel =>
        {
            // The same page in another frame, without a flush.
            ulong page = Private >> AddressSpace.PageBits, leaf = kernel.Read(Private);
            Assert.True(kernel.Cpu.TryTake(FrameKind.Anonymous, out int frame));
            kernel.Core.Pages.Table.MapFromHold(frame, 0, page);
            kernel.Core.Pages.Table[frame].Flags |= FrameFlags.Exclusive;
            kernel.Cpu.Frames.Unmap(PhysicalPages.FrameOf(leaf), 0, page);
            kernel.Write(Private, leaf & ~EntryBits.Frame | PhysicalPages.AddressOf(frame));
        });
        AssertStale(kernel =>
        {
            // The same table in another frame.
            ulong entry = kernel.Read(Private, level: 2);
            Assert.True(kernel.Cpu.Frames.TryTake(out ulong table));
            kernel.Core.Pages.Copy(PhysicalPages.FrameOf(entry), PhysicalPages.FrameOf(table));
            kernel.Write(Private, entry & ~EntryBits.Frame | table, level: 2);
            kernel.Cpu.Frames.ReturnTable(entry & EntryBits.Frame);
        });
    }

    private static void AssertStale(Action<DamagedKernel> damage)
    {
        using DamagedKernel kernel = new();
        damage(kernel);
        string? wrong = kernel.Audit();
        Assert.StartsWith("CPU 0 has ", wrong);
        Assert.EndsWith(" of space 0, which is stale", wrong);
    }

    private static Dictionary<string, Damage> OfAreas() => new()
    {
        ["an area that is empty"] = kernel => NoPlace(kernel.AreaOf(Hidden).End = Hidden),
        ["an area that reaches into the next"] = kernel =>
        {
            kernel.AreaOf(OfFile).End = Hidden + 0x1000;
            return NoPlace(Hidden);
        },
        ["an area beyond those of users"] = kernel =>
        {
            kernel.AreaOf(Pinned).End = AddressSpace.UserEnd + 0x1000;
            return NoPlace(Pinned);
        },
        ["an area that ends within a page"] = kernel =>
        {
            kernel.AreaOf(Hidden).End++;
            return "space 0: an area ends within a page";
        },
        ["an area that begins within a page"] = kernel =>
        {
            kernel.AreaOf(Hidden).Start++;
            return "space 0: an area ends within a page";
        },
        ["a tree without a root"] = kernel =>
        {
            Set(kernel.Space.Areas, "_root", 0);
            return "space 0: the area at 0x1000000000 is not found";
        },
        ["neighbours that are one"] = kernel =>
        {
            kernel.AreaOf(ReadOnly).Protection |= MemoryProtection.Write;
            return "space 0: the area at 0x1000003000 is two";
        },
        ["a gap that is not kept"] = kernel =>
        {
            kernel.AreaOf(OfFile).End -= 0x1000;
            return "space 0: what its tree keeps is not what its areas say";
        },
        ["a lock that was not given back"] = kernel =>
        {
            kernel.Space.Lock.TryTake(1, LockMode.Write);
            return "space 0 is locked";
        },
        ["a lock of tables that was not given back"] = kernel =>
        {
            kernel.Space.TablesLocked = true;
            return "space 0 is locked";
        },
        ["an area that is read for ever"] = kernel =>
        {
            kernel.Space.Areas.LockOf(kernel.Space.Areas.First).Readers = 2;
            return "space 0 is locked";
        },
    };

    private static string NoPlace(ulong start) => $"space 0: the area at 0x{start:x} has no place of its own";

    private static Dictionary<string, Damage> OfEntries() => new()
    {
        ["an entry that leads to no table"] = kernel =>
        {
            kernel.Write(Common, kernel.Read(Common, level: 2) & ~EntryBits.Present, level: 2);
            return "space 0: at 0x1000000000 is no table";
        },
        ["an entry outside the areas"] = kernel =>
        {
            kernel.Core.Pages.Memory.Write(new(kernel.PlaceOf(ReadOnly) + 8), new(kernel.Read(ReadOnly)));
            return "space 0: 0x1000004000 has an entry, and no area";
        },
        ["a hidden entry of a page that can be read"] = kernel =>
        {
            kernel.AreaOf(Hidden).Protection = MemoryProtection.Read;
            return "0x1000020000 is hidden: True";
        },
        ["a shown entry of a page that cannot be touched"] = kernel =>
        {
            kernel.AreaOf(ReadOnly).Protection = MemoryProtection.None;
            return "0x1000003000 is hidden: False";
        },
        ["an entry that is not for users"] = kernel =>
        {
            kernel.Write(Private, kernel.Read(Private) & ~EntryBits.User);
            return "0x1000000000 is not for users";
        },
        ["an entry that can be executed"] = kernel =>
        {
            kernel.Write(Private, kernel.Read(Private) & ~EntryBits.ExecuteDisable);
            return "0x1000000000 can be executed: True";
        },
        ["an entry that cannot be executed"] = kernel =>
        {
            kernel.AreaOf(OfFile).Protection |= MemoryProtection.Execute;
            return "0x1000010000 can be executed: False";
        },
        ["a frame that does not know of its entry"] = kernel =>
        {
            kernel.Core.Pages.Table.UnmapToHold(kernel.FrameOf(Private), 0, Private >> AddressSpace.PageBits);
            return $"frame {kernel.FrameOf(Private)} does not know of 0x1000000000 of space 0";
        },
        ["a frame that knows it of another space"] = kernel => Misled(kernel, 1, Private),
        ["a frame that knows it of another page"] = kernel => Misled(kernel, 0, Zeros),
    };

    private static string Misled(DamagedKernel kernel, int space, ulong page)
    {
        int frame = kernel.FrameOf(Private);
        kernel.Core.Pages.Table.UnmapToHold(frame, 0, Private >> AddressSpace.PageBits);
        kernel.Core.Pages.Table.MapFromHold(frame, space, page >> AddressSpace.PageBits);
        return $"frame {frame} does not know of 0x1000000000 of space 0";
    }

    private static Dictionary<string, Damage> OfLeaves() => new()
    {
        ["a page in common that can be written"] = kernel => Writable(kernel, Common),
        ["a page of zeros that can be written"] = kernel => Writable(kernel, Zeros),
        ["a page of an area that cannot be written"] = kernel =>
        {
            kernel.AreaOf(OfFile).Protection = MemoryProtection.Read;
            return "0x1000010000 of space 0 can be written";
        },
        ["a page of one's own in common"] = kernel =>
        {
            kernel.RecordOf(Common).Flags |= FrameFlags.Exclusive;
            return $"frame {kernel.FrameOf(Common)} is one's own, and mapped 2 times";
        },
        ["another page of the file"] = kernel =>
        {
            int frame = kernel.FrameOf(OfFile + 0x1000);
            kernel.Core.Pages.Table.Map(frame, 0, OfFile >> AddressSpace.PageBits);
            kernel.Write(OfFile, kernel.Read(OfFile + 0x1000));
            return LeadsTo(OfFile, frame, FrameKind.File);
        },
        ["a private page in a shared area"] = kernel =>
        {
            kernel.AreaOf(Private).Flags |= AreaFlags.Shared;
            return LeadsTo(Private, kernel.FrameOf(Private), FrameKind.Anonymous);
        },
        ["a private page in an area that nobody touched"] = kernel =>
        {
            kernel.AreaOf(Private).Flags &= ~AreaFlags.Touched;
            return LeadsTo(Private, kernel.FrameOf(Private), FrameKind.Anonymous);
        },
        ["the page of zeros in a file"] = kernel =>
        {
            kernel.Write(OfFile, kernel.Read(Zeros));
            return LeadsTo(OfFile, PhysicalPages.ZeroFrame, FrameKind.Zero);
        },
        ["a page of the kernel"] = kernel =>
        {
            kernel.Write(Private, kernel.Read(Private) & ~EntryBits.Writable);
            return LeadsTo(Private, kernel.Become(kernel.FrameOf(Private), FrameKind.Kernel), FrameKind.Kernel);
        },
    };

    private static string Writable(DamagedKernel kernel, ulong page)
    {
        kernel.Write(page, kernel.Read(page) | EntryBits.Writable);
        return $"0x{page:x} of space 0 can be written";
    }

    private static string LeadsTo(ulong page, int frame, FrameKind kind) =>
        $"0x{page:x} of space 0 leads to frame {frame}, {kind}";

    private static Dictionary<string, Damage> OfObjects() => new()
    {
        ["a reference to a file too many"] = kernel =>
        {
            int before = kernel.Core.Cache[0].References++;
            return $"object 0 has {before + 1} references, not {before}";
        },
        ["a reference to shared memory too few"] = kernel =>
        {
            Assert.Equal(2, kernel.Core.Cache[2].References--);
            return "object 2 has 1 references, not 2";
        },
        ["a page that thinks itself another"] = kernel =>
        {
            kernel.RecordOf(OfFile).Index = 3;
            return $"frame {kernel.FrameOf(OfFile)} is not page 3 of object 0";
        },
        ["a page that thinks itself another file's"] = kernel =>
        {
            kernel.RecordOf(OfFile).Owner = 1;
            return $"frame {kernel.FrameOf(OfFile)} is not page 0 of object 0";
        },
        ["a page that does not know that it is cached"] = kernel =>
        {
            kernel.RecordOf(OfFile).Flags &= ~FrameFlags.Cached;
            return $"frame {kernel.FrameOf(OfFile)} is not page 0 of object 0";
        },
        ["a page beyond the end of its file"] = kernel =>
        {
            kernel.Core.Cache[0].Length = 0x1000;
            return $"frame {kernel.FrameOf(OfFile + 0x1000)} is not page 1 of object 0";
        },
        ["pages that are in no list"] = kernel =>
        {
            int cached = kernel.Core.Cache.Cached;
            kernel.Core.Cache[0].First = ObjectsEnd;
            return $"{cached} pages are in the cache, not {cached - 2}";
        },
    };

    private const int ObjectsEnd = Implementation.PageCache.ObjectCache.None;

    private static Dictionary<string, Damage> OfPipesAndPins() => new()
    {
        ["bytes of a pipe before their page"] = kernel => Bytes(kernel, -1, 8),
        ["no bytes of a pipe"] = kernel => Bytes(kernel, 0, 0),
        ["bytes of a pipe behind their page"] = kernel => Bytes(kernel, 8, 4089),
        ["a page of a pipe that another has"] = kernel =>
        {
            int frame = kernel.Core.Pipes[0][0].Frame;
            kernel.Core.Pages.Table[frame].References++;
            return $"a pipe has frame {frame}, Kernel, and takes more: True";
        },
        ["a pipe that would write to a file"] = kernel =>
        {
            kernel.Core.Pipes[1][0].TakesMore = true;
            return $"a pipe has frame {kernel.Core.Pipes[1][0].Frame}, File, and takes more: True";
        },
        ["a pipe that has a table"] = kernel =>
        {
            int frame = kernel.Core.Pipes[1][0].Frame = kernel.FrameOf(Private, level: 2);
            return $"a pipe has frame {frame}, Table, and takes more: False";
        },
        ["a page of a pipe that is in none"] = kernel =>
        {
            int frame = kernel.Core.Pipes[0][0].Frame;
            kernel.Core.Pipes[0].RemoveFirst();
            return $"frame {frame} is in no pipe";
        },
        ["zeros that a device may write"] = kernel =>
        {
            kernel.Core.Pins[1].Describe(0, 8, writes: true);
            return "frame 1, Zero, is pinned, and one's own: False";
        },
        ["a pinned page that a store would replace"] = kernel =>
        {
            kernel.Write(Pinned, kernel.Read(Pinned) & ~EntryBits.Writable);
            kernel.RecordOf(Pinned).Flags &= ~FrameFlags.Exclusive;
            return $"frame {kernel.FrameOf(Pinned)}, Anonymous, is pinned, and one's own: False";
        },
        ["a pinned table"] = kernel =>
        {
            kernel.Core.Pins[2].Add(kernel.FrameOf(Private, level: 2));
            return $"frame {kernel.FrameOf(Private, level: 2)}, Table, is pinned, and one's own: False";
        },
    };

    private static string Bytes(DamagedKernel kernel, int start, int length)
    {
        ref var buffer = ref kernel.Core.Pipes[1][0];
        (buffer.Start, buffer.Length) = (start, length);
        return $"a pipe has {length} bytes from {start} on";
    }

    private static Dictionary<string, Damage> OfFrames() => new()
    {
        ["a mapping too many"] = kernel =>
        {
            kernel.RecordOf(OfFile).Mappings++;
            return $"frame {kernel.FrameOf(OfFile)}, File, is mapped 1 times, not 2";
        },
        ["a hold too many"] = kernel =>
        {
            kernel.RecordOf(Private).References++;
            return $"frame {kernel.FrameOf(Private)} is held 1 times of 2";
        },
        ["a page that is on its way"] = kernel =>
        {
            kernel.Core.Migrations.Begin(1, kernel.FrameOf(OfFile));
            return "a page is still on its way";
        },
        ["an entry of a page on its way"] = kernel =>
        {
            kernel.Write(OfFile, MigrationLeaf.Of(kernel.FrameOf(OfFile), MigrationKind.Write));
            return $"0x{OfFile:x} of space 0 is still on its way";
        },
        ["what was stored to a file, and nothing says so"] = kernel =>
        {
            int frame = kernel.FrameOf(OfFile + 0x1000);
            kernel.Core.Pages.WordsOf(frame)[7] = 1;
            return $"frame {frame} differs from page 1 of file 0, and nothing says so";
        },
        ["a pin too many"] = kernel =>
        {
            kernel.RecordOf(Private).Pins++;
            kernel.RecordOf(Private).References++;
            return $"frame {kernel.FrameOf(Private)} is pinned 0 times, not 1";
        },
        ["a table that is no frame of tables"] = kernel =>
            $"frame {kernel.Become(kernel.FrameOf(Private, level: 2), FrameKind.Kernel)}, Kernel, is a table 1 times",
        ["a frame of tables that is none"] = kernel =>
            $"frame {kernel.Become(0, FrameKind.Table)}, Table, is a table 0 times",
        ["a frame that is nobody's"] = kernel => $"frame {kernel.Become(0, FrameKind.Tail)} is nobody's",
        ["a frame that is free and on no list"] = kernel => Lost(kernel, FrameKind.Free),
        ["a frame that a CPU has and does not keep"] = kernel => Lost(kernel, FrameKind.InCpuCache),
        ["zeros that were written"] = kernel =>
        {
            kernel.Core.Pages.WordsOf(PhysicalPages.ZeroFrame)[7] = 1;
            return "the frame of zeros was written";
        },
        ["a flush that was not done"] = kernel =>
        {
            kernel.Cpu.Gather.AddChanged(Private, 1);
            return "CPU 0 holds frames back";
        },
        ["frames that were not given back"] = kernel =>
        {
            kernel.Cpu.Gather.AddUnmapped(Private, kernel.Read(Private), 1);
            kernel.Cpu.Self.Quarantine.TakeOver(kernel.Cpu.Gather, 9);
            return "CPU 0 holds frames back";
        },
    };

    private static string Lost(DamagedKernel kernel, FrameKind kind)
    {
        kernel.Become(0, kind);
        int free = kernel.Core.Pages.Frames.FreeFrames;
        return $"{free} frames are free, not {free + 1}";
    }
}
