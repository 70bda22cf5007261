using PageProof.Contract.Reclaim;
using PageProof.Implementation;
using PageProof.Properties.Harness;
using PageProof.Spec;

namespace PageProof.Tests.Reclaim;

/// <summary>
/// One long string on larger memories, where hashes and heaps grow and rings turn over: what the short strings of the
/// laws do not reach.
/// </summary>
public sealed class LongRunTests
{
    private const int Length = 15_000;
    private const int Pages = 3_000;
    private const int Batch = 7_919;

    [Theory]
    [InlineData(ReplacementKind.Opt)]
    [InlineData(ReplacementKind.Fifo)]
    [InlineData(ReplacementKind.Lru)]
    [InlineData(ReplacementKind.Clock)]
    [InlineData(ReplacementKind.ClockClear)]
    [InlineData(ReplacementKind.Nru)]
    [InlineData(ReplacementKind.Aging)]
    [InlineData(ReplacementKind.WsClock)]
    [InlineData(ReplacementKind.TwoList)]
    public void Spec_and_implementation_agree_on_a_long_string(ReplacementKind kind)
    {
        CaseRandom random = new(11, (long)kind);
        var references = new Reference[Length];
        for (int place = 0; place < Length; place++)
        {
            // Few pages often, many seldom; and the favourites move on.
            int page = random.Below(1 + random.Below(Pages)) + (place / 4_000 * 100);
            var mask = random.OneIn(4) ? ReferenceMask.Write : ReferenceMask.Read;
            references[place] = new(new((ulong)page << 20), mask);
        }

        ReplacementSettings settings = new(kind, 150, 400, 900, 2);
        using var spec = new SpecSystem().OpenPolicies()!;
        using var implementation = new ImplementationSystem().OpenPolicies()!;
        spec.Reset(settings, references);
        implementation.Reset(settings, references);
        ReferenceAnswer[] said = new ReferenceAnswer[Length], done = new ReferenceAnswer[Length];
        for (int from = 0; from < Length; from += Batch)
        {
            int count = Math.Min(Batch, Length - from);
            spec.Refer(references.AsSpan(from, count), said.AsSpan(from, count));
            implementation.Refer(references.AsSpan(from, count), done.AsSpan(from, count));
        }

        Assert.Equal(said, done);
        Assert.True(done.Count(answer => answer.Outcome == ReferenceOutcome.Replaced) > Length / 10);
    }
}
