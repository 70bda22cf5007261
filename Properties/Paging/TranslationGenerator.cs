using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Properties.Harness;
using PageProof.Spec.Paging;

namespace PageProof.Properties.Paging;

/// <summary>What the tables of a case are made to be.</summary>
internal enum TablePlan
{
    /// <summary>The walk comes to a leaf, whose rights may or may not do.</summary>
    Leaf,
    NotPresent,
    Reserved,

    /// <summary>Entries of random bits.</summary>
    Garbage,

    /// <summary>The address is not canonical.</summary>
    NotCanonical,
}

/// <summary>
/// Translation cases within the capabilities of a system: the ends are drawn evenly, and the tables
/// are built along the walk so that the end is met, with the rest of their bits random. Tables may
/// be each other's or their own next table.
/// </summary>
public sealed class TranslationGenerator(TranslatorCapabilities capabilities)
{
    private const ulong PageMask = 0xFFF;
    private const ulong FreeBits = (ulong)(EntryBit.Accessed | EntryBit.Dirty
        | EntryBit.WriteThrough | EntryBit.CacheDisable);
    private static readonly byte[] LegalTypes = [0, 1, 4, 5, 6, 7];

    private readonly TranslationFit _fit = new(capabilities);

    /// <summary>The case of this number.</summary>
    public void Generate(ulong seed, long index, ref TranslationCase made)
    {
        CaseRandom machine = new(~seed, index / capabilities.CasesPerMachine);
        CaseRandom random = new(seed, index);
        made.Clear();
        made.Memory = capabilities.Memory;
        made.Access = RandomAccess(ref random);
        made.Control = RandomControl(ref random, ref machine, made.Access.Kind);

        var plan = random.Below(16) switch
        {
            < 9 => TablePlan.Leaf,
            < 11 => TablePlan.NotPresent,
            < 14 => TablePlan.Reserved,
            < 15 => TablePlan.Garbage,
            _ => TablePlan.NotCanonical,
        };
        made.Access = made.Access with { Address = RandomAddress(ref random, made.Control, plan) };
        Build(ref random, ref made, plan);
        AddDecoys(ref random, ref made);
        _fit.Fit(ref made);
    }

    private Access RandomAccess(ref CaseRandom random)
    {
        var kind = random.Of(capabilities.Kinds);
        bool data = kind is AccessKind.Read or AccessKind.Write;
        bool isImplicit = data && capabilities.ImplicitAccesses && random.OneIn(4);
        return new(
            default,
            kind,
            random.Of(capabilities.PrivilegeLevels),
            AlignmentCheck: random.OneIn(2),
            Implicit: isImplicit,
            StackSegment: data && !isImplicit && capabilities.StackReferences && random.OneIn(3));
    }

    private ControlState RandomControl(ref CaseRandom random, ref CaseRandom machine, AccessKind kind)
    {
        var cr0 = (Cr0)random.Next() & capabilities.Cr0 & Cr0.WriteProtect;
        var cr4 = (Cr4)random.Next() & capabilities.Cr4 & TranslationFit.PagingBits;
        if (kind is AccessKind.ShadowStackRead or AccessKind.ShadowStackWrite)
        {
            cr4 |= Cr4.ControlFlowEnforcement;
        }

        // CR4.CET without CR0.WP cannot be: loading either register so is #GP.
        cr0 |= cr4.HasFlag(Cr4.ControlFlowEnforcement) ? Cr0.WriteProtect : Cr0.None;
        var efer = (Efer)random.Next() & capabilities.Efer & Efer.NoExecuteEnable;
        ulong top = RandomFrame(ref random) | (random.Next() & LowBitsOfCr3);
        return new()
        {
            Cr0 = cr0,
            Cr3 = new(top),
            Cr4 = cr4 | Cr4.PhysicalAddressExtension,
            Efer = efer | Efer.LongModeEnable,
            Pkru = new(cr4.HasFlag(Cr4.ProtectionKeys) ? (uint)random.Edgy() : (uint)random.Next()),
            Pat = RandomPat(ref random),
            MaxPhyAddr = machine.Of(capabilities.Widths),
            HasGigabytePages = machine.Of(capabilities.GigabytePages),
            Vendor = machine.Of(capabilities.Vendors),
        };
    }

    // A system that loads CR3 may keep a PCID there; PWT and PCD it has always.
    private ulong LowBitsOfCr3 => capabilities.Accesses ? 0x18 : PageMask;

    private static PageAttributeTable RandomPat(ref CaseRandom random)
    {
        if (random.OneIn(2))
        {
            return PageAttributeTable.AtReset;
        }

        ulong pat = 0;
        for (int index = 0; index < 8; index++)
        {
            pat = pat << 8 | random.Of(LegalTypes);
        }

        return new(pat);
    }

    private LinearAddress RandomAddress(ref CaseRandom random, in ControlState control, TablePlan plan)
    {
        int levels = EntryFormat.LevelsOf(control);
        int width = CanonicalSpec.WidthOf(levels);
        ulong address = random.OneIn(4) ? random.Edgy() : random.Next();

        // Equal indices let one word serve several levels.
        bool equalIndices = random.OneIn(8);
        ulong shared = RandomIndex(ref random);
        for (int level = levels; level >= 1; level--)
        {
            ulong index = equalIndices ? shared : RandomIndex(ref random);
            int shift = EntryFormat.OffsetBits(level);
            address = (address & ~(0x1FFUL << shift)) | index << shift;
        }

        ulong canonical = (ulong)((long)(address << 64 - width) >> 64 - width);
        if (plan == TablePlan.NotCanonical)
        {
            // Most of them only just.
            ulong wrong = random.OneIn(2) ? 1UL << random.Below(64 - width + 1) + width - 1
                : random.OneIn(2) ? ~0UL << width : random.Next() << width;
            canonical ^= wrong;

            // Now and then the first or the last that is wrong.
            if (random.OneIn(8))
            {
                ulong first = 1UL << width - 1;
                canonical = random.OneIn(2) ? first : ~first;
            }
        }

        return new(capabilities.Accesses ? canonical & ~7UL : canonical);
    }

    private ulong RandomIndex(ref CaseRandom random)
    {
        ulong index = random.Below(4) switch
        {
            0 => (ulong)random.Below(4),
            1 => 255UL + (ulong)random.Below(2),
            2 => 511,
            _ => (ulong)random.Below(512),
        };
        return index == (ulong?)capabilities.OwnTopIndex ? 0 : index;
    }

    private ulong RandomFrame(ref CaseRandom random)
    {
        int frames = (int)(capabilities.Memory.Value >> 12);
        return (ulong)random.Below(random.OneIn(2) ? Math.Min(frames, 16) : frames) << 12;
    }

    private void Build(ref CaseRandom random, ref TranslationCase made, TablePlan plan)
    {
        int levels = EntryFormat.LevelsOf(made.Control);
        int leafLevel = 1 + random.Below(made.Control.HasGigabytePages || random.OneIn(8) ? 3 : 2);
        int endLevel = plan is TablePlan.NotPresent or TablePlan.Reserved
            ? leafLevel + random.Below(levels - leafLevel + 1)
            : leafLevel;
        bool cyclic = random.OneIn(6);
        Span<ulong> tables = stackalloc ulong[6];
        PhysicalAddress table = EntryFormat.TopTable(made.Control.Cr3);
        for (int level = levels; level >= leafLevel; level--)
        {
            tables[level] = table.Value;
            var at = EntryFormat.EntryAddress(table, made.Access.Address, level);
            if (!IsInside(at))
            {
                return;
            }

            if (made.IndexOf(at) < 0)
            {
                ulong next = cyclic && random.OneIn(2)
                    ? tables[level + random.Below(levels - level + 1)]
                    : RandomFrame(ref random);
                var here = level == endLevel ? plan : TablePlan.Leaf;
                made.Set(at, new(plan == TablePlan.Garbage
                    ? Garbage(ref random)
                    : Entry(ref random, made, level, level == leafLevel, here, next)));
            }

            table = EntryFormat.NextTable(made.Read(at));
        }
    }

    private ulong Entry(
        ref CaseRandom random, in TranslationCase made, int level, bool leaf, TablePlan plan, ulong next)
    {
        // Mostly permissive above the leaf, so that the rights are decided everywhere.
        const ulong Rights = (ulong)(EntryBit.Writable | EntryBit.User);
        ulong entry = (ulong)EntryBit.Present | (random.OneIn(3) ? random.Next() & Rights : Rights);
        entry |= random.Next() & FreeBits;
        entry |= random.OneIn(2) ? random.Next() & IgnoredBits(made.Control, level) : 0;
        if (random.OneIn(leaf ? 4 : 8) && EntryFormat.HasExecuteDisable(made.Control))
        {
            entry |= (ulong)EntryBit.ExecuteDisable;
        }

        if (leaf)
        {
            entry |= LeafFrame(ref random, made, level);
            entry |= level > 1 ? (ulong)EntryBit.PageSize : random.Next() & (ulong)EntryBit.PatOfSmallPage;
        }
        else
        {
            entry |= next;
        }

        return plan switch
        {
            TablePlan.NotPresent => (random.OneIn(2) ? random.Next() : entry) & ~(ulong)EntryBit.Present,
            TablePlan.Reserved => entry | ReservedBit(ref random, made.Control, level, leaf),
            _ => entry,
        };
    }

    // Bits 11:9 and 58:52 everywhere; 62:59 are a key or ignored; G matters in leaves only.
    private static ulong IgnoredBits(in ControlState control, int level) =>
        0x7FF0_0000_0000_0E00
        | (level >= 4 && control.Vendor == Vendor.Amd ? 0 : (ulong)EntryBit.Global)
        | (level == 1 ? (ulong)EntryBit.PatOfSmallPage : 0);

    private ulong LeafFrame(ref CaseRandom random, in TranslationCase made, int level)
    {
        int offsetBits = EntryFormat.OffsetBits(level);
        ulong within = capabilities.Accesses
            ? capabilities.Memory.Value - 1
            : ulong.MaxValue >> 64 - made.Control.MaxPhyAddr.Bits;
        ulong frame = (random.OneIn(4) ? random.Edgy() : random.Next()) & within & ulong.MaxValue << offsetBits;
        ulong pat = level > 1 ? random.Next() & (ulong)EntryBit.PatOfLargePage : 0;
        return frame | pat;
    }

    private static ulong ReservedBit(ref CaseRandom random, in ControlState control, int level, bool leaf)
    {
        Span<ulong> choices = stackalloc ulong[5];
        int count = 0;
        int width = control.MaxPhyAddr.Bits;
        if (width < PhysicalAddressWidth.Most)
        {
            int bit = random.OneIn(3) ? width : width + random.Below(PhysicalAddressWidth.Most - width);
            choices[count++] = 1UL << bit;
        }

        if (!EntryFormat.HasExecuteDisable(control))
        {
            choices[count++] = (ulong)EntryBit.ExecuteDisable;
        }

        if (level >= 4 || (level == 3 && !control.HasGigabytePages))
        {
            choices[count++] = (ulong)EntryBit.PageSize;
        }

        if (level >= 4 && control.Vendor == Vendor.Amd)
        {
            choices[count++] = (ulong)EntryBit.Global;
        }

        if (leaf && level > 1)
        {
            choices[count++] = 1UL << 13 + random.Below(EntryFormat.OffsetBits(level) - 13);
        }

        return count == 0 ? 0 : choices[random.Below(count)];
    }

    private ulong Garbage(ref CaseRandom random)
    {
        ulong entry = random.OneIn(2) ? random.Edgy() : random.Next();
        entry |= random.OneIn(8) ? 0 : (ulong)EntryBit.Present;
        if (capabilities.Accesses || random.OneIn(2))
        {
            // Lead on to a table that is there.
            entry = (entry & ~0x000F_FFFF_FFFF_F000UL) | RandomFrame(ref random);
        }

        return entry;
    }

    // Words beside the walk: whoever takes a wrong index finds something to go on with.
    private void AddDecoys(ref CaseRandom random, ref TranslationCase made)
    {
        int words = made.Words.Length;
        for (int word = 0; word < words; word++)
        {
            if (!random.OneIn(4))
            {
                continue;
            }

            var near = made.Words[word];
            PhysicalAddress at = new((near.Address.Value & ~PageMask) | (ulong)random.Below(512) * 8);
            if (random.OneIn(2))
            {
                at = new(near.Address.Value ^ 8UL << random.Below(9));
            }

            if (made.IndexOf(at) < 0 && IsInside(at) && !_fit.IsOwnWord(made, at))
            {
                made.Set(at, random.OneIn(2) ? near.Entry : new(random.Edgy()));
            }
        }
    }

    private bool IsInside(PhysicalAddress at) => at.Value < capabilities.Memory.Value;
}
