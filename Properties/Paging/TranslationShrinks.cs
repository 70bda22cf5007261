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

    // Takes index 0 for one of the indices, with all the words that have it.
    private static IEnumerable<TranslationCase> PlainerIndices(TranslationCase failing)
    {
        for (int level = EntryFormat.LevelsOf(failing.Control); level >= 1; level--)
        {
            int shift = EntryFormat.OffsetBits(level);
            ulong index = failing.Access.Address.Value >> shift & 0x1FF;
            if (index == 0)
            {
                continue;
            }

            var simpler = failing;
            simpler.Clear();
            int width = CanonicalSpec.WidthOf(EntryFormat.LevelsOf(failing.Control));
            ulong address = failing.Access.Address.Value & ~(0x1FFUL << shift);
            bool topLevel = shift + 9 == width;
            address = topLevel ? address & ulong.MaxValue >> 64 - width : address;
            simpler.Access = failing.Access with { Address = new(address) };
            foreach (var word in failing.Words)
            {
                bool moves = (word.Address.Value & IndexMask) == index * 8;
                simpler.Set(moves ? new(word.Address.Value & ~IndexMask) : word.Address, word.Entry);
            }

            yield return simpler;
        }
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
