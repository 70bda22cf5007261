using PageProof.Contract;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Kernel;

/// <summary>
/// Makes commands about a stack and what is mapped below it. The stack can grow when that goes, or is another stack, or
/// can be touched by nobody; so CPUs access what lies between, while others unmap, protect, move, drop or copy.
/// </summary>
internal sealed class KernelStackSchedules(KernelCapabilities capabilities)
{
    private const int StackPage = 4;
    private const int LowestMost = 2;
    private const int EditKinds = 7;
    private const MmapFlags Own = MmapFlags.Private | MmapFlags.Anonymous | MmapFlags.Fixed;
    private const MemoryProtection ReadWrite = MemoryProtection.Read | MemoryProtection.Write;
    private static readonly MemoryProtection[] Below = [MemoryProtection.None, ReadWrite, ReadWrite];

    // Of one case: what lies below the stack.
    private int _lowest;
    private int _pages;

    /// <summary>The commands of a case, and how many come first.</summary>
    public (KernelCommand[] Commands, int First) Make(ref CaseRandom random, int cpus)
    {
        _lowest = random.Below(LowestMost);
        _pages = 1 + random.Below(StackPage - _lowest);
        var stack = Map(StackPage, 1 + random.Below(2), ReadWrite, Own | MmapFlags.GrowsDown);
        var lower = Map(_lowest, _pages, random.Of(Below), random.OneIn(3) ? Own | MmapFlags.GrowsDown : Own);
        List<KernelCommand> commands = random.OneIn(2) ? [stack, lower] : [lower, stack];
        for (int stores = random.Below(3); stores > 0; stores--)
        {
            commands.Add(Access(ref random) with { Cpu = new((byte)random.Below(cpus)) });
        }

        int first = commands.Count;
        for (int cpu = 0; cpu < cpus; cpu++)
        {
            for (int count = 1 + random.Below(cpus == 3 ? 2 : 3); count > 0; count--)
            {
                var command = random.Below(5) < 3 ? Access(ref random) : Edit(ref random, cpu);
                commands.Add(command with { Cpu = new((byte)cpu) });
            }
        }

        return ([.. commands], first);
    }

    // Mostly just below the stack.
    private KernelCommand Access(ref CaseRandom random)
    {
        bool stores = random.Below(3) < 2;
        int page = random.OneIn(2) ? StackPage - 1 : random.OneIn(2) ? _lowest : random.Below(StackPage + 1);
        return new()
        {
            Kind = stores ? KernelCommandKind.Store : KernelCommandKind.Load,
            Address = At(page),
            Length = new(8),
            Value = stores ? 1 + (ulong)random.Below(1 << 16) : 0,
        };
    }

    private KernelCommand Edit(ref CaseRandom random, int cpu) => random.Below(EditKinds) switch
    {
        0 or 1 => Lower(KernelCommandKind.Munmap),
        2 => Lower(KernelCommandKind.Mprotect) with { Protection = random.Of(Below) },
        3 => Lower(KernelCommandKind.Madvise) with { Advice = MemoryAdvice.DontNeed },
        4 => Lower(KernelCommandKind.Mremap) with
        {
            NewLength = LengthOf(_pages),
            Target = At(_lowest + StackPage + LowestMost),
            Remap = MremapFlags.MayMove | MremapFlags.Fixed,
        },
        5 => Map(_lowest, 1 + random.Below(_pages), random.Of(Below), Own),
        _ => new() { Kind = KernelCommandKind.Fork, Other = new((byte)(2 + cpu)) },
    };

    private KernelCommand Lower(KernelCommandKind kind) =>
        new() { Kind = kind, Address = At(_lowest), Length = LengthOf(_pages) };

    private KernelCommand Map(int page, int pages, MemoryProtection protection, MmapFlags flags) => new()
    {
        Kind = KernelCommandKind.Mmap,
        Address = At(page),
        Length = LengthOf(pages),
        Protection = protection,
        Flags = flags,
    };

    private LinearAddress At(int page) => new(capabilities.Arena.Value + (ulong)page * 4096);

    private static ByteCount LengthOf(int pages) => new((ulong)pages * 4096);
}
