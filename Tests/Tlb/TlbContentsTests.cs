using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Implementation.Tlb;
using PageProof.Properties.Tlb;
using PageProof.Spec.Paging;
using PageProof.Spec.Tlb;

namespace PageProof.Tests.Tlb;

/// <summary>
/// Whatever a CPU shows to hold after a random sequence may be cached by the Spec; and what the last access
/// has used is shown, in the front and in both levels.
/// </summary>
[InLane("tlb")]
public sealed class TlbContentsTests
{
    private const int Cases = 400;

    public static TheoryData<string, TlbGeometry> Geometries => new()
    {
        { "default", new() },
        { "smallest, with a front", TlbGeometry.Smallest with { FrontSlots = 2 } },
    };

    [Theory]
    [MemberData(nameof(Geometries))]
    public void What_is_held_may_be_cached(string name, TlbGeometry geometry)
    {
        using TlbMachine machine = new(geometry);
        TlbGenerator generator = new(machine.Capabilities);
        Dictionary<TlbPlace, int> seen = [];
        for (int index = 0; index < Cases; index++)
        {
            var sequence = generator.Generate(11, index);
            var state = StateAfter(machine, sequence);
            for (byte number = 0; number < sequence.Start.Cpus; number++)
            {
                foreach (var held in machine.EntriesOf(new(number)))
                {
                    seen[held.Place] = seen.GetValueOrDefault(held.Place) + 1;
                    if (!MayHold(state, state.Cpus[number], held))
                    {
                        Assert.Fail($"{name}, case {index}: CPU {number} holds {held}\n{sequence}");
                    }
                }
            }
        }

        Assert.All(
            Enum.GetValues<TlbPlace>(), place => Assert.InRange(seen.GetValueOrDefault(place), 20, int.MaxValue));
    }

    [Theory]
    [InlineData(AccessKind.Read, TlbPlace.FirstData)]
    [InlineData(AccessKind.Write, TlbPlace.FirstData)]
    [InlineData(AccessKind.Fetch, TlbPlace.FirstInstructions)]
    public void What_was_used_last_is_held(AccessKind kind, TlbPlace first)
    {
        const string Words = "word 0x1000=0x2007\nword 0x2000=0x3007\nword 0x3000=0x4007\nword 0x4008=0x6007\n";
        string text = "cpus 1\ncontrol nxe cr3=0x1000 memory=0x10000\n"
            + $"{Words}cpu 0: access {kind} address=0x1000 cpl=3\n";
        Assert.True(TlbText.TryParse(text, out var sequence, out string? reason), reason);
        using TlbMachine machine = new(new());
        StateAfter(machine, sequence);
        TlbPlace[] upper = [TlbPlace.UpperEntries, TlbPlace.UpperEntries, TlbPlace.UpperEntries];
        Assert.Equal(
            [TlbPlace.Front, first, TlbPlace.Second, .. upper], machine.EntriesOf(default).Select(held => held.Place));
        Assert.Equal(4UL, machine.StatisticsOf(default).WalkReads);
        machine.Run(sequence.Start, [], []);
        Assert.Empty(machine.EntriesOf(default));
    }

    [Theory]
    [InlineData("word 0x2000=0x3007\nword 0x3000=0x87\n", 2)]
    [InlineData("word 0x2000=0x87\n", 1)]
    public void Large_pages_are_held_in_both_levels(string words, int upper)
    {
        string text = $"cpus 1\ncontrol nxe gbpages cr3=0x1000 memory=0x10000\nword 0x1000=0x2007\n{words}"
            + "cpu 0: access Read address=0x1000 cpl=3\n";
        Assert.True(TlbText.TryParse(text, out var sequence, out string? reason), reason);
        using TlbMachine machine = new(new());
        StateAfter(machine, sequence);
        Assert.Equal(
            [TlbPlace.Front, TlbPlace.FirstData, TlbPlace.Second, .. Enumerable.Repeat(TlbPlace.UpperEntries, upper)],
            machine.EntriesOf(default).Select(held => held.Place));
        Assert.All(machine.EntriesOf(default).Take(3), held => Assert.Equal(4 - upper, held.Level));
    }

    private static TlbState StateAfter(TlbMachine machine, TlbSequence sequence)
    {
        var answers = new TlbAnswer[sequence.Commands.Length];
        machine.Run(sequence.Start, sequence.Commands.AsSpan(), answers);
        var state = TlbSpec.Begin(sequence);
        for (int step = 0; step < answers.Length; step++)
        {
            state = TlbSpec.Follow(state, sequence.Commands[step], answers[step]).State!;
        }

        return state;
    }

    private static bool MayHold(TlbState state, CpuState cpu, TlbEntry held) => held.Place switch
    {
        TlbPlace.Front => AccessSpec.EndsOf(state, cpu, AccessOf(held)).Any(end =>
            end.Outcome.Kind == OutcomeKind.Translated && end.Outcome.Address == held.Target
            && end.Outcome.Rights == held.Rights),
        TlbPlace.UpperEntries => cpu.Partial.Any(partial =>
            partial.Level == held.Level && partial.Prefix == held.Page && partial.Pcid == held.Pcid
            && partial.Table == held.Target && RightsOf(partial) == held.Rights),
        _ => cpu.Cached.Any(cached => cached.Level == held.Level && cached.Page == held.Page
            && (cached.Global ? held.Pcid is null : held.Pcid == cached.Pcid)
            && EntryFormat.InPage(cached.Leaf, held.Page, held.Level) == held.Target
            && EntryFormat.Has(cached.Leaf, EntryBit.Dirty) == held.Dirty
            && RightsOf(cpu.Control, cached) == held.Rights),
    };

    private static Access AccessOf(TlbEntry held) => new(
        held.Page, held.Kind, held.UserMode ? PrivilegeLevel.Ring3 : PrivilegeLevel.Ring0, held.AlignmentCheck);

    private static PageRights RightsOf(PartialWalk partial) =>
        (partial.Writable ? PageRights.Write : 0) | (partial.User ? PageRights.User : 0)
        | (partial.Execute ? PageRights.Execute : 0);

    private static PageRights RightsOf(ControlState control, CachedTranslation cached) => PermissionSpec.RightsOf(
        control, cached.WritableAbove, cached.User, cached.Execute, cached.Leaf);
}
