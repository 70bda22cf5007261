using System.Diagnostics;
using PageProof.Contract.Kernel;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.Kernel;

/// <summary>
/// Pipes whose ends do not wait. A pipe counts pages: what is written goes behind the last bytes only if a write
/// has brought these, and if all that does not fill a page of its own finds room there; else it needs buffers of its
/// own. What belongs to others is held by reference, and read as it is when it is read.
/// Source: pipe(7), sections I/O on pipes and files, and Pipe capacity; write(2) and read(2) with O_NONBLOCK. When
/// bytes share a buffer is how Linux 6.18 fills pipes.
/// </summary>
public static class PipeSpec
{
    /// <summary>Writes the bytes of a value and then zeros, as far as there is room.</summary>
    public static KernelOutcome Write(KernelState state, in KernelCommand command)
    {
        int length = (int)command.Length.Value, written = 0, odd = length % PageContent.Bytes;
        var pipe = state.Pipes[command.Pipe.Value];
        var buffers = pipe.Buffers;
        if (odd > 0 && buffers is [.., { TakesMore: true } last] && last.Start + last.Length + odd <= PageContent.Bytes)
        {
            var joined = Fill(ContentOf(state, last.Page), last.Start + last.Length, command.Value, 0, odd);
            buffers = buffers.SetItem(
                buffers.Length - 1, last with { Page = new PageSource.Kept(joined), Length = last.Length + odd });
            written = odd;
        }

        while (written < length && buffers.Length < pipe.Most)
        {
            int count = Math.Min(length - written, PageContent.Bytes);
            var filled = Fill(PageContent.Zero, 0, command.Value, written, count);
            buffers = buffers.Add(new(new PageSource.Kept(filled), 0, count, TakesMore: true));
            written += count;
        }

        return written == 0 && length > 0
            ? KernelOutcome.Failed(state, Errno.EAGAIN)
            : KernelOutcome.Done(state.With(command.Pipe, pipe with { Buffers = buffers }), length: (ulong)written);
    }

    /// <summary>Reads what is there. Of pages that may be zeros, it follows which were.</summary>
    public static KernelOutcome Read(KernelState state, in KernelCommand command, in KernelAnswer told)
    {
        var pipe = state.Pipes[command.Pipe.Value];
        ulong length = command.Length.Value;
        if (length > 0 && pipe.Buffers.IsEmpty)
        {
            return KernelOutcome.Failed(state, Errno.EAGAIN);
        }

        List<ulong> open = [];
        List<PipeBuffer> left = [];
        ulong sum = 0, read = 0;
        bool isPartlyOpen = false;
        foreach (var buffer in pipe.Buffers)
        {
            int count = (int)Math.Min((ulong)buffer.Length, length - read);
            ulong part = ContentOf(state, buffer.Page).Sum(buffer.Start, buffer.Start + count, read);
            bool isOpen = buffer.MayBeZeros && part != 0;
            sum += isOpen ? 0 : part;
            read += (ulong)count;
            if (isOpen)
            {
                open.Add(part);
            }

            if (count < buffer.Length)
            {
                isPartlyOpen |= isOpen;
                left.Add(buffer with { Start = buffer.Start + count, Length = buffer.Length - count });
            }
        }

        uint chosen = Choice(open, told.Value - sum);
        foreach (var (place, part) in open.Index())
        {
            sum += (chosen >> place & 1) != 0 ? part : 0;
        }

        // The last that was open is known now, if some of it is left.
        if (isPartlyOpen)
        {
            bool isPage = (chosen >> open.Count - 1 & 1) != 0;
            left[0] = isPage
                ? left[0] with { MayBeZeros = false }
                : left[0] with { Page = new PageSource.Kept(PageContent.Zero) };
        }

        return KernelOutcome.Done(state.With(command.Pipe, pipe with { Buffers = [.. left] }), sum, read);
    }

    /// <summary>The bytes of a page that is in a pipe.</summary>
    public static PageContent ContentOf(KernelState state, PageSource source) => source switch
    {
        PageSource.Kept(var content) => content,
        PageSource.OfObject(var number, var index) => FileSpec.PageOf(state.Objects[number], index),
        PageSource.OfProcess(var loan) => LoanSpec.ContentOf(state, loan)!.Value,
        _ => throw new UnreachableException(),
    };

    /// <summary>Whether a pipe has the page with a loan.</summary>
    public static bool Has(KernelState state, int loan) => loan != 0 && state.Pipes.Any(pipe =>
        pipe.Buffers.Any(buffer => buffer.Page is PageSource.OfProcess lent && lent.Loan == loan));

    /// <summary>What a command has taken from its process stays in pipes as it was before.</summary>
    public static KernelState Settle(KernelState before, KernelState after) => Keep(before, after, source =>
        source is PageSource.OfProcess(var loan) && LoanSpec.ContentOf(after, loan) is null);

    /// <summary>Pages of an object are cut off: in pipes they stay as they are.</summary>
    public static KernelState Cut(KernelState state, int number, ulong first, ulong end)
    {
        var pinned = LoanSpec.Cut(state, number, first, end);
        return Keep(pinned, pinned, source =>
            source is PageSource.OfObject cut && cut.Object == number && cut.Index >= first && cut.Index < end);
    }

    private static KernelState Keep(KernelState before, KernelState after, Func<PageSource, bool> isGone) =>
        after.Pipes.Any(pipe => pipe.Buffers.Any(buffer => isGone(buffer.Page)))
            ? after with
            {
                Pipes = [.. after.Pipes.Select(pipe => pipe with
                {
                    Buffers = [.. pipe.Buffers.Select(buffer => isGone(buffer.Page)
                        ? buffer with { Page = new PageSource.Kept(ContentOf(before, buffer.Page)) }
                        : buffer)],
                })],
            }
            : after;

    // Some bytes of what is written, from one of them on: a value, and zeros.
    private static PageContent Fill(PageContent page, int at, ulong value, int from, int count) =>
        from >= sizeof(ulong) ? page : page.Store(at, Math.Min(sizeof(ulong) - from, count), value >> 8 * from);

    // Those of some numbers that together make another; all when none do.
    private static uint Choice(List<ulong> numbers, ulong wanted)
    {
        uint all = (1u << numbers.Count) - 1;
        for (uint chosen = all; chosen > 0; chosen--)
        {
            ulong sum = 0;
            for (int place = 0; place < numbers.Count; place++)
            {
                sum += (chosen >> place & 1) != 0 ? numbers[place] : 0;
            }

            if (sum == wanted)
            {
                return chosen;
            }
        }

        return wanted == 0 ? 0 : all;
    }
}
