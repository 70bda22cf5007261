using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using PageProof.Contract;
using PageProof.Reality.Guest;

namespace PageProof.Reality.Linux;

/// <summary>
/// A tree of processes of the running kernel that do what they are told: batches of operations, each for the
/// process of one slot, with values, signals and fault counts as answers. The root is there from the start, has
/// nothing mapped but the stub's own pages, and makes the first of the others. However we end, they all end.
/// </summary>
public sealed class StubTree : IDisposable
{
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(200);

    private readonly MemoryFile _shared;
    private readonly StubProgram _program = new(StubImage.CodeAddress);
    private readonly StubImage _image;
    private readonly Process _guardian;
    private bool _isBroken;

    /// <summary>
    /// Starts the processes. One of them works at a time, so all are on one CPU, the n-th of those that we may
    /// use: they take turns twice as fast as on several.
    /// </summary>
    /// <exception cref="UserError">They cannot run here.</exception>
    public StubTree(int cpu = 0)
    {
        if (WhyUnavailable() is { } reason)
        {
            throw new UserError(reason);
        }

        _shared = new("pageproof-stub-memory", StubLayout.Length);
        _image = new(_program.Bytes);
        try
        {
            _guardian = Process.Start(new ProcessStartInfo(_image.Path, [_shared.Path])
            {
                RedirectStandardInput = true,
            })!;
        }
        catch (Win32Exception exception)
        {
            throw new UserError($"A small program of our own cannot be started: {exception.Message}.");
        }

        EmptyRoot();
        PutOn(cpu);
    }

    /// <summary>The slot of the process that makes the first of a tree.</summary>
    public static int Root => StubLayout.Root;

    /// <summary>How many processes there can be besides the root.</summary>
    public static int ProcessCount => StubLayout.ProcessCount;

    /// <summary>How many operations are carried out without a word between.</summary>
    public static int OperationsAtOnce => StubLayout.RecordCount - 1;

    /// <summary>How long one batch of operations may take.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How many bytes of code the processes run.</summary>
    public int CodeLength => _program.Bytes.Length;

    /// <summary>Bytes for system calls to read and write, at <see cref="BufferAddress"/> in each process.</summary>
    public Span<byte> Buffer => _shared.Bytes.Slice(StubLayout.Buffer, StubLayout.BufferLength);

    /// <summary>Where the processes find <see cref="Buffer"/>.</summary>
    public static ulong BufferAddress => StubLayout.Shared + StubLayout.Buffer;

    /// <summary>Why no such processes can run here, in one sentence, or null if they can.</summary>
    public static string? WhyUnavailable() =>
        !OperatingSystem.IsLinux() ? "The Linux system needs Linux."
        : RuntimeInformation.OSArchitecture != Architecture.X64 ? "The Linux system needs an x86-64 processor."
        : Environment.OSVersion.Version < new Version(5, 14) ? "The Linux system needs Linux 5.14 or newer."
        : null;

    /// <summary>The number of the process that was last in a slot.</summary>
    public int PidOf(int slot) =>
        MemoryMarshal.Read<int>(_shared.Bytes[(StubLayout.Block(slot) + StubLayout.Pid)..]);

    /// <summary>Where relative addresses of the next tree begin.</summary>
    public void SetOrigin(ulong address) =>
        MemoryMarshal.Write(_shared.Bytes[(StubLayout.Block(Root) + StubLayout.Last)..], address);

    /// <summary>Carries the operations out in their order, each answered in its place.</summary>
    /// <exception cref="InvalidOperationException">A process did not do what it was told.</exception>
    public void Run(ReadOnlySpan<StubOperation> operations, Span<StubAnswer> answers)
    {
        for (int from = 0; from < operations.Length; from += OperationsAtOnce)
        {
            int count = Math.Min(OperationsAtOnce, operations.Length - from);
            RunBatch(operations.Slice(from, count));
            for (int index = 0; index < count; index++)
            {
                answers[from + index] = MemoryMarshal.Read<StubAnswer>(Record(index)[StubProgram.AnswerField..]);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _guardian.StandardInput.Close();
        if (!_guardian.WaitForExit(TimeLimit))
        {
            _guardian.Kill();
        }

        _guardian.Dispose();
        _image.Dispose();
        _shared.Dispose();
    }

    private Span<byte> Record(int index) =>
        _shared.Bytes.Slice(StubLayout.Records + index * StubLayout.RecordLength, StubLayout.RecordLength);

    private unsafe int* TurnOf(int slot) =>
        (int*)(_shared.Address + StubLayout.Block(slot) + StubLayout.Turn);

    private unsafe void RunBatch(ReadOnlySpan<StubOperation> operations)
    {
        if (_isBroken)
        {
            throw new InvalidOperationException("The processes have stopped answering before.");
        }

        for (int index = 0; index < operations.Length; index++)
        {
            Write(operations[index], Record(index));
        }

        Write(new(StubLayout.Controller, StubAction.None), Record(operations.Length));
        _isBroken = true;
        int* mine = TurnOf(StubLayout.Controller);
        MemoryMarshal.Write(_shared.Bytes[StubLayout.Current..], StubLayout.Shared + StubLayout.Records);
        int* first = TurnOf(operations[0].Slot);
        Volatile.Write(ref *first, 1);
        Futex.Wake(first);
        long start = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref *mine) == 0)
        {
            Futex.Wait(mine, 0, Nap);
            if (Volatile.Read(ref *mine) == 0 && Stopwatch.GetElapsedTime(start) > TimeLimit)
            {
                throw Failure(operations, $"did not end within {TimeLimit.TotalSeconds:0.###} s");
            }
        }

        *mine = 0;
        if (MemoryMarshal.Read<ulong>(_shared.Bytes[StubLayout.Broken..]) != 0)
        {
            throw Failure(operations, "could not be carried out");
        }

        _isBroken = false;
    }

    private InvalidOperationException Failure(ReadOnlySpan<StubOperation> operations, string what)
    {
        // The one that is named may be a few behind: it is where the turn was last handed over.
        ulong at = MemoryMarshal.Read<ulong>(_shared.Bytes[StubLayout.Current..]) - StubLayout.Shared;
        int index = ((int)at - StubLayout.Records) / StubLayout.RecordLength;
        return new($"Operation {index} of {operations.Length} or one after it {what}: {operations[index]}.");
    }

    private void Write(in StubOperation operation, Span<byte> record)
    {
        record.Clear();
        var words = MemoryMarshal.Cast<byte, ulong>(record);
        words[StubProgram.SlotField / 8] = (ulong)operation.Slot;
        words[StubProgram.EntryField / 8] = _program.Entry(operation.Action);
        words[StubProgram.NumberField / 8] = (ulong)operation.Number;
        var arguments = words[(StubProgram.ArgumentField / 8)..];
        words[StubProgram.MaskField / 8] = operation.IsRelative ? ulong.MaxValue : 0;
        arguments[0] = operation.A;
        arguments[1] = operation.B;
        arguments[2] = operation.C;
        arguments[3] = operation.D;
        arguments[4] = operation.E;
        arguments[5] = operation.F;
    }

    /// <summary>Unmaps what the kernel gave the program at its start: stack, vDSO and their like.</summary>
    private void EmptyRoot()
    {
        const ulong TextEnd = StubLayout.Text + StubLayout.PageSize;
        const ulong SharedEnd = StubLayout.Shared + StubLayout.Length;
        ReadOnlySpan<StubOperation> operations =
        [
            Unmap(Root, 0, StubLayout.Text),
            Unmap(Root, TextEnd, StubLayout.Shared),
            Unmap(Root, SharedEnd, StubLayout.UserEnd),
        ];
        Run(operations, new StubAnswer[operations.Length]);
    }

    private static StubOperation Unmap(int slot, ulong start, ulong end) =>
        StubOperation.Call(slot, SystemCall.Munmap, start, end - start);

    private void PutOn(int cpu)
    {
        const int MaskLength = 128;
        StubAnswer[] answer = new StubAnswer[1];
        Run([StubOperation.Call(Root, SystemCall.SchedGetaffinity, 0, MaskLength, BufferAddress)], answer);
        var mask = Buffer[..MaskLength];
        var all = Enumerable.Range(0, MaskLength * 8).Where(IsSet).ToArray();
        int chosen = all[cpu % all.Length];
        mask.Clear();
        mask[chosen / 8] = (byte)(1 << chosen % 8);
        Run([StubOperation.Call(Root, SystemCall.SchedSetaffinity, 0, MaskLength, BufferAddress)], answer);

        bool IsSet(int bit) => (Buffer[bit / 8] >> bit % 8 & 1) != 0;
    }
}
