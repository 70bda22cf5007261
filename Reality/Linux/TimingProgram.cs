using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace PageProof.Reality.Linux;

/// <summary>
/// A program that times faults and calls by the clock of the kernel, and writes how many nanoseconds each loop took.
/// </summary>
internal sealed class TimingProgram
{
    // The figures, in the order in which they are written.
    public const int Faults = 0;
    public const int ForkOfAll = 1;
    public const int ForkOfNothing = 2;
    public const int Copies = 3;
    public const int MapsAndUnmaps = 4;
    public const int Splits = 5;
    public const int FigureCount = 6;

    private const int PageBytes = 4096;
    private const int Read = 1;
    private const int ReadWrite = 3;
    private const int SharedAnonymous = 0x21;
    private const int PrivateAnonymous = 0x22;
    private const int Monotonic = 1;
    private const int SignalAtExit = 17; // SIGCHLD
    private const int StandardOutput = 1;

    // What the registers hold all the time. A system call changes none of them.
    private static readonly AssemblerRegister64 Region = r12;
    private static readonly AssemblerRegister64 Figures = r13;
    private static readonly AssemblerRegister64 Started = r14;
    private static readonly AssemblerRegister64 Left = r15;

    private readonly Assembler _code = new(64);
    private readonly int _regionBytes;

    public TimingProgram(int pages, int calls)
    {
        _regionBytes = pages * PageBytes;
        EmitMap(PageBytes, SharedAnonymous);
        _code.mov(Figures, rax);

        // The first fork of a process does what the later ones find done.
        EmitFork(ForkOfNothing, () => { });
        EmitFork(ForkOfNothing, () => { });
        EmitMap(_regionBytes, PrivateAnonymous);
        _code.mov(Region, rax);
        EmitTimed(Faults, EmitTouch);
        EmitFork(ForkOfAll, () => EmitTimed(Copies, EmitTouch));
        EmitTimed(MapsAndUnmaps, () => Repeat(calls, EmitMapAndUnmap));
        EmitMap(3 * PageBytes, PrivateAnonymous);
        _code.mov(Region, rax);
        _code.mov(__byte_ptr[Region + PageBytes], 1);
        EmitTimed(Splits, () => Repeat(calls, EmitSplit));
        _code.mov(edi, StandardOutput);
        _code.mov(rsi, Figures);
        _code.mov(edx, FigureCount * sizeof(ulong));
        EmitCall(SystemCall.Write);
        EmitEnd();
        using var stream = new MemoryStream();
        _code.Assemble(new StreamCodeWriter(stream), StubImage.CodeAddress);
        Bytes = stream.ToArray();
    }

    /// <summary>The code.</summary>
    public byte[] Bytes { get; }

    private void EmitCall(SystemCall call)
    {
        _code.mov(eax, (int)call);
        _code.syscall();
    }

    private void EmitEnd()
    {
        _code.xor(edi, edi);
        EmitCall(SystemCall.ExitGroup);
    }

    private void EmitMap(int bytes, int flags)
    {
        _code.xor(edi, edi);
        _code.mov(esi, bytes);
        _code.mov(edx, ReadWrite);
        _code.mov(r10d, flags);
        _code.mov(r8, -1);
        _code.xor(r9d, r9d);
        EmitCall(SystemCall.Mmap);
    }

    private void EmitMapAndUnmap()
    {
        EmitMap(PageBytes, PrivateAnonymous);
        _code.mov(rdi, rax);
        _code.mov(esi, PageBytes);
        EmitCall(SystemCall.Munmap);
    }

    // The area becomes three, and one again.
    private void EmitSplit()
    {
        foreach (int protection in (ReadOnlySpan<int>)[Read, ReadWrite])
        {
            _code.lea(rdi, __[Region + PageBytes]);
            _code.mov(esi, PageBytes);
            _code.mov(edx, protection);
            EmitCall(SystemCall.Mprotect);
        }
    }

    private void EmitTouch()
    {
        var next = _code.CreateLabel();
        _code.mov(rdi, Region);
        _code.lea(rsi, __[Region + _regionBytes]);
        _code.Label(ref next);
        _code.mov(__byte_ptr[rdi], 1);
        _code.add(rdi, PageBytes);
        _code.cmp(rdi, rsi);
        _code.jb(next);
    }

    // The child does what it is to do while its parent waits for its end.
    private void EmitFork(int figure, Action child)
    {
        var parent = _code.CreateLabel();
        EmitTimed(figure, () =>
        {
            _code.mov(edi, SignalAtExit);
            _code.xor(esi, esi);
            _code.xor(edx, edx);
            _code.xor(r10d, r10d);
            _code.xor(r8d, r8d);
            EmitCall(SystemCall.Clone);
            _code.test(eax, eax);
            _code.jne(parent);
            child();
            EmitEnd();
            _code.Label(ref parent);
        });
        _code.mov(rdi, -1);
        _code.xor(esi, esi);
        _code.xor(edx, edx);
        _code.xor(r10d, r10d);
        EmitCall(SystemCall.Wait4);
    }

    private void EmitTimed(int figure, Action body)
    {
        EmitClock();
        _code.mov(Started, rax);
        body();
        EmitClock();
        _code.sub(rax, Started);
        _code.mov(__qword_ptr[Figures + figure * sizeof(ulong)], rax);
    }

    private void EmitClock()
    {
        _code.sub(rsp, 16);
        _code.mov(edi, Monotonic);
        _code.mov(rsi, rsp);
        EmitCall(SystemCall.ClockGettime);
        _code.imul(rax, __qword_ptr[rsp], 1_000_000_000);
        _code.add(rax, __qword_ptr[rsp + 8]);
        _code.add(rsp, 16);
    }

    private void Repeat(int times, Action body)
    {
        var next = _code.CreateLabel();
        _code.mov(Left, times);
        _code.Label(ref next);
        body();
        _code.dec(Left);
        _code.jne(next);
    }
}
