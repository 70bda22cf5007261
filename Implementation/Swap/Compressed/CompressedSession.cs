using PageProof.Contract.Swap.Compressed;

namespace PageProof.Implementation.Swap.Compressed;

/// <summary>What the door leads to while one sequence is asked: either of the stores, and its disk.</summary>
/// <param name="disk">The disk.</param>
internal abstract class CompressedSession(SimulatedDisk disk)
{
    protected static CompressedAnswer Done { get; } = new() { Outcome = CompressedOutcome.Done };

    public List<PageWrittenBack> Log { get; } = [];

    public virtual ZswapStatistics Zswap => default;

    public virtual ZramStatistics Zram => default;

    public abstract CompressedAnswer Do(in CompressedCommand command, Span<byte> page);

    protected CompressedAnswer Fail(in CompressedCommand command)
    {
        switch (command.Kind)
        {
            case CompressedCommandKind.FailRead:
                disk.ReadFailsIn = command.Value;
                break;
            case CompressedCommandKind.FailWrite:
                disk.WriteFailsIn = command.Value;
                break;
            default:
                disk.IsReadOnly = command.Value != 0;
                break;
        }

        return Done;
    }

    protected static DiskStorage WholeOf(SimulatedDisk disk) => new(disk, new SwapExtent(0, 0, disk.Blocks));
}

/// <summary>Zswap in front of a disk.</summary>
internal sealed class ZswapSession<TCompressor> : CompressedSession
    where TCompressor : struct, IPageCompressor
{
    private readonly Zswap<TCompressor> _cache;
    private readonly Zswap<TCompressor>.Front _front;

    public ZswapSession(CompressedStart start, TCompressor compressor)
        : this(start, compressor, new(start.Slots))
    {
    }

    private ZswapSession(CompressedStart start, TCompressor compressor, SimulatedDisk disk)
        : base(disk)
    {
        _cache = new(compressor, start.MemoryPages)
        {
            MaxPoolPercent = start.MaxPoolPercent,
            AcceptPercent = start.AcceptPercent,
            ExclusiveLoads = start.ExclusiveLoads,
            Log = Log,
        };
        _front = _cache.Attach(WholeOf(disk), isBlank: true);
    }

    public override ZswapStatistics Zswap => _cache.Statistics;

    public override CompressedAnswer Do(in CompressedCommand command, Span<byte> page)
    {
        int slot = (int)command.Slot.Value;
        switch (command.Kind)
        {
            case CompressedCommandKind.Store:
                return _front.Store(slot, page);
            case CompressedCommandKind.Load:
                return _front.Load(slot, page);
            case CompressedCommandKind.Release:
                _front.Forget(slot);
                return Done;
            case CompressedCommandKind.Limit:
                _cache.MaxPoolPercent = command.Value;
                return Done;
            case CompressedCommandKind.Threshold:
                _cache.AcceptPercent = command.Value;
                return Done;
            case CompressedCommandKind.Shrink:
                return _cache.Shrink(command.Value) ? Done : new() { Outcome = CompressedOutcome.IoError };
            case CompressedCommandKind.Compact:
                _cache.Compact();
                return Done;
            default:
                return Fail(command);
        }
    }
}

/// <summary>Zram, with a disk as its backing device.</summary>
internal sealed class ZramSession<TCompressor> : CompressedSession
    where TCompressor : struct, IPageCompressor
{
    private readonly Zram<TCompressor> _disk;

    public ZramSession(CompressedStart start, TCompressor compressor)
        : this(start, compressor, new(start.BackingPages + 1))
    {
    }

    private ZramSession(CompressedStart start, TCompressor compressor, SimulatedDisk backing)
        : base(backing) => _disk = new(compressor, start.Slots, start.BackingPages == 0 ? null : WholeOf(backing))
        {
            LimitPages = start.LimitPages,
            Log = Log,
        };

    public override ZramStatistics Zram => _disk.Statistics;

    public override CompressedAnswer Do(in CompressedCommand command, Span<byte> page)
    {
        int slot = (int)command.Slot.Value;
        switch (command.Kind)
        {
            case CompressedCommandKind.Store:
                return _disk.Store(slot, page);
            case CompressedCommandKind.Load:
                return _disk.Load(slot, page);
            case CompressedCommandKind.Release:
                _disk.Forget(slot);
                return Done;
            case CompressedCommandKind.Limit:
                _disk.LimitPages = command.Value;
                return Done;
            case CompressedCommandKind.WriteBack:
                return new() { Outcome = _disk.WriteBack(command.Which) };
            case CompressedCommandKind.Idle:
                _disk.MarkIdle();
                return Done;
            case CompressedCommandKind.Compact:
                _disk.Compact();
                return Done;
            default:
                return Fail(command);
        }
    }
}
