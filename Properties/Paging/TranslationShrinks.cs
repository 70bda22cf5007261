using System.Numerics;
using PageProof.Contract.Paging;
using PageProof.Spec.Paging;

namespace PageProof.Properties.Paging;

/// <summary>
/// Simpler cases than a failing one: fewer words, plainer control state, tables in the first frames,
/// index 0 at each level, and in the end fewer bits that are not zero.
/// </summary>
public sealed class TranslationShrinks(TranslationFit fit)
{
    private const ulong FrameMask = 0x000F_FFFF_FFFF_F000;
    private const ulong IndexMask = 0xFF8;
    private const int PlainFrames = 8;

    /// <summary>The simpler cases that the system can be asked, the boldest first.</summary>
    public IEnumerable<TranslationCase> Of(TranslationCase failing) =>
        WithoutWords(failing)
            .Concat(FewerLevels(failing))
            .Concat(PlainerControl(failing))
            .Concat(PlainerAccess(failing))
            .Concat(PlainerFrames(failing))
            .Concat(PlainerIndices(failing))
            .Concat(FewerBits(failing))
            .Where(simpler => fit.IsWithin(simpler));

    private static IEnumerable<TranslationCase> WithoutWords(TranslationCase failing)
    {
        int count = failing.Words.Length;
        for (int run = count; run >= 1; run /= 2)
        {
            for (int from = 0; from + run <= count; from += run)
            {
                var simpler = failing;
                for (int removed = 0; removed < run; removed++)
                {
                    simpler.RemoveAt(from);
                }

                yield return simpler;
            }
        }
    }

    private static IEnumerable<TranslationCase> PlainerControl(TranslationCase failing)
    {
        var control = failing.Control;
        List<ControlState> plainer =
        [
            control with { Pkru = default },
            control with { Pat = PageAttributeTable.AtReset },
            control with { Cr0 = Cr0.None },
            control with { Efer = Efer.LongModeEnable },
            control with { Vendor = Vendor.Intel },
            control with { HasGigabytePages = false },
            control with { MaxPhyAddr = new(PhysicalAddressWidth.Most) },
        ];
        for (int bit = 0; bit < 64; bit++)
        {
            plainer.Add(control with { Cr4 = control.Cr4 & ~(Cr4)(1UL << bit) | Cr4.PhysicalAddressExtension });
            plainer.Add(control with { Pkru = new(control.Pkru.Value & ~(uint)(1UL << bit)) });
            plainer.Add(control with { Cr3 = new(control.Cr3.Value & ~(1UL << bit % 12)) });
        }

        foreach (var each in plainer.Where(each => each != control))
        {
            var simpler = failing;
            simpler.Control = each;
            yield return simpler;
        }
    }

    private static IEnumerable<TranslationCase> PlainerAccess(TranslationCase failing)
    {
        var access = failing.Access;
        Access[] plainer =
        [
            access with { StackSegment = false },
            access with { Implicit = false },
            access with { AlignmentCheck = false },
            access with { Cpl = PrivilegeLevel.Ring0 },
            access with { Cpl = PrivilegeLevel.Ring3 },
            access with { Kind = AccessKind.Read },
        ];
        foreach (var each in plainer)
        {
            bool isPlainer = each != access && !(each.Cpl > access.Cpl && access.Cpl == PrivilegeLevel.Ring0);
            if (isPlainer)
            {
                var simpler = failing;
                simpler.Access = each;
                yield return simpler;
            }
        }
    }

    // Moves a table to one of the first frames, with its words and with all that leads to it.
    private static IEnumerable<TranslationCase> PlainerFrames(TranslationCase failing)
    {
        HashSet<ulong> frames = [failing.Control.Cr3.Value & FrameMask];
        foreach (var word in failing.Words)
        {
            frames.Add(word.Address.Value & FrameMask);
            frames.Add(word.Entry.Value & FrameMask);
        }

        foreach (ulong frame in frames)
        {
            for (ulong plain = 0; plain < PlainFrames << 12 && plain < frame; plain += 1 << 12)
            {
                if (!frames.Contains(plain))
                {
                    yield return Moved(failing, frame, plain);
                }
            }
        }
    }

    private static TranslationCase Moved(TranslationCase failing, ulong frame, ulong plain)
    {
        var simpler = failing;
        simpler.Clear();
        simpler.Control = failing.Control with { Cr3 = new(Renamed(failing.Control.Cr3.Value)) };
        foreach (var word in failing.Words)
        {
            simpler.Set(new(Renamed(word.Address.Value)), new(Renamed(word.Entry.Value)));
        }

        return simpler;

        ulong Renamed(ulong word) => (word & FrameMask) == frame ? (word & ~FrameMask) | plain : word;
    }

    // Goes without the fifth level: the table that its entry leads to becomes the top.
    private static IEnumerable<TranslationCase> FewerLevels(TranslationCase failing)
    {
        if (!EntryFormat.Has(failing.Control, Cr4.FiveLevelPaging))
        {
            yield break;
        }

        var simpler = failing;
        var top = EntryFormat.TopTable(failing.Control.Cr3);
        var entry = failing.Read(EntryFormat.EntryAddress(top, failing.Access.Address, 5));
        simpler.Control = failing.Control with
        {
            Cr3 = new(EntryFormat.NextTable(entry).Value),
            Cr4 = failing.Control.Cr4 & ~Cr4.FiveLevelPaging,
        };
        yield return Canonical(simpler, failing.Access.Address.Value);
    }

    // Takes index 0 at one level, or at all that have the same index, and moves the words along.
    private static IEnumerable<TranslationCase> PlainerIndices(TranslationCase failing)
    {
        int levels = EntryFormat.LevelsOf(failing.Control);
        var table = EntryFormat.TopTable(failing.Control.Cr3);
        for (int level = levels; level >= 1; level--)
        {
            var at = EntryFormat.EntryAddress(table, failing.Access.Address, level);
            ulong index = failing.Access.Address.Value >> EntryFormat.OffsetBits(level) & 0x1FF;
            if (index != 0)
            {
                ulong address = failing.Access.Address.Value & ~(0x1FFUL << EntryFormat.OffsetBits(level));
                yield return Canonical(WithWordsMoved(failing, word => word == at.Value), address);
                yield return Canonical(
                    WithWordsMoved(failing, word => (word & IndexMask) == index * 8),
                    WithoutIndex(failing, index));
            }

            table = EntryFormat.NextTable(failing.Read(at));
        }
    }

    private static ulong WithoutIndex(in TranslationCase failing, ulong index)
    {
        ulong address = failing.Access.Address.Value;
        for (int level = EntryFormat.LevelsOf(failing.Control); level >= 1; level--)
        {
            int shift = EntryFormat.OffsetBits(level);
            address &= (address >> shift & 0x1FF) == index ? ~(0x1FFUL << shift) : ulong.MaxValue;
        }

        return address;
    }

    private static TranslationCase WithWordsMoved(TranslationCase failing, Func<ulong, bool> moves)
    {
        var simpler = failing;
        simpler.Clear();
        foreach (var word in failing.Words)
        {
            ulong at = word.Address.Value;
            simpler.Set(new(moves(at) ? at & ~IndexMask : at), word.Entry);
        }

        return simpler;
    }

    // The address with the sign that its depth wants; one that was not canonical stays as it is.
    private static TranslationCase Canonical(TranslationCase simpler, ulong address)
    {
        int levels = EntryFormat.LevelsOf(simpler.Control);
        int unused = 64 - CanonicalSpec.WidthOf(levels);
        bool wasCanonical = CanonicalSpec.IsCanonical(simpler.Access.Address, levels)
            || CanonicalSpec.IsCanonical(simpler.Access.Address, 5);
        ulong signed = (ulong)((long)(address << unused) >> unused);
        simpler.Access = simpler.Access with { Address = new(wasCanonical ? signed : address) };
        return simpler;
    }

    private static IEnumerable<TranslationCase> FewerBits(TranslationCase failing)
    {
        for (int index = 0; index < failing.Words.Length; index++)
        {
            var word = failing.Words[index];
            foreach (ulong fewer in Fewer(word.Entry.Value))
            {
                var simpler = failing;
                simpler.Set(word.Address, new(fewer));
                yield return simpler;
            }

            foreach (ulong fewer in Fewer(word.Address.Value))
            {
                if (failing.IndexOf(new(fewer)) < 0)
                {
                    var simpler = failing;
                    simpler.RemoveAt(index);
                    simpler.Set(new(fewer), word.Entry);
                    yield return simpler;
                }
            }
        }

        foreach (ulong fewer in Fewer(failing.Access.Address.Value))
        {
            var simpler = failing;
            simpler.Access = failing.Access with { Address = new(fewer) };
            yield return simpler;
        }
    }

    // All zero, the high or the low half zero, or one bit less.
    private static IEnumerable<ulong> Fewer(ulong word)
    {
        ulong[] halves = [0, word & uint.MaxValue, word & ~(ulong)uint.MaxValue, word & FrameMask, word & ~FrameMask];
        foreach (ulong half in halves.Where(half => half != word).Distinct())
        {
            yield return half;
        }

        for (ulong rest = word; rest != 0; rest &= rest - 1)
        {
            yield return word & ~(1UL << BitOperations.TrailingZeroCount(rest));
        }
    }
}
