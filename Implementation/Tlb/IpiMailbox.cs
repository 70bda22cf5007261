using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;

namespace PageProof.Implementation.Tlb;

/// <summary>What an interrupt asks for.</summary>
/// <param name="Space">Whose translations are to be flushed.</param>
/// <param name="First">The first address.</param>
/// <param name="Last">The last address.</param>
/// <param name="Stride">The steps by which single pages are flushed.</param>
/// <param name="Generation">The shootdown for which it is.</param>
/// <param name="Sender">Who waits for the acknowledgement.</param>
internal readonly record struct FlushRequest(
    SharedSpace Space, LinearAddress First, LinearAddress Last, PageSize Stride, ulong Generation, SmpCpu Sender)
{
    /// <summary>The space that is to be run instead, if the space ends; otherwise null.</summary>
    public SharedSpace? Instead { get; init; }

    /// <summary>How many single pages there are to flush.</summary>
    public ulong Steps => (Last.Value - First.Value >> (int)Stride) + 1;
}

/// <summary>
/// The interrupts on their way to one CPU: at most one from each sender, since it waits for the
/// acknowledgement. They are taken in the order of their senders.
/// </summary>
internal sealed class IpiMailbox
{
    private readonly FlushRequest[] _requests = new FlushRequest[ShootdownStart.CpusMax];
    private uint _waiting;

    /// <summary>Whether no interrupt is on its way.</summary>
    public bool IsEmpty => _waiting == 0;

    /// <summary>The senders of what is on its way, a bit each.</summary>
    public uint Waiting => _waiting;

    /// <summary>Drops all.</summary>
    public void Reset() => _waiting = 0;

    /// <summary>Puts a request on its way.</summary>
    public void Post(in FlushRequest request)
    {
        _requests[request.Sender.Number.Value] = request;

        // Survivor: the bit is clear, since a sender waits until its last request was taken.
        _waiting |= 1u << request.Sender.Number.Value;
    }

    /// <summary>Takes the next request, of which there is one.</summary>
    public FlushRequest Take()
    {
        int sender = System.Numerics.BitOperations.TrailingZeroCount(_waiting);
        _waiting &= _waiting - 1;
        return _requests[sender];
    }
}
