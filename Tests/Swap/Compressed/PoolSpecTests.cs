using PageProof.Contract.Swap.Compressed;
using PageProof.Spec.Swap.Compressed;

namespace PageProof.Tests.Swap.Compressed;

/// <summary>What a pool can have after each step, and what of a state is not told by any store.</summary>
[InLane("zswap", SpecAlone = true)]
public sealed class PoolSpecTests
{
    private const int Length = 2000;
    private static readonly SizeClass Row = SizeClassSpec.ClassOf(Length);

    [Fact]
    public void A_zspage_is_begun_when_all_are_full_and_ends_with_its_last_object()
    {
        Assert.Equal(Row.Pages, Of(1).Pages);
        Assert.Equal(Row.Pages, Of(Row.Objects).Pages);
        Assert.Equal(2 * Row.Pages, Of(Row.Objects + 1).Pages);
        Assert.Null(PoolSpec.Free(Of(1), Length, Row.Pages));
        var none = PoolSpec.Free(Of(1), Length, 0)!;
        Assert.Empty(none.Classes);
        Assert.Equal((0, 0), (none.Pages, none.Bytes));
    }

    [Fact]
    public void What_is_left_has_room_in_what_is_left()
    {
        Assert.Equal(Of(Row.Objects).Classes[Row], PoolSpec.Free(Of(Row.Objects + 1), Length, Row.Pages)!.Classes[Row]);
        Assert.Null(PoolSpec.Free(Of(Row.Objects + 2), Length, Row.Pages));
        Assert.Equal(
            new(Row.Objects + 1, 2), PoolSpec.Free(Of(Row.Objects + 2), Length, 2 * Row.Pages)!.Classes[Row]);
        Assert.Null(PoolSpec.Free(Of(Row.Objects + 2), Length, 3 * Row.Pages));
        Assert.Null(PoolSpec.Free(Of(Row.Objects + 2), Length, 0));
    }

    [Fact]
    public void Compaction_leaves_as_many_as_the_objects_fill()
    {
        var loose = PoolSpec.Free(Of(Row.Objects + 1), Length, 2 * Row.Pages)!;
        Assert.Equal(new(Row.Objects, 2), loose.Classes[Row]);
        Assert.Equal(new(Row.Objects, 1), PoolSpec.Compact(loose).Classes[Row]);
        Assert.Equal(loose.Bytes, PoolSpec.Compact(loose).Bytes);
        Assert.Equal(new(Row.Objects + 1, 2), PoolSpec.Compact(Of(Row.Objects + 1)).Classes[Row]);
    }

    [Fact]
    public void Of_reads_and_writes_one_fails_and_none_when_none_is_to()
    {
        var state = CompressedState.Of(new(CompressedKind.Zram, CompressorKind.Lz4, 1, 4));
        Assert.Equal((false, 0), (state.FailsToRead, state.Read.ReadFailsIn));
        Assert.Equal((false, 0), (state.FailsToWrite, state.Written.WriteFailsIn));
        state = state with { ReadFailsIn = 2, WriteFailsIn = 2 };
        Assert.Equal((false, 1, true), (state.FailsToRead, state.Read.ReadFailsIn, state.Read.FailsToRead));
        Assert.Equal((false, 1, true), (state.FailsToWrite, state.Written.WriteFailsIn, state.Written.FailsToWrite));
        state = state with { IsReadOnly = true };
        Assert.Equal((true, 2), (state.FailsToWrite, state.Written.WriteFailsIn));
    }

    private static PoolState Of(int objects) =>
        Enumerable.Range(0, objects).Aggregate(PoolState.Empty, (pool, _) => PoolSpec.Store(pool, Length));
}
