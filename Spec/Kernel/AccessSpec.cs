using PageProof.Contract;
using PageProof.Contract.Kernel;
using PageProof.Spec.AddressSpaces;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.Kernel;

/// <summary>
/// The accesses of a program. Bytes that lie in two pages are two parts, the lower one first, and nothing is
/// stored unless both can be.
/// Source: Intel SDM vol. 1, 3.3.7.1 for canonical addresses, and vol. 3A, 9.1.1 for accesses across pages;
/// sigaction(2). That the lower page faults first, and that the address of an access which is not canonical is
/// not told, is observed on Linux 6.18.
/// </summary>
public static class AccessSpec
{
    /// <summary>Loads 1, 2, 4 or 8 bytes.</summary>
    public static KernelOutcome Load(KernelState state, in KernelCommand command)
    {
        ulong address = command.Address.Value, count = command.Length.Value;
        KernelOutcome outcome = Touch(KernelOutcome.Done(state), command.Process, address, count, writes: false);
        if (outcome.Answer.Kind != KernelAnswerKind.Done)
        {
            return outcome;
        }

        int low = LowPart(address, (int)count);
        var read = ProcessViewSpec.Read(outcome.State, command.Process, address, low);
        return outcome with
        {
            State = ProcessViewSpec.Read(read, command.Process, address + (ulong)low, (int)count - low),
            Answer = outcome.Answer with { Value = Loaded(outcome.State, command.Process, address, (int)count) },
        };
    }

    /// <summary>Stores 1, 2, 4 or 8 bytes.</summary>
    public static KernelOutcome Store(KernelState state, in KernelCommand command)
    {
        ulong address = command.Address.Value, count = command.Length.Value;
        KernelOutcome outcome = Touch(KernelOutcome.Done(state), command.Process, address, count, writes: true);
        if (outcome.Answer.Kind != KernelAnswerKind.Done)
        {
            return outcome;
        }

        int low = LowPart(address, (int)count);
        var stored = ProcessViewSpec.Store(outcome.State, command.Process, address, low, command.Value);
        return outcome with
        {
            State = low == (int)count ? stored : ProcessViewSpec.Store(
                stored, command.Process, address + (ulong)low, (int)count - low, command.Value >> 8 * low),
        };
    }

    /// <summary>Loads the words of those pages of a range that can be read.</summary>
    public static KernelOutcome Checksum(KernelState state, in KernelCommand command)
    {
        ulong start = command.Address.Value, sum = 0, read = 0;
        KernelOutcome outcome = KernelOutcome.Done(state);
        for (ulong place = 0; place < command.Length.Value; place += PageContent.Bytes)
        {
            var touched = Touch(outcome, command.Process, start + place, PageContent.Bytes, writes: false);
            outcome = outcome with { State = touched.State };
            if (touched.Answer.Kind == KernelAnswerKind.Done)
            {
                outcome = touched with
                {
                    State = ProcessViewSpec.Read(
                        touched.State, command.Process, start + place, PageContent.Bytes),
                };
                var process = outcome.State.Processes[command.Process.Value]!;
                var content = ProcessViewSpec.PageAt(outcome.State, process, start + place)!.Value;
                sum += content.Sum(0, PageContent.Bytes, place);
                read++;
            }
        }

        return outcome with { Answer = outcome.Answer with { Value = sum, Length = read } };
    }

    /// <summary>Whether bits 63 to 47 of an address are alike.</summary>
    public static bool IsCanonical(ulong address) => (ulong)((long)(address << 16) >> 16) == address;

    private static ulong Loaded(KernelState state, ProcessNumber number, ulong address, int count)
    {
        var process = state.Processes[number.Value]!;
        int low = LowPart(address, count), offset = (int)(address % PageContent.Bytes);
        ulong loaded = ProcessViewSpec.PageAt(state, process, address)!.Value.Load(offset, low);
        return low == count ? loaded : loaded
            | ProcessViewSpec.PageAt(state, process, address + (ulong)low)!.Value.Load(0, count - low) << 8 * low;
    }

    /// <summary>How many of the bytes lie in the first page.</summary>
    private static int LowPart(ulong address, int count) =>
        Math.Min(count, PageContent.Bytes - (int)(address % PageContent.Bytes));

    private static KernelOutcome Touch(
        KernelOutcome before, ProcessNumber number, ulong address, ulong count, bool writes)
    {
        if (!IsCanonical(address) || !IsCanonical(address + count - 1))
        {
            return Signalled(before, new(before.State, MemorySignal.NotCanonical, 0), 0);
        }

        var low = FaultSpec.Touch(before.State, number, address, writes);
        var outcome = Signalled(before, low, address);
        ulong second = AddressSpaceSpec.PageStart(address + count - 1);
        return low.Signal != MemorySignal.None || second == AddressSpaceSpec.PageStart(address)
            ? outcome
            : Signalled(outcome, FaultSpec.Touch(outcome.State, number, second, writes), second);
    }

    private static KernelOutcome Signalled(in KernelOutcome before, in PageTouch touch, ulong address) => before with
    {
        State = touch.State,
        Answer = touch.Signal == MemorySignal.None ? before.Answer : new()
        {
            Kind = KernelAnswerKind.Signal,
            Signal = touch.Signal,
            Code = touch.Code,
            Address = new LinearAddress(address),
        },
        FaultsLeast = before.FaultsLeast + touch.FaultsLeast,
        FaultsMost = before.FaultsMost + touch.FaultsMost,
        MajorMost = before.MajorMost + (touch.MayBeMajor ? touch.FaultsMost : 0),
        EitherPresent = touch.EitherPresent,
    };
}
