using PageProof.Contract.Reclaim;

namespace PageProof.Implementation.Reclaim;

/// <summary>
/// What all policies do with the byte of a page. The bits of <see cref="PageMarks"/> are chosen so that no branch
/// depends on how a page is touched.
/// </summary>
internal static class Marks
{
    private const int WriteToDirty = 1;

    /// <summary>The bit of a record that says that data is written, at the place of the dirty bit.</summary>
    public static uint Dirty(uint mask) => (mask & (uint)ReferenceMask.Write) >> WriteToDirty;

    /// <summary>The byte of a page that has just come.</summary>
    public static byte OfLoad(uint mask) => (byte)((uint)PageMarks.Resident | Dirty(mask));

    /// <summary>1 when a page has to be written back, else 0.</summary>
    public static int Dirt(byte marks) => (marks & (int)PageMarks.Dirty) >> 1;

    /// <summary>Notes in the byte of a page that it is used; false when it is not in memory.</summary>
    public static bool TryUse(byte[] all, int page, uint mask)
    {
        ref byte marks = ref all[page];
        if (marks == 0)
        {
            return false;
        }

        marks |= (byte)Dirty(mask);
        return true;
    }

    /// <summary>The same, and sets its reference bit.</summary>
    public static bool TryRefer(byte[] all, int page, uint mask)
    {
        ref byte marks = ref all[page];
        if (marks == 0)
        {
            return false;
        }

        marks |= (byte)((uint)PageMarks.Referenced | Dirty(mask));
        return true;
    }
}
