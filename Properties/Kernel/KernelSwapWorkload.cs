using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.PageCache;

namespace PageProof.Properties.Kernel;

/// <summary>
/// A fixed sequence that makes some hundreds of transfers of swap devices: with few frames, over more pages than there
/// are, in every order of accesses, by a process and its children, with files beside, a device that is emptied, pages
/// that are asked to go, and zswap in the last rounds.
/// </summary>
internal static class KernelSwapWorkload
{
    private const ulong Page = 4096;
    private const int Frames = 40;
    private const int Pages = 48;
    private const int Rounds = 10;
    private const int RoundsPlain = 8;
    private const int PoolPages = 2;
    private const MemoryProtection ReadWrite = MemoryProtection.Read | MemoryProtection.Write;
    private const MmapFlags OwnMemory = MmapFlags.Private | MmapFlags.Anonymous | MmapFlags.Fixed;

    /// <summary>The sequence, at addresses of a kernel; the transfer of a number is to fail in it, or none.</summary>
    public static KernelSequence Of(KernelCapabilities kernel, long failing)
    {
        ulong arena = kernel.Arena.Value;
        List<KernelCommand> commands =
        [
            new() { Kind = KernelCommandKind.SwapFault, Value = (ulong)failing },
            new() { Kind = KernelCommandKind.SwapOn, Swap = new(1), Value = 3 },
            new() { Kind = KernelCommandKind.SwapOn, Swap = new(2), Value = 3 },
            Map(arena, Pages, OwnMemory),
            Map(arena + Pages * Page, 8, MmapFlags.Shared | MmapFlags.Fixed),
        ];
        for (int page = 0; page < Pages; page++)
        {
            commands.Add(Store(0, At(arena, page), page + 1));
        }

        for (int round = 0; round < Rounds; round++)
        {
            if (round >= RoundsPlain && kernel.Compressors.Count > 0)
            {
                commands.Add(new()
                {
                    Kind = KernelCommandKind.Zswap,
                    Compressor = kernel.Compressors[round % kernel.Compressors.Count],
                    Value = PoolPages,
                });
            }

            AddRound(commands, arena, round);
        }

        commands.Add(new() { Kind = KernelCommandKind.SwapOff, Swap = new(1) });
        commands.Add(Checksum(0, arena, Pages + 8));
        KernelFile file = new(new(8 * Page), FileRights.Read | FileRights.Write);
        return new(new(2, 2, [file]) { Frames = Frames }, [.. commands]);
    }

    // Forwards, backwards and by strides; then a child that writes to every third page, and both read all.
    private static void AddRound(List<KernelCommand> commands, ulong arena, int round)
    {
        for (int step = 0; step < Pages; step++)
        {
            int page = round % 3 == 0 ? step : round % 3 == 1 ? Pages - 1 - step : step * 7 % Pages;
            commands.Add(step % 4 == round % 4
                ? Store(0, At(arena, page) + 8, round * Pages + step)
                : Load(0, At(arena, page)));
        }

        commands.Add(Store(0, At(arena, Pages + round), round + 1));
        commands.Add(new() { Kind = KernelCommandKind.Fork, Other = new(1) });
        for (int page = round % 3; page < Pages; page += 3)
        {
            commands.Add(Store(1, At(arena, page) + 16, page));
        }

        commands.Add(Checksum(1, arena, Pages));
        commands.Add(Checksum(0, arena, Pages));
        commands.Add(new()
        {
            Kind = KernelCommandKind.Madvise,
            Process = new(1),
            Address = new(arena),
            Length = new(Pages * Page),
            Advice = MemoryAdvice.PageOut,
        });
        commands.Add(Load(1, At(arena, round) + 16));
        commands.Add(new() { Kind = KernelCommandKind.Exit, Process = new(1) });
        commands.Add(new() { Kind = KernelCommandKind.Reclaim });
    }

    private static ulong At(ulong arena, int page) => arena + (ulong)page * Page;

    private static KernelCommand Map(ulong address, int pages, MmapFlags flags) => new()
    {
        Kind = KernelCommandKind.Mmap,
        Address = new(address),
        Length = new((ulong)pages * Page),
        Protection = ReadWrite,
        Flags = flags,
    };

    private static KernelCommand Store(int process, ulong address, int value) => new()
    {
        Kind = KernelCommandKind.Store,
        Process = new((byte)process),
        Cpu = new((byte)process),
        Address = new(address),
        Length = new(8),
        Value = (ulong)value + 1,
    };

    private static KernelCommand Load(int process, ulong address) => new()
    {
        Kind = KernelCommandKind.Load,
        Process = new((byte)process),
        Cpu = new((byte)process),
        Address = new(address),
        Length = new(8),
    };

    private static KernelCommand Checksum(int process, ulong address, int pages) => new()
    {
        Kind = KernelCommandKind.Checksum,
        Process = new((byte)process),
        Cpu = new((byte)process),
        Address = new(address),
        Length = new((ulong)pages * Page),
    };
}
