using System.Diagnostics;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Implementation.Kernel;

namespace PageProof.Benchmarks.Kernel;

/// <summary>
/// Sequences of commands on the memory manager, through its door. What one kind of command takes is what a sequence
/// with many of them takes longer than the same one without, in the same pass: the median of all passes. (The least of
/// the one less the least of the other could be below zero where the two are nearly equal.)
/// </summary>
internal sealed class KernelWork : IDisposable
{
    private const MemoryProtection ReadWrite = MemoryProtection.Read | MemoryProtection.Write;

    private readonly KernelMachine _machine;
    private readonly int _pages;
    private readonly int _calls;
    private readonly Timed _before;
    private readonly Timed _mapped;
    private readonly Timed _stored;
    private readonly Timed _forked;
    private readonly Timed _copied;
    private readonly Timed _empty;
    private readonly Timed _remapped;
    private readonly Timed _split;

    public KernelWork(int pages, int calls)
    {
        (_pages, _calls) = (pages, calls);
        _machine = new(new(), 4 * pages);
        KernelCommand map = Map(pages), fork = new() { Kind = KernelCommandKind.Fork, Other = new(1) };
        KernelCommand unmap = new()
        {
            Kind = KernelCommandKind.Munmap,
            Address = _machine.Capabilities.Arena,
            Length = new(4096),
        };
        var stores = Enumerable.Range(0, pages).Select(StoreTo).ToArray();
        _before = new([map, .. stores, fork, .. stores]);
        _mapped = new([map]);
        _stored = new([map, .. stores]);
        _forked = new([map, .. stores, fork]);
        _copied = new([map, .. stores, fork, .. stores]);
        _empty = new([]);
        _remapped = new([.. Enumerable.Range(0, calls).SelectMany(_ => (KernelCommand[])[Map(1), unmap])]);
        _split = new([
            Map(3),
            StoreTo(1),
            .. Enumerable.Range(0, calls).SelectMany(
                _ => (KernelCommand[])[Protect(MemoryProtection.Read), Protect(ReadWrite)])]);
    }

    /// <summary>The first store to a page.</summary>
    public double WriteFault => _stored.LongerThan(_mapped) / _pages;

    /// <summary>The first store after a fork to a page that is in common with the child.</summary>
    public double CopyFault => _copied.LongerThan(_forked) / _pages;

    /// <summary>A fork, for each page that is mapped.</summary>
    public double ForkPage => _forked.LongerThan(_stored) / _pages;

    /// <summary>mmap and munmap of one page.</summary>
    public double MapUnmap => _remapped.LongerThan(_empty) / _calls;

    /// <summary>One mprotect that makes three areas of one, or one of three.</summary>
    public double ProtectSplit => _split.LongerThan(_mapped) / _calls / 2;

    /// <summary>How many bytes all the faults have allocated.</summary>
    public long Allocated => _copied.Allocated - _forked.Allocated + _stored.Allocated - _mapped.Allocated;

    /// <summary>
    /// Runs each sequence once, and before it always the same one, so that each finds the same frames in the caches of
    /// the processor.
    /// </summary>
    public void Pass()
    {
        foreach (var timed in (ReadOnlySpan<Timed>)[
            _mapped, _stored, _forked, _copied, _empty, _remapped, _split])
        {
            _before.Run(_machine);
            timed.Run(_machine);
        }
    }

    public void Dispose() => _machine.Dispose();

    private KernelCommand Map(int pages) => new()
    {
        Kind = KernelCommandKind.Mmap,
        Address = _machine.Capabilities.Arena,
        Length = new((ulong)pages * 4096),
        Protection = ReadWrite,
        Flags = MmapFlags.Private | MmapFlags.Anonymous | MmapFlags.Fixed,
    };

    private KernelCommand StoreTo(int page) => new()
    {
        Kind = KernelCommandKind.Store,
        Address = new(_machine.Capabilities.Arena.Value + (ulong)page * 4096),
        Length = new(8),
        Value = 1,
    };

    private KernelCommand Protect(MemoryProtection protection) => new()
    {
        Kind = KernelCommandKind.Mprotect,
        Address = new(_machine.Capabilities.Arena.Value + 4096),
        Length = new(4096),
        Protection = protection,
    };

    private sealed class Timed(KernelCommand[] commands)
    {
        private readonly KernelAnswer[] _answers = new KernelAnswer[commands.Length];

        private readonly List<double> _taken = [];

        public long Allocated { get; private set; } = long.MaxValue;

        /// <summary>Nanoseconds that this takes longer, in the median of the passes.</summary>
        public double LongerThan(Timed other)
        {
            double[] differences =
                [.. _taken.Zip(other._taken, (mine, others) => mine - others).Order()];
            return differences[differences.Length / 2];
        }

        public void Run(KernelMachine machine)
        {
            long before = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
            machine.Run(new(2, 1, []), commands, _answers);
            double taken = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
            Allocated = Math.Min(Allocated, GC.GetAllocatedBytesForCurrentThread() - before);
            _taken.Add(taken);
            foreach (ref readonly var answer in _answers.AsSpan())
            {
                if (answer.Kind != KernelAnswerKind.Done)
                {
                    throw new InvalidOperationException($"A command of a benchmark was answered {answer}.");
                }
            }
        }
    }
}
