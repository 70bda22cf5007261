using System.Collections.Immutable;
using PageProof.Contract.Kernel;
using PageProof.Spec.AddressSpaces;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.Kernel;

/// <summary>What there is: processes, and the objects that they share.</summary>
/// <param name="Kernel">What the kernel promises.</param>
/// <param name="Files">How many of the objects are files; they come first.</param>
/// <param name="Processes">The processes by their numbers; null where there is none.</param>
/// <param name="Objects">The objects; those without a name are kept when nobody has them any more.</param>
public sealed record KernelState(
    KernelCapabilities Kernel,
    int Files,
    ImmutableArray<ProcessState?> Processes,
    ImmutableArray<MemoryObject> Objects)
{
    /// <summary>
    /// How much of a stack counts as one, of those that were put together from several, which the system may still
    /// keep apart; 0 when all does.
    /// </summary>
    public ulong LowestPart { get; init; }

    /// <summary>The pipes by their numbers.</summary>
    public ImmutableArray<PipeState> Pipes { get; init; } =
        [.. KernelSequence.PipeBuffers.Select(most => new PipeState(most, []))];

    /// <summary>The pins by their numbers; null where there is none.</summary>
    public ImmutableArray<PinState?> Pins { get; init; } =
        [.. Enumerable.Repeat<PinState?>(null, KernelSequence.Pins)];

    /// <summary>What there is of swap.</summary>
    public SwapState Swap { get; init; } = SwapState.Off;

    /// <summary>How many frames there are, if they are few; 0 where there are enough for everything.</summary>
    public int Frames { get; init; }

    /// <summary>There are few frames: the kernel may take pages, and lack frames, at any time.</summary>
    public bool Tight => Frames > 0;

    /// <summary>The pages that only pins keep.</summary>
    public ImmutableArray<LeftPage> Left { get; init; } = [];

    /// <summary>The state with another pin under a number, or none.</summary>
    public KernelState With(PinNumber number, PinState? changed) =>
        this with { Pins = Pins.SetItem(number.Value, changed) };

    /// <summary>The state with another pipe under a number.</summary>
    public KernelState With(PipeNumber number, PipeState changed) =>
        this with { Pipes = Pipes.SetItem(number.Value, changed) };

    /// <summary>The state with another process under a number.</summary>
    public KernelState With(ProcessNumber number, ProcessState? process) =>
        this with { Processes = Processes.SetItem(number.Value, process) };

    /// <summary>The state with another object under a number.</summary>
    public KernelState With(int number, MemoryObject changed) =>
        this with { Objects = Objects.SetItem(number, changed) };
}

/// <summary>What comes of a command, and how much of that is left open.</summary>
/// <param name="State">The state after it.</param>
/// <param name="Answer">The answer, without faults, and without P where that is open.</param>
public readonly record struct KernelOutcome(KernelState State, KernelAnswer Answer)
{
    /// <summary>The fewest faults that the command may take.</summary>
    public int FaultsLeast { get; init; }

    /// <summary>The most faults that the command may take.</summary>
    public int FaultsMost { get; init; }

    /// <summary>How many of them may be major.</summary>
    public int MajorMost { get; init; }

    /// <summary>Whether it is open if the page that a signal tells of was present.</summary>
    public bool EitherPresent { get; init; }

    /// <summary>The bits of the value that are open.</summary>
    public ulong OpenBits { get; init; }

    /// <summary>Why what the system chose is not permitted.</summary>
    public string? Refusal { get; init; }

    /// <summary>A command that was carried out.</summary>
    public static KernelOutcome Done(KernelState after, ulong value = 0, ulong length = 0) =>
        new(after, new() { Kind = KernelAnswerKind.Done, Value = value, Length = length });

    /// <summary>A call that failed.</summary>
    public static KernelOutcome Failed(KernelState after, Errno errno) =>
        new(after, new() { Kind = KernelAnswerKind.Failed, Errno = errno });
}

/// <summary>
/// What following an answer comes to: the state after it, or why it is not permitted; neither when it is, and the state
/// is not known.
/// </summary>
/// <param name="State">The state after a permitted answer.</param>
/// <param name="Refusal">Why the answer is not permitted.</param>
public readonly record struct KernelStep(KernelState? State, string? Refusal);
