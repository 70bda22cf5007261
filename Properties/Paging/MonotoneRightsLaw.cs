using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Spec.Paging;

namespace PageProof.Properties.Paging;

/// <summary>
/// Taking a right away never lets a user in: clearing R/W or U/S, or setting XD, in any entry removes
/// no fault of an ordinary access in user mode. (For a supervisor it can: SMAP and SMEP.)
/// </summary>
public sealed class MonotoneRightsLaw(ISystem system) : TwinLaw(system)
{
    public override string Name => "fewer rights never remove a user's fault";

    protected override bool TryTwin(in TranslationCase asked, ref TranslationCase twin)
    {
        bool ordinary = asked.Access.Kind is AccessKind.Read or AccessKind.Write or AccessKind.Fetch;
        if (!ordinary || !PermissionSpec.IsUserMode(asked.Access) || asked.Words.Length == 0)
        {
            return false;
        }

        var random = ChoicesOf(asked);
        var word = asked.Words[random.Below(asked.Words.Length)];
        ulong entry = word.Entry.Value;
        entry = random.Below(3) switch
        {
            0 => entry & ~(ulong)EntryBit.Writable,
            1 => entry & ~(ulong)EntryBit.User,
            _ when EntryFormat.HasExecuteDisable(asked.Control) => entry | (ulong)EntryBit.ExecuteDisable,
            _ => entry & ~(ulong)(EntryBit.User | EntryBit.Writable),
        };
        twin.Set(word.Address, new(entry));
        return entry != word.Entry.Value;
    }

    protected override bool Holds(
        in TranslationCase asked, in TranslationAnswer answer, in TranslationAnswer ofTwin) =>
        answer.Outcome.Kind != OutcomeKind.PageFault || ofTwin.Outcome.Kind == OutcomeKind.PageFault;
}
