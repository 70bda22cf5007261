using System.Numerics;
using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Spec.Paging;

namespace PageProof.Cli.Walk;

/// <summary>
/// The words in which the SDM speaks of an entry. Source: Intel SDM vol. 3A, 4.5.5.
/// </summary>
public static class EntryText
{
    private static readonly (EntryBit Bit, string Name)[] Everywhere =
    [
        (EntryBit.Present, "P"), (EntryBit.Writable, "R/W"), (EntryBit.User, "U/S"),
        (EntryBit.WriteThrough, "PWT"), (EntryBit.CacheDisable, "PCD"), (EntryBit.Accessed, "A"),
    ];

    private static readonly (EntryBit Bit, string Name)[] OfSmallPage =
    [
        (EntryBit.Dirty, "D"), (EntryBit.PatOfSmallPage, "PAT"), (EntryBit.Global, "G"),
    ];

    private static readonly (EntryBit Bit, string Name)[] OfLargePage =
    [
        (EntryBit.Dirty, "D"), (EntryBit.PageSize, "PS"), (EntryBit.Global, "G"),
        (EntryBit.PatOfLargePage, "PAT"),
    ];

    /// <summary>The short name of the table of a level.</summary>
    public static string TableOf(int level) => level switch
    {
        5 => "PML5",
        4 => "PML4",
        3 => "PDPT",
        2 => "PD",
        _ => "PT",
    };

    /// <summary>The short name of the entry of a step, with its index.</summary>
    public static string EntryOf(in WalkStep step) => $"{TableOf(step.Level)}E {step.Index}";

    /// <summary>The names of the bits that are set and mean something at this level.</summary>
    public static IReadOnlyList<string> BitsOf(in ControlState control, in WalkStep step)
    {
        if (step.Kind is StepKind.Outside or StepKind.NotPresent)
        {
            return [];
        }

        var names = new List<string>();
        foreach (var (bit, name) in NamesAt(step))
        {
            if (EntryFormat.Has(step.Entry, bit))
            {
                names.Add(name);
            }
        }

        var key = EntryFormat.KeyOf(control, step.Entry);
        if (IsLeaf(step) && key.Value != 0)
        {
            names.Add($"key={key}");
        }

        return names;
    }

    /// <summary>The numbers of the set bits that must be clear, highest first.</summary>
    public static IReadOnlyList<int> ReservedBitsOf(in ControlState control, in WalkStep step)
    {
        if (step.Kind != StepKind.Reserved)
        {
            return [];
        }

        // Which other bits are reserved depends on PS, which may itself be among them.
        ulong form = step.Level > 1 ? step.Entry.Value & (ulong)EntryBit.PageSize : 0;
        bool formIsReserved = EntryFormat.IsReserved(control, new(form), step.Level);
        var bits = new List<int>();
        foreach (int bit in SetBits(step.Entry.Value))
        {
            ulong alone = 1UL << bit | (formIsReserved ? 0 : form);
            if (EntryFormat.IsReserved(control, new(alone), step.Level))
            {
                bits.Add(bit);
            }
        }

        return bits;
    }

    /// <summary>
    /// The numbers of the set bits that mean nothing to the processor, highest first; systems keep
    /// notes of their own there.
    /// </summary>
    public static IReadOnlyList<int> IgnoredBitsOf(in ControlState control, in WalkStep step)
    {
        if (step.Kind is StepKind.Outside or StepKind.NotPresent)
        {
            return [];
        }

        int frameBit = EntryFormat.OffsetBits(IsLeaf(step) ? step.Level : 1);
        ulong known = (1UL << PhysicalAddressWidth.Most) - (1UL << frameBit);
        known |= NamesAt(step).Aggregate(0UL, (bits, named) => bits | (ulong)named.Bit);
        known |= ReservedBitsOf(control, step).Aggregate(0UL, (bits, bit) => bits | 1UL << bit);
        if (IsLeaf(step) && EntryFormat.Has(control, Cr4.ProtectionKeys))
        {
            known |= 0xFUL << 59;
        }

        return [.. SetBits(step.Entry.Value & ~known)];
    }

    /// <summary>What the walk does with the entry, in a few words.</summary>
    public static string MeaningOf(in ControlState control, in WalkStep step) => step.Kind switch
    {
        StepKind.Table =>
            $"next: {TableOf(step.Level - 1)} at {EntryFormat.NextTable(step.Entry)}",
        StepKind.Page =>
            $"page: {PagingText.Of(EntryFormat.SizeOf(step.Level))} at {FrameOf(step)}",
        StepKind.NotPresent =>
            step.Entry.Value == 0 ? "empty: not present" : "P = 0: not present",
        StepKind.Reserved => $"reserved: {Bits(ReservedBitsOf(control, step))}",
        _ => "no memory here",
    };

    /// <summary>Where the page of a leaf begins.</summary>
    public static PhysicalAddress FrameOf(in WalkStep step) =>
        EntryFormat.InPage(step.Entry, new LinearAddress(0), step.Level);

    /// <summary>Bit numbers as a list, such as <c>bit 63</c> or <c>bits 58, 9</c>.</summary>
    public static string Bits(IReadOnlyList<int> bits) =>
        (bits.Count == 1 ? "bit " : "bits ") + string.Join(", ", bits);

    private static bool IsLeaf(in WalkStep step) => EntryFormat.IsLeaf(step.Entry, step.Level);

    private static (EntryBit Bit, string Name)[] NamesAt(in WalkStep step) =>
    [
        .. Everywhere,
        .. !IsLeaf(step) ? [] : step.Level == 1 ? OfSmallPage : OfLargePage,
        (EntryBit.ExecuteDisable, "XD"),
    ];

    private static IEnumerable<int> SetBits(ulong word)
    {
        while (word != 0)
        {
            int bit = BitOperations.Log2(word);
            yield return bit;
            word ^= 1UL << bit;
        }
    }
}
