using System.Diagnostics;
using PageProof.Contract;
using PageProof.Contract.Reclaim;
using PageProof.Implementation.Reclaim;

namespace PageProof.Cli.Replay;

/// <summary>What one policy did in one memory.</summary>
/// <param name="Kind">The policy.</param>
/// <param name="Frames">The frames of the memory.</param>
/// <param name="Misses">How many records missed.</param>
/// <param name="WriteBacks">How many pages were written back.</param>
public readonly record struct ReplayRow(ReplacementKind Kind, int Frames, long Misses, long WriteBacks);

/// <summary>What a replay has come to.</summary>
/// <param name="References">How many references the trace has.</param>
/// <param name="Records">How many are left when those to one page in a row are one.</param>
/// <param name="Pages">How many pages it touches.</param>
/// <param name="Rows">Each policy in each memory, in the order in which they were asked for.</param>
/// <param name="Note">What has to be known of the trace, or null.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record ReplayResult(
    long References, long Records, int Pages, IReadOnlyList<ReplayRow> Rows, string? Note, TimeSpan Elapsed);

/// <summary>
/// Sends a trace through policies, piece by piece, all in one pass; and what looks ahead in a second one. Memory
/// grows with the pages of the trace, never with its length.
/// </summary>
public static class ReplayRun
{
    /// <summary>Replays; progress is told in bytes of the file, twice its size when a policy looks ahead.</summary>
    public static ReplayResult Run(
        RecordStream stream,
        IReadOnlyList<ReplacementSettings> settings,
        FutureStore future,
        Action<long> progress)
    {
        var clock = Stopwatch.StartNew();
        var memories = settings.Select(PolicyRegistry.Open).ToList();
        var (blind, seers) = (memories.Where(each => !each.NeedsFuture).ToList(),
            memories.Where(each => each.NeedsFuture).ToList());
        var piece = new uint[FutureStore.PieceSize];
        int room = 0;
        for (int count; (count = stream.Read(piece)) > 0; progress(stream.Reader.File.Done))
        {
            var records = piece.AsSpan(0, count);
            Grow(blind, stream.Pages, ref room);
            foreach (var memory in blind)
            {
                memory.Replay(records);
            }

            if (seers.Count > 0)
            {
                future.Add(records);
            }
        }

        if (stream.Records == 0)
        {
            throw new UserError($"{stream.Reader.File.Path} holds no reference.");
        }

        LookAhead(seers, future, stream, progress);
        var rows = memories.Select(
            each => new ReplayRow(each.Settings.Kind, each.Settings.Frames, each.Misses, each.WriteBacks));
        return new(
            stream.Reader.References, stream.Records, stream.Pages, [.. rows], stream.Reader.Note, clock.Elapsed);
    }

    private static void LookAhead(
        List<ReplacementMemory> seers, FutureStore future, RecordStream stream, Action<long> progress)
    {
        if (seers.Count == 0)
        {
            return;
        }

        long size = stream.Reader.File.Size;
        try
        {
            future.LookAhead(stream.Pages, done => progress(size + (long)((double)size / 2 * done / stream.Records)));
        }
        catch (OverflowException)
        {
            throw new UserError(
                $"{stream.Reader.File.Path} uses a page again after more than 2^32 records, which is too far for OPT.");
        }

        int room = 0;
        Grow(seers, stream.Pages, ref room);
        for (int piece = 0; piece < future.Pieces; piece++)
        {
            var records = future.Records(piece);
            var distances = future.Distances(piece);
            foreach (var memory in seers)
            {
                memory.Foresee(distances);
                memory.Replay(records);
            }

            progress(size + size / 2 + (long)((double)size / 2 * (piece + 1) / future.Pieces));
        }
    }

    // Room for more than there are, so that pages that come one by one cost little.
    private static void Grow(List<ReplacementMemory> memories, int pages, ref int room)
    {
        if (pages <= room)
        {
            return;
        }

        room = pages + (pages >> 1);
        foreach (var memory in memories)
        {
            memory.Grow(room);
        }
    }
}
