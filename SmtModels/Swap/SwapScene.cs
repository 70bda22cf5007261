using PageProof.Contract.Paging;
using PageProof.Contract.Swap;
using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Swap;

/// <summary>Leaves without P, as the Implementation makes and reads them, and as the Spec does.</summary>
public sealed class SwapScene(ProofSubject subject) : CodeScene(subject)
{
    /// <summary>The bits of a leaf that could be the address of memory.</summary>
    public const ulong FrameBits = 0x000F_FFFF_FFFF_F000;

    /// <summary>What some processors set in a leaf without P.</summary>
    public const ulong Marks = (ulong)(EntryBit.Accessed | EntryBit.Dirty);

    /// <summary>How many slots an entry has room for.</summary>
    public const ulong SlotLimit = 1UL << 50;

    public Word AnyArea() => Within("area", 0, SwapAreaNumber.Most);

    /// <summary>A slot for which an entry has room.</summary>
    public Word AnySlot() => Within("slot", 0, SlotLimit - 1);

    /// <summary>How many bits a physical address has.</summary>
    public Word AnyWidth() => Within("width", PhysicalAddressWidth.Least, PhysicalAddressWidth.Most);

    public Word AnyMigration() => Within("kind", (ulong)MigrationKind.Read, (ulong)MigrationKind.Write);

    /// <summary>The address of a frame, which has no more bits than physical addresses.</summary>
    public Word AnyFrame()
    {
        var frame = AnyWord("frame");
        Assume(frame.HasNone(~FrameBits) & (frame >> AnyWidth()).Is(0));
        return frame;
    }

    /// <summary>A leaf with P and without G.</summary>
    public Word AnyLeaf()
    {
        var leaf = AnyWord("leaf");
        Assume(leaf.HasAny((ulong)EntryBit.Present) & leaf.HasNone((ulong)EntryBit.Global));
        return leaf;
    }

    /// <summary>The leaf of a page that is in a slot.</summary>
    public Word Swapped(Word slot) => WordOf(Run(
        "swap.entry",
        ("area", Value(AnyArea())), ("slot", Value(slot)), ("isExclusive", Value(AnyFact("exclusive")))));

    /// <summary>The leaf of a page that is on its way; of kind 0, of one that is lost.</summary>
    public Word Moving(Word kind) =>
        WordOf(Run("swap.moving", ("kind", Value(kind)), ("frame", Value(AnyFrame()))));

    /// <summary>The leaf of a page that is lost.</summary>
    public Word Lost() =>
        WordOf(Run("swap.moving", ("kind", Value(Number(0))), ("frame", Value(Number(0)))));

    public Word Hidden(Word leaf) => Ask("hidden", "leaf", leaf);

    /// <summary>What a leaf is taken to say.</summary>
    public Fact IsKind(Word entry, LeafKind kind) => Ask("kind", "entry", entry).Is((ulong)kind);

    /// <summary>How many slots an area may have.</summary>
    public Word SlotsMax() => WordOf(Run("swap.slots", ("width", Value(AnyWidth().Bits(31, 0)))));

    /// <summary>A bit of the word is set that no address of the lower half of all memory has.</summary>
    public Fact IsInUpperHalf(Word entry) => (entry >> (AnyWidth() - Number(1))).HasAny(1);

    /// <summary>What a method of the Implementation makes of a word.</summary>
    public Word Ask(string method, string parameter, Word word) =>
        WordOf(Run($"swap.{method}", (parameter, Value(word))));

    /// <summary>What the method of the Spec makes of it.</summary>
    public LiftedValue AskSpec(string method, string parameter, Word word) =>
        Run($"swap.spec.{method}", (parameter, Value(word)));

    private Word Within(string name, ulong least, ulong most)
    {
        var word = AnyWord(name);
        Assume(word.IsWithin(least, most));
        return word;
    }
}
