using PageProof.Contract;

namespace PageProof.Implementation.Tlb;

/// <summary>An entry as it comes into an array.</summary>
/// <param name="Tag">Its tag.</param>
/// <param name="Payload">What is kept under it.</param>
/// <param name="Number">The number of the page, which chooses the set.</param>
public readonly record struct ArrayFill(ulong Tag, ulong Payload, uint Number);

/// <summary>
/// A set-associative array as a function: two fills, an invalidation, one fill more, and a lookup. About this
/// the theorems are.
/// </summary>
public static class LiftedArray
{
    /// <summary>What a lookup finds in the end, in an array of two sets of two ways; zero for nothing.</summary>
    [Lifted("tlb.array.findAfter")]
    public static ulong FindAfter(
        in ArrayFill first,
        in ArrayFill second,
        ulong mask,
        ulong wanted,
        in ArrayFill last,
        ulong tag,
        ulong otherTag,
        uint number)
    {
        SetAssociativeArray array = new(new(2, 2));
        Fill(array, first);
        Fill(array, second);
        array.RemoveWhere(mask, wanted);
        Fill(array, last);
        return array.Find(tag, otherTag, number);
    }

    // As whoever fills does: what is there under the same tag goes first.
    private static void Fill(SetAssociativeArray array, in ArrayFill fill)
    {
        array.Remove(fill.Tag, fill.Number);
        array.Insert(fill.Tag, fill.Payload, fill.Number);
    }
}
