using PageProof.Spec.Swap;

namespace PageProof.Tests.Swap;

/// <summary>Each rule of one slot and of one who reads it as an example, with the limits at which it ends.</summary>
[InLane("swap", SpecAlone = true)]
public sealed class SlotSpecTests
{
    private const uint Most = 3, Generation = 5;
    private const ulong Held = 7, Written = 9;
    private const byte NoEvent = 99;

    [Theory]
    [InlineData(SlotEvent.Duplicate, 1, 0, 2, 0)]
    [InlineData(SlotEvent.Duplicate, 1, 1, 2, 1)]
    [InlineData(SlotEvent.Drop, 2, 0, 1, 0)]
    [InlineData(SlotEvent.Drop, 1, 1, 0, 1)]
    [InlineData(SlotEvent.Load, 1, 0, 0, 1)]
    [InlineData(SlotEvent.Load, 2, 1, 1, 2)]
    [InlineData(SlotEvent.Unload, 0, 1, 1, 0)]
    [InlineData(SlotEvent.Unload, 1, 2, 2, 1)]
    [InlineData(SlotEvent.Part, 0, 2, 0, 1)]
    [InlineData(SlotEvent.Part, 1, 1, 1, 0)]
    public void While_somebody_names_it_it_holds_what_it_held(
        SlotEvent happened, int entries, int copies, int entriesAfter, int copiesAfter) =>
        Assert.Equal(
            new SlotStep(Slot(entriesAfter, copiesAfter), true),
            SlotSpec.Step(Slot(entries, copies), happened, Written, Most));

    [Theory]
    [InlineData(SlotEvent.Drop, 1, 0)]
    [InlineData(SlotEvent.Part, 0, 1)]
    public void It_is_free_when_the_last_goes_and_a_generation_begins(SlotEvent happened, int entries, int copies) =>
        Assert.Equal(
            new SlotStep(Free with { Generation = Generation + 1 }, true),
            SlotSpec.Step(Slot(entries, copies), happened, Written, Most));

    [Theory]
    [InlineData(Generation)]
    [InlineData(uint.MaxValue - 1)]
    public void A_free_slot_is_taken_by_one_entry(uint generation) => Assert.Equal(
        new SlotStep(new(false, 1, 0, generation, Written), true),
        SlotSpec.Step(Free with { Generation = generation }, SlotEvent.Take, Written, 1));

    [Fact]
    public void What_cannot_happen_is_not_permitted()
    {
        Assert.False(May(Slot(1, 0), SlotEvent.Take));
        Assert.False(SlotSpec.Step(Free, SlotEvent.Take, Written, 0).Permitted);
        Assert.False(May(Free with { Generation = uint.MaxValue }, SlotEvent.Take));
        Assert.False(May(Slot(0, 1), SlotEvent.Duplicate));
        Assert.False(May(Slot(2, 1), SlotEvent.Duplicate));
        Assert.False(May(Slot(0, 1), SlotEvent.Drop));
        Assert.False(May(Slot(0, 1), SlotEvent.Load));
        Assert.False(May(Slot(1, 0), SlotEvent.Unload));
        Assert.False(May(Slot(1, 0), SlotEvent.Part));
        Assert.Equal(new(Slot(1, 1), false), SlotSpec.Step(Slot(1, 1), (SlotEvent)NoEvent, Written, Most));
    }

    [Fact]
    public void It_is_free_exactly_when_nobody_names_it_and_no_more_do_than_may()
    {
        Assert.All(
            [Free, SlotState.Unused, Free with { Generation = uint.MaxValue }, Slot(1, 0), Slot(0, 1), Slot(3, 0),
                Slot(2, 1), Slot(0, 3), Slot(1, 0) with { Generation = uint.MaxValue - 1 }],
            slot => Assert.True(SlotSpec.Invariant(slot, Most), $"{slot}"));
        Assert.All(
            [Slot(0, 0), Slot(1, 0) with { IsFree = true }, Slot(0, 1) with { IsFree = true }, Slot(4, 0), Slot(0, 4),
                Slot(2, 2), Slot(1, 0) with { Generation = uint.MaxValue }],
            slot => Assert.False(SlotSpec.Invariant(slot, Most), $"{slot}"));
    }

    [Fact]
    public void The_entry_of_a_page_is_none_of_the_others()
    {
        var named = Page(Slot(1, 1)) with { Named = true };
        Assert.False(May(named, SlotReadEvent.Other, SlotEvent.Drop));
        Assert.False(May(named, SlotReadEvent.Other, SlotEvent.Load));
        Assert.False(May(named, SlotReadEvent.Other, SlotEvent.Take));
        Assert.Equal(
            new(named with { Slot = Slot(1, 0) }, true), Step(named, SlotReadEvent.Other, SlotEvent.Part));
        Assert.True(May(named with { Slot = Slot(2, 0) }, SlotReadEvent.Other, SlotEvent.Drop));
        Assert.True(May(named with { Named = false }, SlotReadEvent.Other, SlotEvent.Drop));
    }

    [Fact]
    public void A_page_names_a_slot_that_it_takes_or_shares_and_leaves_it_once()
    {
        var (free, held) = (Page(Free), Page(Slot(1, 1)));
        Assert.Equal(
            new(free with { Slot = new(false, 1, 0, Generation, Written), Named = true }, true),
            Step(free, SlotReadEvent.Out, SlotEvent.Take));
        Assert.False(May(held, SlotReadEvent.Out, SlotEvent.Take));
        Assert.False(May(free with { Named = true }, SlotReadEvent.Out, SlotEvent.Take));
        Assert.False(May(held, SlotReadEvent.Out, SlotEvent.Duplicate));

        Assert.Equal(
            new(held with { Slot = Slot(2, 1), Named = true }, true),
            Step(held, SlotReadEvent.Name, SlotEvent.Duplicate));
        Assert.True(May(held, SlotReadEvent.Name, SlotEvent.Unload));
        Assert.False(May(held, SlotReadEvent.Name, SlotEvent.Drop));
        Assert.False(May(held with { Named = true }, SlotReadEvent.Name, SlotEvent.Duplicate));
        Assert.False(May(held with { Slot = Slot(2, 1) }, SlotReadEvent.Name, SlotEvent.Duplicate));

        var named = held with { Named = true };
        Assert.Equal(new(held with { Slot = Slot(0, 1) }, true), Step(named, SlotReadEvent.Leave, SlotEvent.Drop));
        Assert.True(May(named, SlotReadEvent.Leave, SlotEvent.Load));
        Assert.False(May(named, SlotReadEvent.Leave, SlotEvent.Duplicate));
        Assert.False(May(held, SlotReadEvent.Leave, SlotEvent.Drop));
        Assert.False(May(named with { Slot = Slot(0, 1) }, SlotReadEvent.Leave, SlotEvent.Drop));
    }

    [Fact]
    public void A_reader_notes_the_slot_and_reads_it_and_may_give_up()
    {
        var named = Page(Slot(1, 1)) with { Named = true, HasRead = true };
        var begun = named with { Reading = true, Generation = Generation, HasRead = false };
        Assert.Equal(new(begun, true), Step(named, SlotReadEvent.Begin, SlotEvent.Drop));
        Assert.False(May(named with { Named = false }, SlotReadEvent.Begin, SlotEvent.Drop));

        // It reads whatever is there by now.
        var later = begun with { Slot = Free with { Generation = 6 }, Named = false };
        Assert.Equal(
            new(later with { HasRead = true, Content = Held }, true), Step(later, SlotReadEvent.Read, SlotEvent.Take));
        Assert.False(May(named, SlotReadEvent.Read, SlotEvent.Take));
        Assert.Equal(
            new(begun with { Reading = false }, true), Step(begun, SlotReadEvent.Forget, SlotEvent.Take));
        Assert.False(May(named, SlotReadEvent.Forget, SlotEvent.Take));
        Assert.Equal(new(begun, false), Step(begun, (SlotReadEvent)NoEvent, SlotEvent.Drop));
    }

    [Fact]
    public void A_page_gets_what_was_read_of_the_slot_and_the_generation_that_it_has()
    {
        Assert.Equal(
            new(HasRead with { Slot = Slot(0, 2), Named = false, Reading = false }, true),
            Step(HasRead, SlotReadEvent.End, SlotEvent.Load));
        Assert.False(May(HasRead, SlotReadEvent.End, SlotEvent.Drop));
        Assert.False(May(HasRead with { Slot = Slot(0, 1) }, SlotReadEvent.End, SlotEvent.Load));
        Assert.True(SlotReadSpec.MayEnd(HasRead));
        Assert.All(
            [HasRead with { Reading = false }, HasRead with { HasRead = false }, HasRead with { Named = false },
                HasRead with { Generation = Generation - 1 }],
            state =>
            {
                Assert.False(SlotReadSpec.MayEnd(state));
                Assert.False(May(state, SlotReadEvent.End, SlotEvent.Load));
            });
    }

    [Fact]
    public void What_was_read_of_this_generation_is_what_the_slot_holds()
    {
        Assert.All(
            [HasRead, Page(Free), Page(Slot(1, 0)) with { Named = true }, Page(Slot(0, 1)),
                HasRead with { HasRead = false, Content = Written },
                HasRead with { Reading = false, Content = Written },
                HasRead with { Reading = false, Generation = Generation + 1 },
                HasRead with { Generation = Generation - 1, Content = Written },
                HasRead with { Slot = Free, Named = false, Generation = Generation - 1 }],
            state => Assert.True(SlotReadSpec.Invariant(state, Most), $"{state}"));
        Assert.All(
            [HasRead with { Content = Written }, HasRead with { Generation = Generation + 1 },
                HasRead with { Slot = Free, Named = false }, HasRead with { Slot = Slot(0, 1) },
                HasRead with { Slot = Slot(4, 0) }, Page(Slot(0, 0)),
                Page(Slot(0, 0)) with { Named = true, Reading = true, Generation = Generation - 1 }],
            state => Assert.False(SlotReadSpec.Invariant(state, Most), $"{state}"));
    }

    private static SlotState Free => new(true, 0, 0, Generation, Held);

    private static SlotReadState HasRead => new(Slot(1, 1), true, true, Generation, true, Held);

    private static SlotState Slot(int entries, int copies) =>
        new(false, (uint)entries, (uint)copies, Generation, Held);

    // Nobody reads, and the entry of the page names it not.
    private static SlotReadState Page(SlotState slot) => new(slot, false, false, 0, false, 0);

    private static bool May(SlotState slot, SlotEvent happened) =>
        SlotSpec.Step(slot, happened, Written, Most).Permitted;

    private static SlotReadStep Step(SlotReadState before, SlotReadEvent happened, SlotEvent slot) =>
        SlotReadSpec.Step(before, happened, slot, Written, Most);

    private static bool May(SlotReadState before, SlotReadEvent happened, SlotEvent slot) =>
        Step(before, happened, slot).Permitted;
}
