using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Spec.Paging;

namespace PageProof.Properties.Paging;

/// <summary>
/// Bits that the manual calls ignored change neither the fault nor the address: 11:9 and 58:52 of
/// every entry, 62:59 while keys are off, A, all but P of an absent entry, the low bits of CR3,
/// CR4.PSE; and PWT and PCD change the memory type only.
/// </summary>
public sealed class IgnoredBitsLaw(ISystem system) : TwinLaw(system)
{
    private const ulong AlwaysIgnored = 0x07F0_0000_0000_0E00;
    private const ulong KeyBits = 0x7800_0000_0000_0000;
    private const ulong TypeBits = (ulong)(EntryBit.WriteThrough | EntryBit.CacheDisable);

    public override string Name => "ignored bits are ignored";

    protected override bool TryTwin(in TranslationCase asked, ref TranslationCase twin)
    {
        var random = ChoicesOf(asked);
        ulong ignored = AlwaysIgnored | TypeBits | (ulong)EntryBit.Accessed
            | (EntryFormat.Has(asked.Control, Cr4.ProtectionKeys) ? 0 : KeyBits);
        foreach (ref readonly var word in asked.Words)
        {
            bool present = EntryFormat.Has(word.Entry, EntryBit.Present);
            ulong free = present ? ignored : ~(ulong)EntryBit.Present;
            twin.Set(word.Address, new(word.Entry.Value ^ (random.Edgy() & free)));
        }

        const ulong CachingOfTop = 0x18;
        twin.Control = asked.Control with
        {
            Cr3 = new(asked.Control.Cr3.Value ^ (random.Next() & CachingOfTop)),
            Cr4 = asked.Control.Cr4 ^ ((Cr4)random.Next() & Cr4.PageSizeExtensions),
        };
        return true;
    }

    protected override bool Holds(
        in TranslationCase asked, in TranslationAnswer answer, in TranslationAnswer ofTwin) =>
        EndAlike(answer, ofTwin, AnswerParts.Address | AnswerParts.Size | AnswerParts.Rights | AnswerParts.Key);
}
