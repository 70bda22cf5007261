using PageProof.Contract.Reclaim;
using PageProof.Implementation;
using PageProof.Implementation.Reclaim;
using PageProof.Spec;

namespace PageProof.Cli.Replay;

/// <summary>What came of holding the Implementation against the Spec on a trace.</summary>
/// <param name="Settings">The policy and its memory.</param>
/// <param name="Records">How many records were compared.</param>
/// <param name="Refusal">Where they first differ, or null.</param>
public readonly record struct VerifiedRow(ReplacementSettings Settings, long Records, string? Refusal);

/// <summary>
/// Replays a trace through the Spec and the Implementation, answer by answer: all policies on its first records,
/// and FIFO, LRU and Clock on all of it.
/// </summary>
internal static class ReplayVerification
{
    /// <summary>How many records all policies are compared on.</summary>
    public const int RecordsOfAll = 500_000;

    /// <summary>In how many memories.</summary>
    public const int Sizes = 3;

    private static readonly ReplacementKind[] OnAll =
        [ReplacementKind.Fifo, ReplacementKind.Lru, ReplacementKind.Clock];

    /// <summary>The sizes to compare at: the least, one between, and the most that some page does not fit
    /// into.</summary>
    public static IReadOnlyList<int> SizesOf(IReadOnlyList<int> frames, int pages)
    {
        var tight = frames.Where(each => each < pages).DefaultIfEmpty(frames[0]).ToList();
        return [.. new[] { tight[0], tight[tight.Count / 2], tight[^1] }.Distinct()];
    }

    /// <summary>How many records are compared for this.</summary>
    public static long RecordsFor(ReplacementKind kind, long records) =>
        OnAll.Contains(kind) ? records : Math.Min(records, RecordsOfAll);

    /// <summary>Compares; progress is told as the number of records compared.</summary>
    public static IEnumerable<VerifiedRow> Run(
        Func<RecordStream> open, IEnumerable<ReplacementSettings> settings, Action<long> progress)
    {
        long before = 0;
        foreach (var each in settings)
        {
            using var stream = open();
            var row = Compare(stream, each, done => progress(before + done));
            before += row.Records;
            yield return row;
        }
    }

    private static VerifiedRow Compare(RecordStream stream, ReplacementSettings settings, Action<long> progress)
    {
        using var spec = new SpecSystem().OpenPolicies()!;
        using var implementation = new ImplementationSystem().OpenPolicies()!;
        bool isWhole = OnAll.Contains(settings.Kind);
        var records = new uint[isWhole ? FutureStore.PieceSize : RecordsOfAll];
        var references = new Reference[records.Length];
        ReferenceAnswer[] said = new ReferenceAnswer[records.Length], done = new ReferenceAnswer[records.Length];
        long compared = 0;
        for (int count; (isWhole || compared == 0) && (count = stream.Read(records)) > 0; compared += count)
        {
            for (int place = 0; place < count; place++)
            {
                var mask = (ReferenceMask)(records[place] & ((1 << ReplacementMemory.MaskBits) - 1));
                references[place] = new(new(stream.PageOf(records[place])), mask);
            }

            if (compared == 0)
            {
                spec.Reset(settings, references.AsSpan(0, count));
                implementation.Reset(settings, references.AsSpan(0, count));
            }

            spec.Refer(references.AsSpan(0, count), said);
            implementation.Refer(references.AsSpan(0, count), done);
            int same = said.AsSpan(0, count).CommonPrefixLength(done);
            if (same < count)
            {
                return new(settings, compared + count, $"record {compared + same + 1}, {references[same]}: "
                    + $"the Spec says: {said[same]}; the Implementation: {done[same]}");
            }

            progress(compared + count);
        }

        return new(settings, compared, null);
    }
}
