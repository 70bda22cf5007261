using PageProof.Contract.Reclaim;
using PageProof.Implementation;
using PageProof.Implementation.Reclaim;
using PageProof.Properties.Harness;
using PageProof.Spec;

namespace PageProof.Tests.Reclaim;

/// <summary>What a memory counts of a trace is what the door tells of it, reference by reference.</summary>
[InLane("reclaim")]
public sealed class ReplacementMemoryTests
{
    private const int Length = 3_000;
    private const int Part = 700;
    private const int Pages = 400;

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
    public void A_trace_costs_what_the_door_tells(ReplacementKind kind)
    {
        ReplacementSettings settings = new(kind, 70, 90, 150, 2);
        CaseRandom random = new(5, (long)kind);
        var records = new uint[Length];
        foreach (ref uint record in records.AsSpan())
        {
            int page = random.Below(1 + random.Below(Pages));
            var mask = random.OneIn(3) ? ReferenceMask.Write | ReferenceMask.Read : ReferenceMask.Read;
            record = (uint)page << ReplacementMemory.MaskBits | (uint)mask;
        }

        Reference[] references = [.. records.Select(record =>
            new Reference(new(record >> ReplacementMemory.MaskBits), (ReferenceMask)(record & 7)))];
        var answers = new ReferenceAnswer[Length];
        using var door = new ImplementationSystem().OpenPolicies()!;
        door.Reset(settings, references);
        door.Refer(references, answers);

        // With more frames than the laws have, and than a word has bits.
        var said = new ReferenceAnswer[Length];
        using var spec = new SpecSystem().OpenPolicies()!;
        spec.Reset(settings, references);
        spec.Refer(references, said);
        Assert.Equal(said, answers);

        var memory = PolicyRegistry.Open(settings);
        Assert.Equal((kind == ReplacementKind.Opt, settings), (memory.NeedsFuture, memory.Settings));
        memory.Grow(Pages);
        Replay(memory, records);
        Assert.Equal(Length, memory.References);
        Assert.Equal(answers.Count(answer => answer.Outcome != ReferenceOutcome.Hit), memory.Misses);
        Assert.Equal(
            answers.Sum(answer => answer.Cleaned + (answer.IsDirty ? 1 : 0)), memory.WriteBacks);
        Assert.InRange(memory.WriteBacks, 100, memory.Misses);
    }

    // The future is found from the last part to the first, and told from the first to the last.
    private static void Replay(ReplacementMemory memory, uint[] records)
    {
        NextUses uses = new();
        var distances = new uint[Length];
        for (int from = (Length - 1) / Part * Part; from >= 0; from -= Part)
        {
            int count = Math.Min(Part, Length - from);
            uses.Find(records.AsSpan(from, count), (ulong)from, Pages, distances.AsSpan(from, count));
        }

        for (int from = 0; from < Length; from += Part)
        {
            int count = Math.Min(Part, Length - from);
            memory.Foresee(distances.AsMemory(from, count));
            memory.Replay(records.AsSpan(from, count));
        }
    }

    [Fact]
    public void The_next_use_of_a_page_is_so_many_references_away()
    {
        NextUses uses = new();
        uint[] records = [1 << 3, 2 << 3 | 1, 1 << 3 | 2, 1 << 3];
        var distances = new uint[4];
        uses.Find(records, 10, 3, distances);
        Assert.Equal([2u, 0u, 1u, 0u], distances);
        uses.Find(records.AsSpan(0, 2), 7, 3, distances);
        Assert.Equal([3u, 3u], distances[..2]);
    }

    [Fact]
    public void A_use_that_is_too_far_away_is_no_number()
    {
        NextUses uses = new();
        uses.Find([8], 1UL << 32, 2, new uint[1]);
        var distance = new uint[1];
        Assert.Throws<OverflowException>(() => uses.Find([8], 0, 2, new uint[1]));
        uses = new();
        uses.Find([8], (1UL << 32) - 1, 2, distance);
        uses.Find([8], 0, 2, distance);
        Assert.Equal(uint.MaxValue, distance[0]);
    }

    /// <summary>The farthest first, also when what lies in the past has been thrown out.</summary>
    [Fact]
    public void A_heap_of_next_uses_gives_the_farthest()
    {
        const int Room = 50;
        NextUseHeap heap = new(Room);
        List<(ulong Time, int Page)> kept = [];
        CaseRandom random = new(2, 0);
        for (int step = 0; step < 2_000; step++)
        {
            if (kept.Count > 0 && random.OneIn(3))
            {
                var farthest = kept.MaxBy(each => each.Time);
                Assert.Equal(farthest.Page, heap.TakeFarthest());
                kept.Remove(farthest);
                continue;
            }

            // All times differ; about half of them have passed when there is no room.
            ulong now = kept.Count == Room ? kept.Select(each => each.Time).Order().ElementAt(random.Below(Room)) : 0;
            kept.RemoveAll(each => each.Time <= now);
            kept.Add(((ulong)random.Below(1 << 20) << 12 | (uint)step, step));
            heap.Put(kept[^1].Time, step, now);
        }

        while (kept.Count > 0)
        {
            var farthest = kept.MaxBy(each => each.Time);
            Assert.Equal(farthest.Page, heap.TakeFarthest());
            kept.Remove(farthest);
        }
    }
}
