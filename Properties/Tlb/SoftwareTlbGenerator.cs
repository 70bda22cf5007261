using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Tlb;

/// <summary>
/// Sequences for a software-filled TLB, in the phrases in which a kernel speaks to it: fill a pair, wire
/// one, empty an entry, read one back, switch the ASID, access, handle. In most sequences each pair keeps
/// its size and its global bit, and is only written as probed, so that no two entries match; one in eight is
/// careless. Now and then a command comes alone.
/// </summary>
public static class SoftwareTlbGenerator
{
    private const int PhrasesLeast = 3;
    private const int PhrasesMost = 20;
    private const int CasesPerPhrase = 60;
    private static readonly int[] Weights = [0, 1, 1, 2, 4];

    /// <summary>The sequence of this number.</summary>
    public static SoftwareTlbSequence Generate(ulong seed, long index)
    {
        CaseRandom random = new(seed, index);
        int entries = random.OneIn(8)
            ? SoftwareTlbSequence.EntriesMost
            : SoftwareTlbSequence.EntriesLeast + random.Below(7);
        SoftwareTlbPhrases phrases = new(ref random, entries);
        var weights = new int[SoftwareTlbPhrases.Kinds];
        for (int kind = 0; kind < weights.Length; kind++)
        {
            weights[kind] = random.Of(Weights) + (kind <= SoftwareTlbPhrases.Access ? 4 : 0);
        }

        int growth = (int)Math.Min(PhrasesMost - PhrasesLeast, 5 + index / CasesPerPhrase);
        int count = PhrasesLeast + random.Below(growth + 1);
        for (int phrase = 0; phrase < count; phrase++)
        {
            int drawn = random.Below(weights.Sum());
            int kind = 0;
            while (drawn >= weights[kind])
            {
                drawn -= weights[kind++];
            }

            phrases.Say(ref random, kind);
        }

        return new(entries, [.. phrases.Commands]);
    }
}

/// <summary>What is said so far, and the few pairs and ASIDs that it is about.</summary>
internal sealed class SoftwareTlbPhrases
{
    public const int Access = 1;
    public const int Kinds = 10;

    private const ulong PairMask = 0xC000_00FF_FFFF_E000;
    private const ulong FirstUnmapped = 0xC000_00FF_8000_0000;
    private const ulong WithoutG = ~1UL;

    // Where segments begin and end.
    private static readonly ulong[] Edges =
    [
        0, 1UL << 40, 1UL << 62, 0x4000_0100_0000_0000, 1UL << 63, 0xC000_0000_0000_0000, FirstUnmapped,
        0xFFFF_FFFF_8000_0000, 0xFFFF_FFFF_A000_0000, 0xFFFF_FFFF_C000_0000, 0xFFFF_FFFF_E000_0000,
    ];

    private readonly List<Pair> _pairs = [];
    private readonly ulong[] _asids;
    private readonly int _entries;
    private readonly bool _isCareless;
    private Pair _pair;
    private ulong _fresh = 0x2A_0000_0000;

    public SoftwareTlbPhrases(ref CaseRandom random, int entries)
    {
        _entries = entries;
        _isCareless = random.OneIn(8);
        _asids = [0, 1UL << random.Below(8), random.OneIn(2) ? 0xFF : (ulong)random.Below(256)];
        int count = 2 + random.Below(5);
        for (int tries = 0; tries < 4 * count && _pairs.Count < count; tries++)
        {
            Pair pair = RandomPair(ref random);
            if (_isCareless || !_pairs.Exists(other => Overlap(other, pair)))
            {
                _pairs.Add(pair);
            }
        }

        _pair = _pairs[0];
    }

    public List<SoftwareTlbCommand> Commands { get; } = [];

    public void Say(ref CaseRandom random, int kind)
    {
        if (Commands.Count > SoftwareTlbSequence.CommandsMax - 16)
        {
            return;
        }

        _pair = random.OneIn(3) ? random.Of(_pairs) : _pair;
        switch (kind)
        {
            case 0:
                Fill(ref random, _pair);
                break;
            case Access:
                Commands.Add(new()
                {
                    Kind = SoftwareTlbCommandKind.Access,
                    Address = RandomAddress(ref random),
                    Access = (AccessKind)random.Below(3),
                    Mode = random.OneIn(4) ? (ProcessorMode)random.Below(3) : _pair.Mode,
                });
                break;
            case 2:
                Add(SoftwareTlbCommandKind.ReturnFromException);
                break;
            case 3:
                Write(SoftwareTlbRegister.EntryHi, _pair.Base | random.Of(_asids));
                break;
            case 4:
                Read((SoftwareTlbRegister)random.Of((int[])[0, 1, 2, 3, 5, 6, 8, 10, 20]));
                break;
            case 5:
                ReadBack(ref random);
                break;
            case 6:
                Empty(ref random);
                break;
            case 7:
                Write(SoftwareTlbRegister.Wired, (ulong)random.Below(_entries));
                break;
            case 8:
                FillFresh(ref random);
                break;
            default:
                SayAlone(ref random);
                break;
        }
    }

    private void Fill(ref CaseRandom random, Pair pair)
    {
        if (_isCareless && random.OneIn(3))
        {
            pair = pair with { IsGlobal = random.OneIn(2), Size = SizeOf(random.Below(7)) };
        }

        Registers(ref random, pair, random.Of(_asids));
        if (_isCareless && random.OneIn(2))
        {
            Add(SoftwareTlbCommandKind.WriteRandom);
            return;
        }

        Add(SoftwareTlbCommandKind.Probe);
        Add(SoftwareTlbCommandKind.WriteProbed);
    }

    // A pair that was never written and never will be again can be written anywhere.
    private void FillFresh(ref CaseRandom random)
    {
        Pair fresh = new(_fresh += 0x2000, 0, random.OneIn(2), ProcessorMode.User);
        Registers(ref random, fresh, random.Of(_asids));
        if (random.OneIn(3))
        {
            Write(SoftwareTlbRegister.Index, (ulong)random.Below(_entries));
            Add(SoftwareTlbCommandKind.WriteIndexed);
        }
        else
        {
            Add(SoftwareTlbCommandKind.WriteRandom);
        }

        _pair = random.OneIn(2) ? fresh : _pair;
    }

    private void ReadBack(ref CaseRandom random)
    {
        Write(SoftwareTlbRegister.Index, (ulong)random.Below(_entries));
        Add(SoftwareTlbCommandKind.ReadEntry);
        Read(SoftwareTlbRegister.EntryLo0);
        Read(SoftwareTlbRegister.EntryLo1);
        Read(random.OneIn(2) ? SoftwareTlbRegister.PageMask : SoftwareTlbRegister.EntryHi);
    }

    // As a kernel empties an entry: by a pair that is not mapped, of each place its own.
    private void Empty(ref CaseRandom random)
    {
        int place = random.Below(_entries);
        Write(SoftwareTlbRegister.EntryHi, FirstUnmapped + (ulong)place * 0x2000);
        Write(SoftwareTlbRegister.EntryLo0, 0);
        Write(SoftwareTlbRegister.EntryLo1, 0);
        Write(SoftwareTlbRegister.PageMask, 0);
        Write(SoftwareTlbRegister.Index, (ulong)place);
        Add(SoftwareTlbCommandKind.WriteIndexed);
    }

    private void SayAlone(ref CaseRandom random)
    {
        switch (random.Below(8))
        {
            case 0:
                Write(SoftwareTlbRegister.XContext, random.Edgy() & 0xFFFF_FFFF_FFFF_FFF0);
                Read(SoftwareTlbRegister.XContext);
                break;
            case 1 or 2:
                Write(SoftwareTlbRegister.EntryHi, RandomAddress(ref random).Value & PairMask | random.Of(_asids));
                Add(SoftwareTlbCommandKind.Probe);
                Read(SoftwareTlbRegister.Index);
                break;
            case 3 when _isCareless:
                Write(SoftwareTlbRegister.Index, (ulong)random.Below(64));
                break;
            case 4 when _isCareless:
                Write((SoftwareTlbRegister)random.Of((int[])[2, 3, 5, 10]), random.Edgy());
                break;
            case 5 when _isCareless:
                Add((SoftwareTlbCommandKind)(2 + random.Below(5)));
                break;
            default:
                Read(random.OneIn(2) ? SoftwareTlbRegister.BadVAddr : SoftwareTlbRegister.XContext);
                Read(SoftwareTlbRegister.EntryHi);
                break;
        }
    }

    private void Registers(ref CaseRandom random, Pair pair, ulong asid)
    {
        ulong even = RandomPage(ref random, pair), odd = RandomPage(ref random, pair);
        ulong one = random.OneIn(4) ? 1UL : 0;
        Write(SoftwareTlbRegister.PageMask, pair.Size);
        Write(SoftwareTlbRegister.EntryHi, (random.OneIn(2) ? pair.Base : pair.Base & ~pair.Size) | asid);
        Write(SoftwareTlbRegister.EntryLo0, pair.IsGlobal ? even | 1 : even & WithoutG | one);
        Write(SoftwareTlbRegister.EntryLo1, pair.IsGlobal ? odd | 1 : odd & WithoutG | (random.OneIn(2) ? 0 : 1 - one));
    }

    private static ulong RandomPage(ref CaseRandom random, Pair pair)
    {
        ulong frame = random.OneIn(2) ? (ulong)random.Below(1 << 24) : 1UL << random.Below(24);
        ulong valid = random.OneIn(6) ? 0UL : 2, dirty = random.OneIn(2) ? 0UL : 4;
        return frame << 6 & ~(pair.Size >> 7) & ~0x3FUL | (ulong)random.Below(8) << 3 | dirty | valid;
    }

    private LinearAddress RandomAddress(ref CaseRandom random)
    {
        ulong span = pairSpan(_pair.Size);
        ulong within = random.OneIn(3) ? random.Edgy() : random.Next();
        ulong address = _pair.Address & ~span | within & span;
        address ^= random.OneIn(6) ? 1UL << random.Below(64) : 0;
        return new(random.Below(32) switch
        {
            0 => random.Edgy(),
            1 => Unmapped(ref random),
            2 => random.Of(Edges) - (random.OneIn(2) ? 0UL : 1),
            _ => address,
        });

        static ulong pairSpan(ulong size) => size | 0x1FFF;
    }

    private static ulong Unmapped(ref CaseRandom random) => random.OneIn(2)
        ? 0xFFFF_FFFF_8000_0000 | (ulong)random.Below(1 << 30)
        : 0x8000_0000_0000_0000 | (ulong)random.Below(8) << 59 | random.Next() >> 28;

    private Pair RandomPair(ref CaseRandom random)
    {
        ulong size = SizeOf(random.OneIn(2) ? 0 : random.Below(7));
        bool isGlobal = random.OneIn(3);
        if (_pairs.Count > 0 && random.OneIn(2))
        {
            // One bit apart from another.
            Pair other = random.Of(_pairs);
            return other with { Base = other.Base ^ 1UL << 13 + random.Below(26), Size = size, IsGlobal = isGlobal };
        }

        ulong low = random.Next() & 0xFF_FFFF_E000;
        return random.Below(6) switch
        {
            0 => new(0x4000_0000_0000_0000 | low, size, isGlobal, ProcessorMode.Supervisor),
            1 => new(0xC000_0000_0000_0000 | low >> 1 & 0xFF_FFFF_E000, size, isGlobal, ProcessorMode.Kernel),
            2 => new(0xC000_00FF_C000_0000 | low & 0x3FFF_E000, size, isGlobal, ProcessorMode.Kernel),
            _ => new(low, size, isGlobal, ProcessorMode.User),
        };
    }

    private static ulong SizeOf(int step) => ((1UL << 2 * step) - 1) << 13;

    private static bool Overlap(Pair one, Pair other) =>
        ((one.Base ^ other.Base) & PairMask & ~one.Size & ~other.Size) == 0;

    private void Write(SoftwareTlbRegister register, ulong operand) => Commands.Add(new()
    {
        Kind = SoftwareTlbCommandKind.WriteRegister,
        Register = register,
        Operand = new(operand),
    });

    private void Read(SoftwareTlbRegister register) =>
        Commands.Add(new() { Kind = SoftwareTlbCommandKind.ReadRegister, Register = register });

    private void Add(SoftwareTlbCommandKind kind) => Commands.Add(new() { Kind = kind });

    /// <summary>A pair as EntryHi and PageMask name it, and whose it is.</summary>
    private readonly record struct Pair(ulong Base, ulong Size, bool IsGlobal, ProcessorMode Mode)
    {
        // The last 2 GiB have all bits set between region and VPN2.
        public ulong Address => Base >= FirstUnmapped ? Base | 0x3FFF_FF00_0000_0000 : Base;
    }
}
