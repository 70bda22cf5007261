using System.Collections.Immutable;
using PageProof.Contract;
using PageProof.Contract.Reclaim;
using PageProof.Properties.Harness;
using PageProof.Spec.Reclaim;

namespace PageProof.Properties.Reclaim;

/// <summary>
/// Belady's anomaly: FIFO can miss more often with more frames. The first case is the string that is known for it;
/// the others are searched, and the system must miss as often as the Spec for every number of frames. A run that
/// finds no anomaly fails.
/// Source: Belady, Nelson and Shedler, "An anomaly in space-time characteristics of certain programs running in a
/// paging machine", CACM 12(6), 1969.
/// </summary>
public sealed class AnomalyLaw(ISystem system) : PolicyLaw(system)
{
    /// <summary>The law in plain words.</summary>
    public const string Title = "FIFO misses more often with more frames just where Belady's anomaly is";

    /// <summary>How many strings with the anomaly a run must have seen.</summary>
    public const int Floor = 20;

    /// <summary>How many strings bring that about: measured, and a margin.</summary>
    public const long CasesToBind = 400;

    private const int FramesMost = 6;
    private const int PagesMost = 6;
    private const int MissesOfThree = 9;
    private const int MissesOfFour = 10;

    private static readonly ImmutableArray<Reference> Known =
        [.. new ulong[] { 1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5 }.Select(Read)];

    private long _anomalies;

    public override string Name => Title;

    /// <summary>How many strings with the anomaly were seen.</summary>
    public long Anomalies => Interlocked.Read(ref _anomalies);

    // The known string first; then that with a few references changed, or more behind it, or any.
    public override void Generate(ulong seed, long index, ref ReplacementSequence unfolded)
    {
        CaseRandom random = new(seed, index);
        var references = Known.ToBuilder();
        if (index > 0 && random.OneIn(2))
        {
            references.Clear();
        }

        int more = index == 0 ? 0 : random.Below(references.Count == 0 ? 24 : 6);
        for (; more > 0; more--)
        {
            var drawn = Read(1 + (ulong)random.Below(PagesMost));
            references.Insert(random.Below(references.Count + 1), drawn);
        }

        ReplacementSettings settings = new(ReplacementKind.Fifo, 3, 1, 0, 0);
        unfolded = new(settings, ReplacementSequence.ReferencesMost, references.ToImmutable());
    }

    internal override string? Refusal(IReplacementPolicy door, in ReplacementSequence asked)
    {
        var misses = new int[FramesMost + 1];
        for (int frames = 1; frames <= FramesMost; frames++)
        {
            var settings = asked.Settings with { Kind = ReplacementKind.Fifo, Frames = frames };
            misses[frames] = door.Ask(asked with { Settings = settings }).Misses();
            int said = SpecMisses(settings, asked.References);
            if (misses[frames] != said)
            {
                return $"with {frames} frames FIFO misses {misses[frames]} times, and should {said} times";
            }
        }

        for (int frames = 2; frames <= FramesMost; frames++)
        {
            if (misses[frames] > misses[frames - 1])
            {
                Interlocked.Increment(ref _anomalies);
                break;
            }
        }

        bool known = asked.References.SequenceEqual(Known);
        return known && (misses[3], misses[4]) != (MissesOfThree, MissesOfFour)
            ? $"the known string misses {misses[3]} times with 3 frames, and {misses[4]} times with 4" : null;
    }

    protected override CoverageReport? Judged(long cases) => new(
        1, Anomalies, cases >= CasesToBind && Anomalies < Floor ? [$"Belady's anomaly: {Anomalies}"] : [], []);

    private static Reference Read(ulong page) => new(new(page), ReferenceMask.Read);

    private static int SpecMisses(ReplacementSettings settings, ImmutableArray<Reference> references)
    {
        var state = PolicySpec.Begin(settings, []);
        int misses = 0;
        foreach (var reference in references)
        {
            (state, var answer) = PolicySpec.Next(state, reference);
            misses += answer.Outcome == ReferenceOutcome.Hit ? 0 : 1;
        }

        return misses;
    }
}
