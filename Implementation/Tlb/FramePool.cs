using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Implementation.PageTables;

namespace PageProof.Implementation.Tlb;

/// <summary>
/// The frames of a machine, for pages and for tables alike: what was given back last is taken first, so that
/// whoever still reaches it meets another owner.
/// </summary>
internal sealed class FramePool(ulong first, int count)
{
    private readonly FreeList _free = new(first, count);

    /// <summary>How many are free, and which is next, as a hash.</summary>
    public ulong Hash { get; private set; }

    /// <summary>Takes a frame; false when there is none.</summary>
    public bool TryTake(out ulong frame)
    {
        bool taken = _free.TryTake(out frame);
        Hash = MachineWatch.Mix(Hash ^ frame);
        return taken;
    }

    /// <summary>Gives a frame back.</summary>
    public void Return(ulong frame)
    {
        _free.Return(frame);
        Hash = MachineWatch.Mix(Hash ^ frame);
    }

    /// <summary>The pool as a source of tables, and as the place where all goes back to; returns are told.</summary>
    public readonly struct Told(FramePool pool, SmpCpu cpu) : ITableSource, IFrameSink
    {
        public bool TryTake(out ulong frame)
        {
            bool taken = pool.TryTake(out frame);
            cpu.Watch.HasRead(cpu.Number, frame);
            return taken;
        }

        public void ReturnPage(ulong frame, PageSize size) => Return(frame, TlbEventKind.ReleaseFrame);

        public void ReturnTable(ulong frame) => Return(frame, TlbEventKind.ReleaseTable);

        private void Return(ulong frame, TlbEventKind kind)
        {
            cpu.Tell(new() { Kind = kind, Physical = new(frame) });
            pool.Return(frame);
        }
    }
}
