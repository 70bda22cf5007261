using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Tlb;

/// <summary>
/// What the theorems of invalidation speak of: one CPU with any registers, one command, and one entry of
/// each kind that the CPU may hold.
/// </summary>
public sealed class TlbScene : CodeScene
{
    private const ulong PcidBits = 0xFFF;
    private const int LeafLevelMost = 3;
    private const int LevelMost = 5;

    public TlbScene(ProofSubject subject)
        : base(subject)
    {
        Control = Any(TlbMethods.Invalidates, "control");
        Command = Any(TlbMethods.Invalidates, "command");
        Translation = Any(TlbMethods.DropsTranslation, "translation");
        Partial = Any(TlbMethods.DropsPartial, "partial");
        Table = Any(TlbMethods.DropsTable, "table");
        Assume(WordOf(Control, "MaxPhyAddr", "Bits")
            .IsWithin(PhysicalAddressWidth.Least, PhysicalAddressWidth.Most));
        Assume(IsOfLevel(Translation, "Page", 1, LeafLevelMost) & IsOfLevel(Partial, "Prefix", 2, LevelMost));
        Assume(PcidOf(Translation).IsWithin(0, PcidBits) & PcidOf(Partial).IsWithin(0, PcidBits));
        Assume(PcidOf(Table).IsWithin(0, PcidBits));
        Prefer((Cr4 & ~(ulong)Contract.Paging.Cr4.ProcessContextIdentifiers)
            .Is((ulong)Contract.Paging.Cr4.PhysicalAddressExtension) & (Cr3 & ~PcidBits).Is(0));
    }

    /// <summary>The registers, any.</summary>
    public LiftedValue Control { get; }

    /// <summary>The command, any.</summary>
    public LiftedValue Command { get; }

    /// <summary>An entry of a TLB, any.</summary>
    public LiftedValue Translation { get; }

    /// <summary>An entry of a paging-structure cache, any.</summary>
    public LiftedValue Partial { get; }

    /// <summary>A table that a walk may come to, any.</summary>
    public LiftedValue Table { get; }

    public Word Cr3 => WordOf(Control, "Cr3", "Value");

    public Word Cr4 => WordOf(Control, "Cr4");

    public Fact HasPcids => Cr4.HasAny((ulong)Contract.Paging.Cr4.ProcessContextIdentifiers);

    /// <summary>The PCID that is current.</summary>
    public Word Current => HasPcids.Choose(Cr3.Bits(11, 0), Number(0, 12)).Widened(16);

    /// <summary>INVLPG: the address.</summary>
    public Word Address => WordOf(Command, "Address", "Value");

    /// <summary>INVPCID: the lower half of the descriptor.</summary>
    public Word Low => WordOf(Command, "Descriptor", "Low");

    /// <summary>INVPCID: the address in the descriptor.</summary>
    public Word Named => WordOf(Command, "Descriptor", "Address", "Value");

    /// <summary>MOV: the operand for CR3.</summary>
    public Word Cr3Operand => WordOf(Command, "Cr3", "Value");

    /// <summary>MOV: the operand for CR4.</summary>
    public Word Cr4Operand => WordOf(Command, "Cr4");

    public Fact IsGlobal => FactOf(Translation, "Global");

    public Fact IsKind(TlbCommandKind kind) => WordOf(Command, "Kind").Is((ulong)kind);

    public Fact IsType(InvpcidType type) => WordOf(Command, "Type").Is((ulong)type);

    /// <summary>The PCID of an entry.</summary>
    public Word PcidOf(LiftedValue entry) => WordOf(entry, "Pcid", "Value");

    /// <summary>The translation is of the page, of whatever size, in which an address lies.</summary>
    public Fact Hits(Word address) => IsSamePrefix(WordOf(Translation, "Page", "Value"), Translation, address);

    /// <summary>The same for an address of which so many low bits are kept, the rest zero.</summary>
    public Fact HitsWithin(int bits, Word address) => Hits(address.Bits(bits - 1, 0).Widened(64));

    /// <summary>The partial walk serves an address.</summary>
    public Fact Serves(Word address) => IsSamePrefix(WordOf(Partial, "Prefix", "Value"), Partial, address);

    /// <summary>The bits that are not translated all equal the highest that is.</summary>
    public Fact IsCanonical(Word address)
    {
        var shorter = address.Bits(47, 0).SignWidened(64).Is(address);
        var longer = address.Bits(56, 0).SignWidened(64).Is(address);
        var isLonger = Cr4.HasAny((ulong)Contract.Paging.Cr4.FiveLevelPaging);
        return (isLonger & longer) | (!isLonger & shorter);
    }

    /// <summary>The Spec says that the command ends in #GP.</summary>
    public Fact Refuses() => Says(TlbMethods.Refuses, ("control", Control), ("command", Command));

    /// <summary>The registers after the command, by the Spec.</summary>
    public LiftedValue Next() => Run(TlbMethods.Next, ("control", Control), ("command", Command));

    /// <summary>What a command invalidates, by the Spec.</summary>
    public Dropped Invalidates() => Invalidates(Command);

    /// <inheritdoc cref="Invalidates()"/>
    public Dropped Invalidates(LiftedValue command) =>
        new(this, Run(TlbMethods.Invalidates, ("control", Control), ("command", command)));

    /// <summary>The compiled CPU refuses the command.</summary>
    public Fact CpuRefuses() => Says(TlbMethods.CpuRefuses, ("control", Control), ("command", Command));

    /// <summary>The registers of the compiled CPU after the command.</summary>
    public LiftedValue CpuNext() => Run(TlbMethods.CpuNext, ("control", Control), ("command", Command));

    /// <summary>
    /// The compiled CPU finds the translation, which is of a level and came by a fetch or not, after a command
    /// of a kind.
    /// </summary>
    public Fact CpuKeepsTranslation(TlbCommandKind kind, int level, bool fetch)
    {
        var kept = Kept(TlbMethods.CpuKeepsTranslation, Translation, "Page", level)
            .With(["Global"], Translation.At("Global")).With(["Fetch"], Value(fetch ? True : !True));
        Assume(IsCanonical(WordOf(Translation, "Page", "Value")));
        return Says(
            TlbMethods.CpuKeepsTranslation,
            ("control", Control), ("kept", kept), ("command", OfKind(kind)));
    }

    /// <summary>The compiled CPU finds the partial walk, which is of a level, after a command of a kind.</summary>
    public Fact CpuKeepsPartial(TlbCommandKind kind, int level)
    {
        Assume(IsCanonical(WordOf(Partial, "Prefix", "Value")));
        return Says(
            TlbMethods.CpuKeepsPartial,
            ("control", Control),
            ("kept", Kept(TlbMethods.CpuKeepsPartial, Partial, "Prefix", level)),
            ("command", OfKind(kind)));
    }

    /// <summary>The front array of the compiled CPU serves an address of a page of a level after a command.</summary>
    public Fact CpuKeepsFront(TlbCommandKind kind, int level, Word address) => Says(
        TlbMethods.CpuKeepsFront,
        ("control", Control), ("level", Value((ulong)level, 32)), ("address", Value(address)),
        ("command", OfKind(kind)));

    // The kind and the level are numbers: so what is lifted is of one way through the code.
    private LiftedValue OfKind(TlbCommandKind kind) => Command.With(["Kind"], Value((ulong)kind, 8));

    private LiftedValue Kept(string method, LiftedValue entry, string address, int level) => Any(method, "kept")
        .With(["Address"], entry.At(address, "Value")).With(["Level"], Value((ulong)level, 32))
        .With(["Pcid"], entry.At("Pcid"));

    private Fact IsOfLevel(LiftedValue entry, string prefix, int least, int most)
    {
        var level = WordOf(entry, "Level");
        return level.IsWithin((ulong)least, (ulong)most)
            & (WordOf(entry, prefix, "Value") & OffsetBits(level)).Is(0);
    }

    private Fact IsSamePrefix(Word prefix, LiftedValue entry, Word address) =>
        ((prefix ^ address) & ~OffsetBits(WordOf(entry, "Level"))).Is(0);

    // The bits of an address below those that choose the entry of a level.
    private Word OffsetBits(Word level)
    {
        var bits = Number(0);
        for (int each = 1; each <= LevelMost; each++)
        {
            bits = level.Is((ulong)each).Choose(Number((1UL << 12 + 9 * (each - 1)) - 1), bits);
        }

        return bits;
    }
}

/// <summary>What an invalidation drops, by the Spec: nothing, if there is none.</summary>
public sealed class Dropped(TlbScene scene, LiftedValue invalidation)
{
    /// <summary>There is something to be invalidated.</summary>
    public Fact IsAny => scene.FactOf(invalidation, "hasValue");

    public Fact Translation => Drops(TlbMethods.DropsTranslation, "translation", scene.Translation);

    public Fact Partial => Drops(TlbMethods.DropsPartial, "partial", scene.Partial);

    public Fact Table => Drops(TlbMethods.DropsTable, "table", scene.Table);

    /// <summary>Whatever this drops, the other drops as well.</summary>
    public Fact IsWithin(Dropped other) => Translation.Implies(other.Translation)
        & Partial.Implies(other.Partial) & Table.Implies(other.Table);

    private Fact Drops(string method, string parameter, LiftedValue entry) =>
        IsAny & scene.Says(method, ("what", invalidation.At("value")), (parameter, entry));
}
