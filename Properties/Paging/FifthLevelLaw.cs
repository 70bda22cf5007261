using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Spec.Paging;

namespace PageProof.Properties.Paging;

/// <summary>
/// Five levels, of which the top one leads to the same PML4 from its first and its last entry,
/// translate every address that is canonical for four levels as those four do.
/// </summary>
public sealed class FifthLevelLaw(ISystem system) : TwinLaw(system)
{
    public override string Name => "a fifth level of two equal entries changes nothing";

    protected override bool TryTwin(in TranslationCase asked, ref TranslationCase twin)
    {
        const int Last = 511;
        if (EntryFormat.Has(asked.Control, Cr4.FiveLevelPaging)
            || !CanonicalSpec.IsCanonical(asked.Access.Address, 4)
            || asked.Words.Length > TranslationCase.WordCountMax - 2
            || UnusedFrame(asked) is not { } top)
        {
            return false;
        }

        PagingEntry entry = new(EntryFormat.TopTable(asked.Control.Cr3).Value
            | (ulong)(EntryBit.Present | EntryBit.Writable | EntryBit.User));
        twin.Set(top, entry);
        twin.Set(new(top.Value + Last * 8), entry);
        twin.Control = asked.Control with
        {
            Cr3 = new(top.Value),
            Cr4 = asked.Control.Cr4 | Cr4.FiveLevelPaging,
        };
        return true;
    }

    protected override bool Holds(
        in TranslationCase asked, in TranslationAnswer answer, in TranslationAnswer ofTwin) =>
        EndAlike(answer, ofTwin, AnswerParts.All);
}
