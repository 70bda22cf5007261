using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Spec.Paging;

namespace PageProof.Properties.Paging;

/// <summary>
/// A large page is 512 pages of the next size, with the same rights and its PAT bit in the place that
/// the size has for it: the same fault, address and attributes everywhere.
/// </summary>
public sealed class SplitPageLaw(ISystem system) : TwinLaw(system)
{
    public override string Name => "a large page is 512 smaller ones";

    protected override bool TryTwin(in TranslationCase asked, ref TranslationCase twin)
    {
        if (LargeLeaf(asked) is not { } found || UnusedFrame(asked) is not { } table
            || asked.Words.Length == TranslationCase.WordCountMax)
        {
            return false;
        }

        int level = found.Level - 1;
        var leaf = asked.Read(found.Address).Value;
        ulong offset = asked.Access.Address.Value & ((1UL << EntryFormat.OffsetBits(found.Level)) - 1);
        ulong part = offset >> EntryFormat.OffsetBits(level) << EntryFormat.OffsetBits(level);
        ulong smaller = leaf | part;
        if (level == 1)
        {
            bool pat = (leaf & (ulong)EntryBit.PatOfLargePage) != 0;
            smaller = (leaf & ~(ulong)(EntryBit.PageSize | EntryBit.PatOfLargePage)) | part;
            smaller |= pat ? (ulong)EntryBit.PatOfSmallPage : 0;
        }

        const ulong Permissive = (ulong)(EntryBit.Present | EntryBit.Writable | EntryBit.User);
        twin.Set(found.Address, new(table.Value | Permissive));
        twin.Set(EntryFormat.EntryAddress(table, asked.Access.Address, level), new(smaller));
        return true;
    }

    protected override bool Holds(
        in TranslationCase asked, in TranslationAnswer answer, in TranslationAnswer ofTwin) =>
        EndAlike(answer, ofTwin, AnswerParts.All & ~AnswerParts.Size);

    // A listed, legal leaf of 2 MiB or 1 GiB that serves the walk once, and only as that.
    private static (PhysicalAddress Address, int Level)? LargeLeaf(in TranslationCase asked)
    {
        int levels = EntryFormat.LevelsOf(asked.Control);
        if (!CanonicalSpec.IsCanonical(asked.Access.Address, levels))
        {
            return null;
        }

        Span<ulong> seen = stackalloc ulong[6];
        var table = EntryFormat.TopTable(asked.Control.Cr3);
        for (int level = levels; level >= 2; level--)
        {
            var at = EntryFormat.EntryAddress(table, asked.Access.Address, level);
            var entry = asked.Read(at);
            if (asked.IndexOf(at) < 0 || seen[(level + 1)..].Contains(at.Value)
                || !EntryFormat.Has(entry, EntryBit.Present)
                || EntryFormat.IsReserved(asked.Control, entry, level))
            {
                return null;
            }

            if (EntryFormat.IsLeaf(entry, level))
            {
                return (at, level);
            }

            seen[level] = at.Value;
            table = EntryFormat.NextTable(entry);
        }

        return null;
    }
}
