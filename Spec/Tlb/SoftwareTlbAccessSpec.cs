using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;

namespace PageProof.Spec.Tlb;

/// <summary>
/// An access with a software-filled TLB: its one answer, and what an exception leaves in the registers.
/// Source: MIPS R4000 User's Manual, 4.3 (figure 4-21) and chapter 5, the TLB and address error
/// exceptions.
/// </summary>
public static class SoftwareTlbAccessSpec
{
    /// <summary>The answer, and the state after it.</summary>
    public static (SoftwareTlbAnswer Answer, SoftwareTlbState After) Next(
        SoftwareTlbState state, in SoftwareTlbCommand command)
    {
        // EXL means kernel mode, whatever the mode was.
        var mode = state.IsHandling ? ProcessorMode.Kernel : command.Mode;
        var segment = SoftwareTlbSegmentSpec.Of(command.Address, mode);
        bool write = command.Access == AccessKind.Write;
        return segment.Kind switch
        {
            SegmentKind.AddressError => AddressError(state, command.Address, write),
            SegmentKind.Unmapped => (To(segment.Physical, segment.Cacheability), state),
            _ => Mapped(state, command.Address, write),
        };
    }

    private static (SoftwareTlbAnswer Answer, SoftwareTlbState After) Mapped(
        SoftwareTlbState state, LinearAddress address, bool write)
    {
        var places = state.PlacesOf(address.Value);
        if (places.Count > 1)
        {
            return (new() { Kind = SoftwareTlbAnswerKind.Shutdown },
                state with { Condition = SoftwareTlbCondition.Shutdown });
        }

        var missed = write ? ExceptionCode.Store : ExceptionCode.Load;
        if (places.Count == 0)
        {
            // Chapter 5: a miss while an exception is handled goes where all others go.
            var vector = state.IsHandling ? ExceptionVector.General : ExceptionVector.ExtendedRefill;
            return Exception(state, address, missed, vector);
        }

        var entry = state.Entries[places[0]];
        ulong page = SoftwareTlbFormat.PageOf(entry, address);
        return SoftwareTlbFormat.IsValid(page) switch
        {
            false => Exception(state, address, missed, ExceptionVector.General),
            true when write && !SoftwareTlbFormat.IsDirty(page) =>
                Exception(state, address, ExceptionCode.Modified, ExceptionVector.General),
            true => (
                To(SoftwareTlbFormat.Frame(entry, page, address), SoftwareTlbFormat.CacheabilityOf(page)), state),
        };
    }

    // BadVAddr, XContext and EntryHi hold the address; the ASID stays, and the EntryLos are undefined.
    private static (SoftwareTlbAnswer Answer, SoftwareTlbState After) Exception(
        SoftwareTlbState state, LinearAddress address, ExceptionCode code, ExceptionVector vector) => (
        new() { Kind = SoftwareTlbAnswerKind.Exception, Code = code, Vector = vector },
        state with
        {
            IsHandling = true,
            BadAddress = address.Value,
            Context = SoftwareTlbFormat.ContextOf(state.Context, address),
            IsContextKnown = true,
            Pair = address.Value & SoftwareTlbFormat.PairMask,
            Even = null,
            Odd = null,
        });

    // The VPNs of XContext and EntryHi are undefined, too.
    private static (SoftwareTlbAnswer Answer, SoftwareTlbState After) AddressError(
        SoftwareTlbState state, LinearAddress address, bool write)
    {
        var code = write ? ExceptionCode.AddressStore : ExceptionCode.AddressLoad;
        var (answer, after) = Exception(state, address, code, ExceptionVector.General);
        return (answer, after with { Pair = null, IsContextKnown = false });
    }

    private static SoftwareTlbAnswer To(PhysicalAddress address, byte cacheability) => new()
    {
        Kind = SoftwareTlbAnswerKind.Translated,
        Address = address,
        Cacheability = cacheability,
    };
}
