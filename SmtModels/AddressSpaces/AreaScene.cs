using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.AddressSpaces;

/// <summary>
/// An area of user addresses of the Implementation, and the same of the Spec: what the proofs about parts of areas
/// begin with.
/// </summary>
public sealed class AreaScene(ProofSubject subject) : CodeScene(subject)
{
    private const int PageBits = 12;
    private const int AddressBits = 47;
    private const int OffsetBits = 63;
    private const ulong UserEnd = (1UL << AddressBits) - (1UL << PageBits);

    // AreaFlags, in the order of its bits.
    private const ulong Touched = 2;

    private static readonly (string Name, ulong Bit)[] Flags =
        [("Shared", 1), ("Touched", Touched), ("Locked", 4), ("GrowsDown", 8)];

    /// <summary>Any area of the Implementation: whole pages of memory, and of what lies behind.</summary>
    public LiftedValue Area(string name) => Any("areas.upper", "area", name)
        .With(["Start"], Value(Address($"{name}.first")))
        .With(["End"], Value(Address($"{name}.end")))
        .With(["Offset"], Value(Pages($"{name}.behind", OffsetBits)));

    /// <summary>Any area of the Spec.</summary>
    public LiftedValue SpecArea(string name) => Any("areas.spec.upper", "area", name);

    /// <summary>An address of users at which a page begins, or a size in pages.</summary>
    public Word Address(string name) => Pages(name, AddressBits);

    // Fewer bits than a word are fewer to be reasoned about.
    private Word Pages(string name, int bits) => AnyWord(name).Bits(bits - PageBits - 1, 0).Widened(64) << PageBits;

    /// <summary>It has pages, all of users, and what lies behind them has an offset that is a signed number.</summary>
    public Fact IsOfUsers(LiftedValue area)
    {
        Word start = WordOf(area, "Start"), end = WordOf(area, "End"), offset = WordOf(area, "Offset");
        return start.IsBelow(end) & !Number(UserEnd, 64).IsBelow(end)
            & (IsAnonymous(area)
                | (offset.IsBelow(1UL << OffsetBits) & (offset + (end - start)).IsBelow(1UL << OffsetBits)));
    }

    /// <summary>Nothing lies behind it.</summary>
    public Fact IsAnonymous(LiftedValue area) => WordOf(area, "Object").Is(uint.MaxValue);

    /// <summary>An address lies within an area.</summary>
    public Fact IsIn(Word address, LiftedValue area) =>
        !address.IsBelow(WordOf(area, "Start")) & address.IsBelow(WordOf(area, "End"));

    /// <summary>All is the same but ends and offset.</summary>
    public Fact AreAlike(LiftedValue one, LiftedValue other, bool alsoTouched)
    {
        ulong mask = alsoTouched ? 0xFF : 0xFF & ~Touched;
        return WordOf(one, "Object").Is(WordOf(other, "Object"))
            & WordOf(one, "Protection").Is(WordOf(other, "Protection"))
            & (WordOf(one, "Flags") & mask).Is(WordOf(other, "Flags") & mask);
    }

    /// <summary>An area of the Implementation is one of the Spec, where no offset of nothing counts.</summary>
    public Fact AreSameArea(LiftedValue area, LiftedValue spec, bool zeroOffsets = true)
    {
        var same = WordOf(area, "Start").Is(WordOf(spec, "Start")) & WordOf(area, "End").Is(WordOf(spec, "End"))
            & WordOf(area, "Object").Is(WordOf(spec, "Object"))
            & WordOf(area, "Protection").Is(WordOf(spec, "Protection"))
            & (IsAnonymous(area) | WordOf(area, "Offset").Is(WordOf(spec, "Offset")));
        var none = WordOf(spec, "Offset").Is(0);
        return Flags
            .Select(flag => WordOf(area, "Flags").HasAny(flag.Bit).Iff(FactOf(spec, flag.Name)))
            .Aggregate(same & (zeroOffsets ? !IsAnonymous(area) | none : True), (a, b) => a & b)
            & WordOf(area, "Flags").HasNone(~Flags.Aggregate(0UL, (bits, flag) => bits | flag.Bit) & 0xFF);
    }

    /// <summary>A part of an area, by the Implementation or by the Spec.</summary>
    public LiftedValue Part(string method, LiftedValue area, Word address) =>
        Run(method, ("area", area), ("address", Value(address)));

    /// <summary>The page of the object behind an address, by the Implementation.</summary>
    public Word Page(LiftedValue area, Word address) => WordOf(Part("areas.page", area, address));

    /// <summary>Whether one area continues another.</summary>
    public Fact Continues(LiftedValue area, LiftedValue next) =>
        Says("areas.continues", ("area", area), ("next", next));

    /// <summary>Two areas as one.</summary>
    public LiftedValue Merged(LiftedValue area, LiftedValue next) =>
        Run("areas.merged", ("area", area), ("next", next));
}
