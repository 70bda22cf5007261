using System.Reflection;
using PageProof.Contract.Frames;
using PageProof.Contract.Kernel;
using PageProof.Implementation.AddressSpaces;
using PageProof.Implementation.Frames;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.Paging;

namespace PageProof.Tests.Kernel;

/// <summary>
/// A kernel after a sequence that leaves some of everything: two processes, areas of each kind, pages of one's own,
/// in common, of files and of zeros, a hidden one, pipes and pins. Then something of what it keeps can be damaged.
/// </summary>
internal sealed class DamagedKernel : IDisposable
{
    public const ulong Private = 0x10_0000_0000;
    public const ulong Common = Private + 0x1000;
    public const ulong Zeros = Private + 0x2000;
    public const ulong ReadOnly = Private + 0x3000;
    public const ulong OfFile = Private + 0x1_0000;
    public const ulong Hidden = Private + 0x2_0000;
    public const ulong Pinned = Private + 0x4_0000;

    private const string Story = """
        processes 2
        cpus 2
        file 0x4000 rw
        file 0x4000 rw
        0: mmap at=0x1000000000 length=0x3000 protection=read,write flags=private,fixed,anonymous
        0: mmap at=0x1000003000 length=0x1000 protection=read flags=private,fixed,anonymous
        0: mmap at=0x1000010000 length=0x2000 protection=read,write flags=shared,fixed
        0: mmap at=0x1000030000 length=0x1000 protection=read,write flags=shared,fixed,anonymous
        0: store at=0x1000001000 length=0x8 value=0x7
        0: store at=0x1000030000 length=0x8 value=0x7
        0: fork child=1
        0: store at=0x1000000000 length=0x8 value=0x7
        0: load at=0x1000002000 length=0x8
        0: load at=0x1000003000 length=0x8
        0: store at=0x1000010000 length=0x8 value=0x7
        0: load at=0x1000011000 length=0x8
        0: mmap at=0x1000020000 length=0x1000 protection=read,write flags=private,fixed,anonymous
        0: store at=0x1000020000 length=0x8 value=0x7
        0: mprotect at=0x1000020000 length=0x1000
        0: mmap at=0x1000040000 length=0x1000 protection=read,write flags=private,fixed,anonymous
        0: store at=0x1000040000 length=0x8 value=0x7
        0: pin at=0x1000040000 length=0x8 for=write
        0: pin at=0x1000003000 length=0x8 pin=1
        0: pwrite length=0x8 value=0x7
        0: pipewrite length=0x8 value=0x7
        0: splice length=0x8 pipe=1
        0: load at=0x1000000000 length=0x8
        """;

    private readonly KernelMachine _machine = new(new() { FrontSlots = 8, Second = new(2, 2) }, 300);

    /// <summary>After a sequence in which all is done; without one, after that of everything.</summary>
    public DamagedKernel(string story = Story)
    {
        Assert.True(KernelText.TryParse(story, out var sequence, out string? reason), reason);
        var answers = new KernelAnswer[sequence.Commands.Length];
        _machine.Run(sequence.Start, sequence.Commands.AsSpan(), answers);
        Assert.All(answers, answer => Assert.Equal(KernelAnswerKind.Done, answer.Kind));
        Assert.Null(Audit());
    }

    public KernelCore Core => _machine.Core;

    public AddressSpace Space => Core.Spaces[0];

    public KernelCpu<ServedAtOnce> Cpu => Core.Sequential(0);

    public string? Audit() => _machine.Audit();

    public IReadOnlyList<TableLine> TablesOf(byte process) => _machine.TablesOf(new(process));

    public void Dispose() => _machine.Dispose();

    public ref Area AreaOf(ulong address) => ref Space.Areas[Space.AreaAt(address)];

    /// <summary>Where the entry of a level lies for an address.</summary>
    public ulong PlaceOf(ulong address, int level = 1)
    {
        ulong table = Space.Top.Value;
        for (int above = 4; above > level; above--)
        {
            table = Core.Pages.Memory.Read(new(PlaceIn(table, address, above))).Value & EntryBits.Frame;
        }

        return PlaceIn(table, address, level);
    }

    public ulong Read(ulong address, int level = 1) =>
        Core.Pages.Memory.Read(new(PlaceOf(address, level))).Value;

    public void Write(ulong address, ulong entry, int level = 1) =>
        Core.Pages.Memory.Write(new(PlaceOf(address, level)), new(entry));

    public int FrameOf(ulong address, int level = 1) => PhysicalPages.FrameOf(Read(address, level));

    public ref FrameRecord RecordOf(ulong address) => ref Core.Pages.Table[FrameOf(address)];

    /// <summary>A frame is of another kind from now on; returns the frame.</summary>
    public int Become(int frame, FrameKind kind)
    {
        Core.Pages.Table[frame].Become(kind, 0);
        return frame;
    }

    /// <summary>Sets what nobody but the object itself can set.</summary>
    public static void Set(object of, string field, object value) =>
        of.GetType().GetField(field, BindingFlags.Instance | BindingFlags.NonPublic)!.SetValue(of, value);

    /// <summary>What nobody but the object itself can see.</summary>
    public static T FieldOf<T>(object of, string field) =>
        (T)of.GetType().GetField(field, BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(of)!;

    private static ulong PlaceIn(ulong table, ulong address, int level) =>
        table + 8 * (address >> 12 + 9 * (level - 1) & 511);
}
