using PageProof.Contract;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.PageCache;

namespace PageProof.Properties.Kernel;

/// <summary>Makes the commands of a scene: who plays, and where.</summary>
/// <param name="By">What all have in common.</param>
/// <param name="First">The address of page 0.</param>
/// <param name="Child">The process that a fork makes.</param>
/// <param name="File">The file.</param>
internal readonly record struct KernelStage(KernelCommand By, ulong First, ProcessNumber Child, FileNumber File)
{
    private const ulong Page = 0x1000;
    private const ulong Stored = 0x5A;

    public PipeNumber Small => new(1);

    public KernelCommand Range(KernelCommandKind kind, int page, int pages) => By with
    {
        Kind = kind,
        Address = At(page),
        Length = new((ulong)pages * Page),
    };

    public KernelCommand Map(int page, int pages, MemoryProtection protection, MmapFlags flags) =>
        Range(KernelCommandKind.Mmap, page, pages) with
        {
            Protection = protection,
            Flags = flags,
            File = flags.HasFlag(MmapFlags.Anonymous) ? default : File,
        };

    public KernelCommand Protect(int page, int pages, MemoryProtection protection) =>
        Range(KernelCommandKind.Mprotect, page, pages) with { Protection = protection };

    public KernelCommand Move(int page, int pages, int asked, int target, MremapFlags flags) =>
        Range(KernelCommandKind.Mremap, page, pages) with
        {
            NewLength = new((ulong)asked * Page),
            Remap = flags,
            Target = flags.HasFlag(MremapFlags.Fixed) ? At(target) : default,
        };

    public KernelCommand Load(int page) => By with
    {
        Kind = KernelCommandKind.Load,
        Address = At(page),
        Length = new(8),
    };

    public KernelCommand Store(int page) => Load(page) with { Kind = KernelCommandKind.Store, Value = Stored };

    public KernelCommand Force(ulong offset) => By with
    {
        Kind = KernelCommandKind.ForceWrite,
        Address = new(First + offset),
        Length = new(8),
        Value = Stored,
    };

    public KernelCommand Fork() => By with { Kind = KernelCommandKind.Fork, Other = Child };

    public KernelCommand Advise(MemoryAdvice advice, ProcessNumber other) =>
        Range(KernelCommandKind.MadviseOther, 0, 1) with { Advice = advice, Other = other };

    public KernelCommand OfFile(KernelCommandKind kind, ulong offset, ulong length) => By with
    {
        Kind = kind,
        File = File,
        Offset = offset,
        Length = new(length),
        Value = kind == KernelCommandKind.FileWrite ? Stored : 0,
    };

    public KernelCommand Splice(int page, ulong length) => By with
    {
        Kind = KernelCommandKind.VmSplice,
        Address = At(page),
        Length = new(length),
    };

    public KernelCommand Write(ulong length) => By with
    {
        Kind = KernelCommandKind.PipeWrite,
        Pipe = Small,
        Length = new(length),
        Value = Stored,
    };

    public KernelCommand Read(ulong length) => By with
    {
        Kind = KernelCommandKind.PipeRead,
        Length = new(length),
    };

    public KernelCommand Pin() => By with
    {
        Kind = KernelCommandKind.Pin,
        Address = At(0),
        Length = new(8),
        Pinning = PinFlags.Write | PinFlags.LongTerm,
    };

    public KernelCommand Device(KernelCommandKind kind) => By with
    {
        Kind = kind,
        Length = new(kind == KernelCommandKind.Unpin ? 0UL : 8),
        Value = kind == KernelCommandKind.PinStore ? Stored : 0,
    };

    private LinearAddress At(int page) => new(First + (ulong)((long)page * (long)Page));
}
