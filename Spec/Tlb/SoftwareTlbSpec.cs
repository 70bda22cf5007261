using System.Diagnostics;
using PageProof.Contract.Tlb;

namespace PageProof.Spec.Tlb;

/// <summary>What following an answer comes to: the state after it, or the reason why it is not permitted.</summary>
public readonly record struct SoftwareTlbStep(SoftwareTlbState? State, string? Refusal)
{
    internal static SoftwareTlbStep To(SoftwareTlbState state) => new(state, null);

    internal static SoftwareTlbStep Refuse(string reason) => new(null, reason);
}

/// <summary>
/// What a processor with a software-filled TLB may answer. The TLB is an array of entries, and every answer
/// is determined but these: which unwired entry TLBWR writes, what Index holds beside P after a probe in
/// vain, and what an exception leaves undefined. Source: MIPS R4000 User's Manual, 4.3.
/// </summary>
public static class SoftwareTlbSpec
{
    private const ulong FirstPair = 0xFFFF_FFFF_8000_0000;
    private const ulong PairSize = 0x2000;

    /// <summary>The state after a reset, in which no mapped address matches anything.</summary>
    public static SoftwareTlbState Begin(int entries) => new(
    [
        .. Enumerable.Range(0, entries).Select(place => new SoftwareTlbEntry(
            FirstPair + (ulong)place * PairSize & SoftwareTlbFormat.PairMask, 0, 0, 0, 0)),
    ]);

    /// <summary>Whether the answer is permitted, and the state after it.</summary>
    public static SoftwareTlbStep Follow(
        SoftwareTlbState state, in SoftwareTlbCommand command, in SoftwareTlbAnswer answer)
    {
        switch (state.Condition)
        {
            case SoftwareTlbCondition.Undefined:
                return SoftwareTlbStep.To(state);
            case SoftwareTlbCondition.Shutdown:
                return answer == new SoftwareTlbAnswer { Kind = SoftwareTlbAnswerKind.Shutdown }
                    ? SoftwareTlbStep.To(state)
                    : SoftwareTlbStep.Refuse("the TLB is shut down until a reset");
        }

        return command.Kind switch
        {
            SoftwareTlbCommandKind.WriteRegister => Done(answer, SoftwareTlbRegisterSpec.Write(state, command)),
            SoftwareTlbCommandKind.ReadRegister => SoftwareTlbRegisterSpec.Read(state, command.Register, answer),
            SoftwareTlbCommandKind.Probe => Probe(state, answer),
            SoftwareTlbCommandKind.ReadEntry => ReadEntry(state, answer),
            SoftwareTlbCommandKind.WriteIndexed => Done(answer, Write(state, state.Index)),
            SoftwareTlbCommandKind.WriteProbed when state.Index < SoftwareTlbFormat.ProbeFailed =>
                Exactly(answer, Valued(state.Index), Write(state, state.Index)),
            SoftwareTlbCommandKind.WriteRandom or SoftwareTlbCommandKind.WriteProbed => WriteRandom(state, answer),
            SoftwareTlbCommandKind.Access => Access(state, command, answer),
            SoftwareTlbCommandKind.ReturnFromException => Done(answer, state with { IsHandling = false }),
            _ => throw new UnreachableException(),
        };
    }

    private static SoftwareTlbStep Probe(SoftwareTlbState state, in SoftwareTlbAnswer answer)
    {
        if (state.Pair is not { } pair)
        {
            return SoftwareTlbStep.To(Undefined(state));
        }

        var places = state.PlacesOf(pair);
        switch (places.Count)
        {
            case 0:
                bool failed = answer.Kind == SoftwareTlbAnswerKind.Value
                    && (answer.Value.Value & ~SoftwareTlbFormat.PlaceMask) == SoftwareTlbFormat.ProbeFailed;
                return failed && answer == Valued(answer.Value.Value)
                    ? SoftwareTlbStep.To(state with { Index = answer.Value.Value })
                    : SoftwareTlbStep.Refuse("no entry matches");
            case 1:
                return Exactly(answer, Valued((ulong)places[0]), state with { Index = (ulong)places[0] });
            default:
                return Exactly(
                    answer,
                    new() { Kind = SoftwareTlbAnswerKind.Shutdown },
                    state with { Condition = SoftwareTlbCondition.Shutdown });
        }
    }

    // The bits of VPN2 that the size leaves out of comparisons may be kept or not.
    private static SoftwareTlbStep ReadEntry(SoftwareTlbState state, in SoftwareTlbAnswer answer)
    {
        if (state.Index >= (ulong)state.Entries.Length)
        {
            return SoftwareTlbStep.To(Undefined(state));
        }

        var entry = state.Entries[(int)state.Index];
        ulong global = SoftwareTlbFormat.IsGlobal(entry) ? 1UL : 0;
        foreach (ulong pair in (ulong[])[entry.Pair, entry.Pair & ~entry.Size])
        {
            if (answer == Valued(pair | entry.Asid))
            {
                return SoftwareTlbStep.To(state with
                {
                    Pair = pair,
                    Asid = entry.Asid,
                    Size = entry.Size,
                    Even = entry.Even & ~1UL | global,
                    Odd = entry.Odd & ~1UL | global,
                });
            }
        }

        return SoftwareTlbStep.Refuse($"the entry is of {new RegisterWord(entry.Pair | entry.Asid)}");
    }

    // Random is never below Wired.
    private static SoftwareTlbStep WriteRandom(SoftwareTlbState state, in SoftwareTlbAnswer answer)
    {
        ulong place = answer.Value.Value;
        return answer == Valued(place) && place >= state.Wired && place < (ulong)state.Entries.Length
            ? SoftwareTlbStep.To(Write(state, place))
            : SoftwareTlbStep.Refuse($"entries {state.Wired} to {state.Entries.Length - 1} can be written at random");
    }

    private static SoftwareTlbState Write(SoftwareTlbState state, ulong place) =>
        state.Registers is { } written && SoftwareTlbFormat.IsAligned(written) && place < (ulong)state.Entries.Length
            ? state with { Entries = state.Entries.SetItem((int)place, written) }
            : Undefined(state);

    private static SoftwareTlbStep Access(
        SoftwareTlbState state, in SoftwareTlbCommand command, in SoftwareTlbAnswer answer)
    {
        var (expected, after) = SoftwareTlbAccessSpec.Next(state, command);
        return Exactly(answer, expected, after);
    }

    private static SoftwareTlbStep Done(in SoftwareTlbAnswer answer, SoftwareTlbState after) =>
        Exactly(answer, new() { Kind = SoftwareTlbAnswerKind.Done }, after);

    private static SoftwareTlbStep Exactly(
        in SoftwareTlbAnswer answer, in SoftwareTlbAnswer expected, SoftwareTlbState after) =>
        after.Condition == SoftwareTlbCondition.Undefined || answer == expected
            ? SoftwareTlbStep.To(after)
            : SoftwareTlbStep.Refuse($"the answer is: {expected}");

    private static SoftwareTlbAnswer Valued(ulong value) =>
        new() { Kind = SoftwareTlbAnswerKind.Value, Value = new(value) };

    private static SoftwareTlbState Undefined(SoftwareTlbState state) =>
        state with { Condition = SoftwareTlbCondition.Undefined };
}
