using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Implementation.Tlb;
using PageProof.Properties.Harness;
using PageProof.Properties.Tlb;
using PageProof.Spec.Tlb;

namespace PageProof.Tests.Tlb;

/// <summary>
/// The functions of a CPU that theorems are about, run: they drop what the Spec has a command drop, and keep
/// everything when it drops nothing.
/// </summary>
[InLane("tlb")]
public sealed class LiftedCpuTests
{
    private const int Cases = 400;

    [Fact]
    public void A_command_does_what_the_Spec_says()
    {
        using TlbMachine machine = new(TlbGeometry.Smallest);
        TlbGenerator generator = new(machine.Capabilities);
        var (dropped, kept, refused) = (0, 0, 0);
        for (int index = 0; index < Cases; index++)
        {
            var sequence = generator.Generate(3, index);
            var control = sequence.Start.Control;
            CaseRandom random = new(4, index);
            foreach (var command in sequence.Commands.Where(each => each.Kind >= TlbCommandKind.InvalidatePage))
            {
                bool refuses = ControlSpec.Refuses(control, command);
                Assert.Equal(refuses, LiftedCpu.Refuses(control, command));
                Assert.Equal(refuses ? control : ControlSpec.Next(control, command), LiftedCpu.Next(control, command));
                var what = refuses ? null : ControlSpec.Invalidates(control, command);
                var entry = RandomEntry(ref random, control, command);
                bool drops = what is not null && Drops(what.Value, entry);
                bool keeps = LiftedCpu.KeepsTranslation(control, entry, command);
                Assert.False(drops && keeps, $"{control}\n{command} has to drop {entry}");
                Assert.True(what is not null || keeps, $"{control}\n{command} drops nothing, and not {entry}");
                bool keepsFront = LiftedCpu.KeepsFront(control, 1, entry.Address, command);
                Assert.True(!refuses || keepsFront, $"{control}\n{command} is refused, and drops the front");
                CheckOthers(control, command, entry, what);
                (dropped, kept, refused) =
                    (dropped + (drops ? 1 : 0), kept + (keeps ? 1 : 0), refused + (refuses ? 1 : 0));
            }
        }

        Assert.All((int[])[dropped, kept, refused], count => Assert.InRange(count, 100, int.MaxValue));
    }

    [Fact]
    public void One_mask_judges_a_hit_as_the_rules_do()
    {
        using TlbMachine machine = new(TlbGeometry.Smallest);
        TlbGenerator generator = new(machine.Capabilities);
        AccessKind[] plain = [AccessKind.Read, AccessKind.Write, AccessKind.Fetch];
        for (int index = 0; index < Cases; index++)
        {
            CaseRandom random = new(6, index);
            var control = generator.Generate(5, index).Start.Control with { Pkru = new((uint)random.Next()) };
            for (int round = 0; round < 40; round++)
            {
                Access access = new(
                    default, random.Of(plain), random.OneIn(2) ? PrivilegeLevel.Ring3 : PrivilegeLevel.Ring0,
                    AlignmentCheck: random.OneIn(2));

                // Mostly a present entry that permits nearly everything: most others are denied for several reasons.
                ulong word = random.Next() & ~0x8000_0000_0000_0000 | (random.OneIn(8) ? 0 : 0x67UL)
                    | (random.OneIn(3) ? 0 : 0x200UL) | (random.OneIn(4) ? 1UL << 63 : 0);
                ulong entry = random.OneIn(3) ? word & ~(1UL << 1 + random.Below(9)) : word;
                Assert.True(LiftedCpu.JudgesAlike(control, access, entry), $"{control}\n{access}\n0x{entry:x}");
            }
        }
    }

    /// <summary>The first fill is under tag 7; all are of one set, which has two ways.</summary>
    [Theory]
    [InlineData(0x11, 9, 0xB, 7, 0)]
    [InlineData(0x11, 9, 0xB, 9, 2)]
    [InlineData(0x11, 9, 0xB, 0xB, 3)]
    [InlineData(9, 9, 0xB, 7, 1)]
    [InlineData(9, 9, 0xB, 9, 0)]
    [InlineData(9, 9, 0xB, 0xB, 3)]
    [InlineData(0x11, 7, 0xB, 7, 2)]
    [InlineData(0x11, 9, 7, 7, 3)]
    public void A_lookup_finds_what_was_filled_last_and_not_dropped(
        ulong dropped, ulong second, ulong last, ulong asked, ulong found) => Assert.Equal(found, LiftedArray.FindAfter(
            new(7, 1, 1), new(second, 2, 1), mask: 0xFF, dropped, new(last, 3, 1), asked, asked, 1));

    private static void CheckOthers(
        ControlState control, TlbCommand command, KeptEntry entry, Invalidation? what)
    {
        KeptEntry upper = entry with { Level = 2, Global = false, Fetch = false };
        bool keepsUpper = LiftedCpu.KeepsPartial(control, upper, command);
        bool keepsFront = LiftedCpu.KeepsFront(control, 1, entry.Address, command);
        if (what is null)
        {
            Assert.True(keepsUpper, $"{control}\n{command} drops nothing, and not {upper}");
            return;
        }

        PartialWalk partial = new(
            upper.Pcid, upper.Level, PageOf(upper.Address, upper.Level), default, true, true, true, default);
        Assert.False(
            keepsUpper && InvalidationSpec.Drop(Holding(control, partial), what.Value).Partial.IsEmpty,
            $"{control}\n{command} has to drop {upper}");
        KeptEntry current = entry with
        {
            Level = 1,
            Pcid = ControlSpec.PcidOf(control, control.Cr3),
            Global = false,
        };
        Assert.False(keepsFront && Drops(what.Value, current), $"{control}\n{command}: the front serves {current}");
    }

    private static KeptEntry RandomEntry(ref CaseRandom random, in ControlState control, in TlbCommand command)
    {
        ulong address = command.Kind == TlbCommandKind.InvalidatePcid
            ? command.Descriptor.Address.Value
            : command.Address.Value;
        address = (ulong)((long)(address << 16) >> 16) ^ (random.OneIn(3) ? 1UL << 12 + random.Below(30) : 0);
        Pcid current = ControlSpec.PcidOf(control, control.Cr3);
        Pcid pcid = random.Below(4) switch
        {
            0 => new((ushort)random.Below(4096)),
            1 => new((ushort)(command.Cr3.Value & 0xFFF)),
            _ => current,
        };
        return new(address, 1 + random.Below(3), pcid, random.OneIn(3), random.OneIn(2));
    }

    private static bool Drops(Invalidation what, KeptEntry entry)
    {
        CachedTranslation translation = new(
            entry.Pcid, PageOf(entry.Address, entry.Level), entry.Level, default, WritableAbove: true, User: true,
            Execute: true, entry.Global, default);
        return InvalidationSpec.Drop(new(default, [], [translation], []), what).Cached.IsEmpty;
    }

    private static CpuState Holding(ControlState control, PartialWalk partial) => new(control, [partial], [], []);

    private static LinearAddress PageOf(ulong address, int level) => new(address >> 3 + 9 * level << 3 + 9 * level);
}
