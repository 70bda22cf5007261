using System.Collections.Immutable;
using PageProof.Contract.Swap;
using PageProof.Spec.Swap;

namespace PageProof.Tests.Swap;

/// <summary>
/// Whose turn it is, told by what is refused: the Spec alone goes on with whatever slot is chosen here. Areas have
/// eleven slots each, in clusters of four of which the first lacks the header.
/// </summary>
[InLane("swap", SpecAlone = true)]
public sealed class StripingSpecTests
{
    private const int Pages = 12;

    private StripingState _turns = StripingState.Empty;
    private SwapState _state;
    private ushort _page;

    public StripingSpecTests()
    {
        SwapDevice partition = new(SwapDeviceKind.Partition, Pages, 1, 0, false);
        SwapStart start = new(64, 2, SwapAreaNumber.Most + 1, 9, [partition, partition, partition]);
        _state = SwapSpec.Begin(start, new() { Pages = 64 });
        for (byte device = 0; device < start.Devices.Length; device++)
        {
            SwapCommand made = new() { Device = new(device), Pages = Pages };
            _state = SwapDeviceSpec.Make(_state, made, []).State;
        }
    }

    [Fact]
    public void Each_fills_a_cluster_and_then_waits_longest()
    {
        On(0, 5);
        On(1, 5);
        Refuses("it is the turn of swap area 0", 1, 1);
        Refuses("it is not the first free slot of its cluster", 0, 2);
        Goes(0, 4);
        Refuses("slot 5 of swap area 0 is next in its cluster", 0, 6);
        Refuses("slot 5 of swap area 0 is next in its cluster", 1, 1);
        Goes(0, 5, 6, 7);
        Refuses("it is the turn of swap area 1", 0, 8);
        Goes(1, 8, 9, 10, 11);
        Goes(0, 1, 2, 3);
        Goes(1, 4, 5, 6, 7);
        Goes(0, 8, 9, 10, 11);

        // The first has no room any more.
        Refuses("slot 1 of swap area 0 is not free, or others with room have a higher priority", 0, 1);
        Goes(1, 1, 2, 3);
    }

    [Fact]
    public void A_cluster_that_is_free_altogether_is_begun_first()
    {
        On(0, 5);
        Goes(0, 1, 2, 3, 4, 5);
        Drop(1);

        // What is free again behind the last slot waits until the cluster is full.
        Refuses("slot 6 of swap area 0 is next in its cluster", 0, 2);
        Goes(0, 6, 7);
        Refuses("another cluster is free altogether", 0, 2);
        Refuses("it is not the first free slot of its cluster", 0, 9);
        Goes(0, 8, 9, 10, 11);
        Goes(0, 2);
    }

    [Fact]
    public void A_higher_priority_with_room_again_ends_a_turn_and_an_equal_one_does_not()
    {
        On(0, 5);
        Goes(0, 1);
        On(1, 5);
        Goes(0, 2);
        On(2, 6);
        Refuses("slot 3 of swap area 0 is not free, or others with room have a higher priority", 0, 3);
        Goes(2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);

        // The turn that was ended does not go on.
        Refuses("another cluster is free altogether", 0, 3);
        Goes(0, 4);
        Drop(2);
        Goes(2, 1);
        Refuses("it is the turn of swap area 1", 0, 5);
        Goes(1, 1);
    }

    [Fact]
    public void Who_is_turned_off_has_no_turn_and_the_others_keep_theirs()
    {
        On(0, 5);
        On(1, 5);
        Goes(0, 4);
        Off(1);
        Refuses("slot 5 of swap area 0 is next in its cluster", 0, 8);
        On(1, 5);
        Goes(0, 5);
        Off(0);
        On(0, 5);
        Refuses("it is the turn of swap area 1", 0, 1);
        Goes(1, 1);
    }

    [Fact]
    public void Who_comes_stands_behind_those_of_its_priority_and_before_the_lower_ones()
    {
        On(0, 4);
        On(1, 5);
        On(2, 5);
        Assert.Equal([1, 2, 0], _turns.Row.Select(number => (int)number.Value));
        Goes(1, 1);
        Assert.Equal([2, 1, 0], _turns.Row.Select(number => (int)number.Value));
        Assert.Equal(new SwapPlace(new(1), new(1)), _turns.Last);
    }

    private void On(byte device, short priority)
    {
        SwapCommand command = new() { Kind = SwapCommandKind.SwapOn, Device = new(device), Priority = priority };
        Follow(command, SwapDeviceSpec.On(_state, command));
    }

    private void Off(byte device)
    {
        SwapCommand command = new() { Kind = SwapCommandKind.SwapOff, Device = new(device) };
        Follow(command, SwapDeviceSpec.Off(_state, command));
    }

    // A page that went out is no more.
    private void Drop(ushort page)
    {
        SwapCommand command = new() { Kind = SwapCommandKind.Drop, Page = new(0, page) };
        Follow(command, SwapPageSpec.Drop(_state, command));
    }

    private void Goes(byte area, params ImmutableArray<ulong> slots)
    {
        foreach (ulong slot in slots)
        {
            var (command, step) = Out(area, slot);
            Follow(command, step);
            _page++;
        }
    }

    private void Refuses(string why, byte area, ulong slot)
    {
        var (command, step) = Out(area, slot);
        var (next, refusal) = step.Refusal is null
            ? StripingSpec.Follow(_turns, _state, command, step.Answer, step.State) : (null, step.Refusal);
        Assert.Null(next);
        Assert.Equal(why, refusal);
    }

    private (SwapCommand Command, SwapStep Step) Out(byte area, ulong slot)
    {
        SwapCommand command = new() { Kind = SwapCommandKind.PageOut, Page = new(0, _page), Value = 1 };
        _state = SwapPageSpec.Store(_state, command).State;
        return (command, SwapPageSpec.Out(_state, command, new(new(area), new(slot))));
    }

    private void Follow(SwapCommand command, SwapStep step)
    {
        Assert.Null(step.Refusal);
        Assert.Equal(SwapOutcome.Done, step.Answer.Outcome);
        var (next, refusal) = StripingSpec.Follow(_turns, _state, command, step.Answer, step.State);
        Assert.Null(refusal);
        (_turns, _state) = (next!, step.State);
    }
}
