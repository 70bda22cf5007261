using System.Runtime.InteropServices;
using PageProof.Contract;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.Paging;

namespace PageProof.Reality.Linux;

/// <summary>
/// The running kernel behind the door: real processes, real files, and the signals that accesses really raise.
/// </summary>
internal sealed class LinuxKernel : IKernel
{
    private const int SegmentationFault = 11;
    private const int BusError = 7;

    private readonly StubTree _tree;
    private readonly KernelOrder _order;
    private readonly List<Question> _questions = [];
    private readonly List<AreaLine> _lines = [];
    private readonly StubAnswer[] _answers = new StubAnswer[StubTree.OperationsAtOnce];

    public LinuxKernel(int cpu)
    {
        _tree = new(cpu);
        _order = new();
        KernelOrder.WriteNames(_tree.Buffer);
        Capabilities = Offered;
        _tree.SetOrigin(Capabilities.Arena.Value);
        SetLimits();
        bool pins = StubRing.TryOpen(_tree);
        Capabilities = Capabilities with
        {
            KeepsTails = ShowsTail(),
            MmapMinAddress = LowestAddress(),
            AdvisesOthers = AboutAnother().Kind == KernelAnswerKind.Done,
            Commands = [.. Capabilities.Commands.Where(kind => CanBeAsked(kind) && (pins || !IsOfPins(kind)))],
        };
    }

    /// <summary>What every Linux can be asked.</summary>
    public static KernelCapabilities Offered { get; } = new()
    {
        Cpus = 1,
        Heap = new(StubLayout.Heap),

        // When another thread comes in between is for nobody to say, an image would not be the loader's work, and there
        // is no swap: what is swapped and where is the machine's own matter.
        Commands =
        [
            .. Enum.GetValues<KernelCommandKind>()
                .Where(kind => kind is not (KernelCommandKind.ForceRaced or KernelCommandKind.Exec)
                    && kind < KernelCommandKind.SwapOn),
        ],
        Pinnings = [PinFlags.Write | PinFlags.LongTerm],
        Flags = KernelCapabilities.PlainFlags | MmapFlags.Locked | MmapFlags.Populate
            | MmapFlags.GrowsDown,
        Advice = [.. Enum.GetValues<MemoryAdvice>().Where(advice => advice != MemoryAdvice.PageOut)],
        Deviations = LinuxDeviations.All,
    };

    /// <inheritdoc/>
    public KernelCapabilities Capabilities { get; }

    /// <inheritdoc/>
    public ReadOnlySpan<AreaLine> Lines => CollectionsMarshal.AsSpan(_lines);

    /// <inheritdoc/>
    public void Run(KernelStart start, ReadOnlySpan<KernelCommand> commands, Span<KernelAnswer> answers)
    {
        _lines.Clear();
        Add(start, commands, answers, 0);
        Flush(answers);
    }

    /// <inheritdoc/>
    public void RunAll(ReadOnlySpan<KernelSequence> sequences, Span<KernelAnswer> answers)
    {
        _lines.Clear();
        int first = 0;
        foreach (ref readonly var sequence in sequences)
        {
            Add(sequence.Start, sequence.Commands.AsSpan(), answers, first);
            first += sequence.Commands.Length;
        }

        Flush(answers);
    }

    /// <inheritdoc/>
    public void Dispose() => _tree.Dispose();

    // Two of struct rlimit, and struct sigaction of a signal that is ignored.
    private void SetLimits()
    {
        const ulong FileSize = 1; // RLIMIT_FSIZE
        const ulong Stack = 3; // RLIMIT_STACK
        const ulong TooLarge = 25; // SIGXFSZ
        const ulong Ignore = 1; // SIG_IGN
        const ulong MaskLength = 8;
        ulong size = Capabilities.FileSizeLimit, stack = Capabilities.StackLimit;
        ReadOnlySpan<ulong> words = [size, size, stack, stack, Ignore, 0, 0, 0];
        ulong place = StubTree.BufferAddress + KernelOrder.Texts;
        MemoryMarshal.AsBytes(words).CopyTo(_tree.Buffer[KernelOrder.Texts..]);
        _tree.Run(
            [
                StubOperation.Call(StubTree.Root, SystemCall.Setrlimit, FileSize, place),
                StubOperation.Call(StubTree.Root, SystemCall.Setrlimit, Stack, place + 16),
                StubOperation.Call(StubTree.Root, SystemCall.Sigaction, TooLarge, place + 32, 0, MaskLength),
            ],
            _answers);
        if (_answers[..3].Any(answer => answer.Value != 0))
        {
            throw new UserError("Linux does not let us limit the size of files and stacks.");
        }
    }

    /// <summary>Whether bytes beyond the end of a file are there when the file grows; kernels differ.</summary>
    private bool ShowsTail() => Last("""
        processes 1
        file 0x10 rw
        0: mmap at=0x1000000000 length=0x1000 protection=read,write flags=shared,fixed
        0: store at=0x1000000100 length=1 value=1
        0: ftruncate offset=0x1000
        0: load at=0x1000000100 length=1
        """).Value != 0;

    // More than the file below /proc tells: a security module may have a limit of its own.
    private ulong LowestAddress() => Last("""
        processes 1
        0: mmap at=0x1000 length=0x1000 flags=private,anonymous
        """).Value;

    // Where the system insists on random addresses, the heap is not in the arena; advice that drops pages was not for
    // process_madvise before version 6.13.
    private bool CanBeAsked(KernelCommandKind kind) => kind switch
    {
        KernelCommandKind.Brk => Last("processes 1\n0: brk").Value == StubLayout.Heap,
        KernelCommandKind.MadviseOther => (AboutAnother() is { Errno: Errno.None or Errno.EPERM })
            && Last("""
                processes 1
                0: mmap at=0x1000000000 length=0x1000 protection=read flags=private,anonymous,fixed
                0: madviseother at=0x1000000000 length=0x1000 advice=dontneed
                """).Kind == KernelAnswerKind.Done,
        _ => true,
    };

    /// <summary>Whether a command is about a pin, which needs a ring of io_uring.</summary>
    public static bool IsOfPins(KernelCommandKind kind) => kind is KernelCommandKind.Pin or KernelCommandKind.Unpin
        or KernelCommandKind.PinLoad or KernelCommandKind.PinStore;

    private KernelAnswer AboutAnother() => Last("""
        processes 2
        0: mmap at=0x1000000000 length=0x1000 protection=read flags=private,anonymous,fixed
        0: fork child=1
        0: madviseother at=0x1000000000 length=0x1000 other=1 advice=cold
        """);

    private KernelAnswer Last(string text)
    {
        _ = KernelText.TryParse(text, out var sequence, out _);
        var answers = new KernelAnswer[sequence.Commands.Length];
        Run(sequence.Start, sequence.Commands.AsSpan(), answers);
        return answers[^1];
    }

    private void Add(
        KernelStart start, ReadOnlySpan<KernelCommand> commands, Span<KernelAnswer> answers, int first)
    {
        MakeRoom(answers);
        _order.Begin(start, commands);
        for (int index = 0; index < commands.Length; index++)
        {
            MakeRoom(answers);
            int text = _order.TextCount;
            int operation = _order.Add(commands[index]);
            if (operation < 0)
            {
                answers[first + index] = new() { Kind = KernelAnswerKind.NotPossible };
            }
            else
            {
                _questions.Add(new(first + index, operation, commands[index].Kind, text));
            }
        }

        MakeRoom(answers);
        _order.End();
    }

    private void MakeRoom(Span<KernelAnswer> answers)
    {
        if (_order.Operations.Count + KernelOrder.OperationsPerStep > StubTree.OperationsAtOnce
            || _order.TextCount == KernelOrder.TextsMax)
        {
            Flush(answers);
        }
    }

    private void Flush(Span<KernelAnswer> answers)
    {
        var operations = CollectionsMarshal.AsSpan(_order.Operations);
        _tree.Run(operations, _answers);
        for (int index = 0; index < operations.Length; index++)
        {
            // What the root does is preparation, and has to succeed.
            if (operations[index].Slot == StubTree.Root && _answers[index].Value < 0)
            {
                throw new InvalidOperationException(
                    $"Linux refused {operations[index]} with errno {-_answers[index].Value}.");
            }
        }

        foreach (var question in _questions)
        {
            answers[question.Answer] = AnswerTo(question, _answers[question.Operation]);
        }

        _questions.Clear();
        _order.Clear();
    }

    private KernelAnswer AnswerTo(in Question question, in StubAnswer answer)
    {
        switch (question.Kind)
        {
            case KernelCommandKind.Load or KernelCommandKind.Store or KernelCommandKind.Checksum:
                return AnswerOfAccess(question.Kind, answer);
            case KernelCommandKind.Fork or KernelCommandKind.Exit:
                return new() { Kind = KernelAnswerKind.Done };
            case KernelCommandKind.Maps:
                int first = _lines.Count;
                int length = (int)answer.Value;
                if (length is 0 or KernelOrder.TextLength)
                {
                    throw new InvalidOperationException($"Linux told areas in {length} bytes.");
                }

                int count = AreaText.AddLines(KernelOrder.Text(_tree.Buffer, question.Text)[..length], _lines);
                return new()
                {
                    Kind = KernelAnswerKind.Done,
                    Value = count == 0 ? 0 : (ulong)first,
                    Length = (ulong)count,
                };
            default:
                return AnswerOfCall(question.Kind, answer);
        }
    }

    private static KernelAnswer AnswerOfAccess(KernelCommandKind kind, in StubAnswer answer)
    {
        KernelAnswer common = new()
        {
            Kind = KernelAnswerKind.Done,
            Value = kind == KernelCommandKind.Store || answer.Signal != 0 ? 0 : (ulong)answer.Value,
            Length = (ulong)answer.Count,
            MinorFaults = checked((ushort)answer.MinorFaults),
            MajorFaults = checked((ushort)answer.MajorFaults),
        };
        return answer.Signal == 0 ? common : common with
        {
            Kind = KernelAnswerKind.Signal,
            Signal = SignalOf(answer),
            Code = (PageFaultCode)answer.Error,
            Address = new(answer.Address),
        };
    }

    private static KernelAnswer AnswerOfCall(KernelCommandKind kind, in StubAnswer answer)
    {
        // What is read goes through memory of the stub: faults there are nobody's.
        bool ownFaults = kind is KernelCommandKind.FileRead or KernelCommandKind.Presence
            or KernelCommandKind.PipeRead or KernelCommandKind.PipeWrite
            or KernelCommandKind.PinLoad or KernelCommandKind.PinStore;
        bool counts = kind is not (KernelCommandKind.PipeWrite or KernelCommandKind.PinStore);
        long given = ownFaults && counts ? answer.Count : answer.Value;
        KernelAnswer common = new()
        {
            Kind = KernelAnswerKind.Done,
            MinorFaults = ownFaults ? (ushort)0 : checked((ushort)answer.MinorFaults),
            MajorFaults = ownFaults ? (ushort)0 : checked((ushort)answer.MajorFaults),
        };
        return given < 0
            ? common with { Kind = KernelAnswerKind.Failed, Errno = (Errno)(-given) }
            : kind switch
            {
                KernelCommandKind.Mmap or KernelCommandKind.Mremap or KernelCommandKind.Brk =>
                    common with { Value = (ulong)given },
                KernelCommandKind.Presence or KernelCommandKind.PinLoad =>
                    common with { Value = (ulong)answer.Value },
                KernelCommandKind.FileWrite or KernelCommandKind.ForceWrite or KernelCommandKind.PipeWrite
                    or KernelCommandKind.Splice or KernelCommandKind.VmSplice or KernelCommandKind.MadviseOther =>
                    common with { Length = (ulong)given },
                KernelCommandKind.FileRead or KernelCommandKind.PipeRead =>
                    common with { Value = (ulong)answer.Value, Length = (ulong)given },
                _ => common,
            };
    }

    // The codes of sigaction(2).
    private static MemorySignal SignalOf(in StubAnswer answer) => (answer.Signal, answer.Code) switch
    {
        (SegmentationFault, 1) => MemorySignal.NoArea,
        (SegmentationFault, 2) => MemorySignal.Forbidden,
        (SegmentationFault, 4) => MemorySignal.ForbiddenByKey,
        (SegmentationFault, 128) => MemorySignal.NotCanonical,
        (BusError, 2) => MemorySignal.BeyondFile,
        _ => throw new InvalidOperationException($"Linux raised signal {answer.Signal} with code {answer.Code}."),
    };

    /// <summary>A command that waits for its answer.</summary>
    private readonly record struct Question(int Answer, int Operation, KernelCommandKind Kind, int Text);
}
