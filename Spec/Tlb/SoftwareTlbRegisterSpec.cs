using PageProof.Contract.Tlb;

namespace PageProof.Spec.Tlb;

/// <summary>
/// Reads and writes of the registers. What has to be written as zero, or cannot be written, or names an
/// entry that there is not, leaves the processor undefined. Source: MIPS R4000 User's Manual, 4.3.
/// </summary>
public static class SoftwareTlbRegisterSpec
{
    /// <summary>The state after a write.</summary>
    public static SoftwareTlbState Write(SoftwareTlbState state, in SoftwareTlbCommand command)
    {
        ulong operand = command.Operand.Value;
        bool outside = (operand & ~SoftwareTlbFormat.Fields(command.Register)) != 0;
        return command.Register switch
        {
            _ when outside => Undefined(state),
            SoftwareTlbRegister.Index => state with { Index = operand },
            SoftwareTlbRegister.EntryLo0 => state with { Even = operand },
            SoftwareTlbRegister.EntryLo1 => state with { Odd = operand },
            SoftwareTlbRegister.PageMask => state with { Size = operand },
            SoftwareTlbRegister.Wired when operand < (ulong)state.Entries.Length => state with { Wired = operand },
            SoftwareTlbRegister.EntryHi => state with
            {
                Pair = operand & SoftwareTlbFormat.PairMask,
                Asid = operand & SoftwareTlbFormat.AsidMask,
            },
            SoftwareTlbRegister.XContext => state with
            {
                // R and BadVPN2 are the processor's.
                Context = operand & SoftwareTlbFormat.TableMask | state.Context & ~SoftwareTlbFormat.TableMask,
            },
            _ => Undefined(state),
        };
    }

    /// <summary>Whether a read may show this: a known register as it is, an undefined one anything.</summary>
    public static SoftwareTlbStep Read(
        SoftwareTlbState state, SoftwareTlbRegister register, in SoftwareTlbAnswer answer)
    {
        ulong shown = answer.Value.Value;
        if (answer != new SoftwareTlbAnswer { Kind = SoftwareTlbAnswerKind.Value, Value = new(shown) })
        {
            return SoftwareTlbStep.Refuse("that is no end of this command");
        }

        var (known, mask) = Known(state, register);
        if ((shown & mask) != known || (shown & ~SoftwareTlbFormat.Fields(register)) != 0
            || register == SoftwareTlbRegister.Random && !IsRandom(state, shown))
        {
            return SoftwareTlbStep.Refuse($"the register holds {new RegisterWord(known)}");
        }

        // What was undefined has been seen now.
        return SoftwareTlbStep.To(register switch
        {
            SoftwareTlbRegister.EntryLo0 => state with { Even = shown },
            SoftwareTlbRegister.EntryLo1 => state with { Odd = shown },
            SoftwareTlbRegister.EntryHi => state with { Pair = shown & SoftwareTlbFormat.PairMask },
            SoftwareTlbRegister.XContext => state with { Context = shown, IsContextKnown = true },
            _ => state,
        });
    }

    /// <summary>What is known of a register, and which of its bits that is.</summary>
    private static (ulong Known, ulong Mask) Known(SoftwareTlbState state, SoftwareTlbRegister register) =>
        register switch
        {
            SoftwareTlbRegister.Index => (state.Index, ulong.MaxValue),
            SoftwareTlbRegister.EntryLo0 => state.Even is { } even ? (even, ulong.MaxValue) : default,
            SoftwareTlbRegister.EntryLo1 => state.Odd is { } odd ? (odd, ulong.MaxValue) : default,
            SoftwareTlbRegister.PageMask => (state.Size, ulong.MaxValue),
            SoftwareTlbRegister.Wired => (state.Wired, ulong.MaxValue),
            SoftwareTlbRegister.BadVAddr => (state.BadAddress, ulong.MaxValue),
            SoftwareTlbRegister.EntryHi => state.Pair is { } pair
                ? (pair | state.Asid, ulong.MaxValue)
                : (state.Asid, SoftwareTlbFormat.AsidMask),
            SoftwareTlbRegister.XContext => state.IsContextKnown
                ? (state.Context, ulong.MaxValue)
                : (state.Context & SoftwareTlbFormat.TableMask, SoftwareTlbFormat.TableMask),
            _ => default,
        };

    private static bool IsRandom(SoftwareTlbState state, ulong shown) =>
        shown >= state.Wired && shown < (ulong)state.Entries.Length;

    private static SoftwareTlbState Undefined(SoftwareTlbState state) =>
        state with { Condition = SoftwareTlbCondition.Undefined };
}
