using static Iced.Intel.AssemblerRegisters;
using static PageProof.Reality.Linux.StubLayout;

namespace PageProof.Reality.Linux;

/// <summary>What a process has a ring of io_uring do.</summary>
internal sealed partial class StubProgram
{
    private const int ReadFixed = 4; // IORING_OP_READ_FIXED
    private const int WriteFixed = 5; // IORING_OP_WRITE_FIXED
    private const int RequestShift = 6;
    private const int AnswerShift = 4;
    private const int WordBytes = 8;

    private void EmitRings()
    {
        // The first two arguments are a struct iovec.
        Mark(StubAction.Pin);
        _code.mov(Argument(0), rdi);
        _code.mov(r8, rdi);
        _code.mov(rdi, Argument(2));
        _code.xor(esi, esi);
        _code.lea(rdx, Argument(0));
        _code.mov(r10d, 1);
        EmitCall(SystemCall.IoUringRegister);
        _code.test(rax, rax);
        _code.js(_finish);
        _code.mov(rdx, Argument(3));
        _code.mov(__qword_ptr[rdx], r8);
        _code.jmp(_finish);
        Mark(StubAction.UnpinAny);
        EmitCallOfRecord();
        _code.xor(eax, eax);
        _code.jmp(_finish);

        // What is not read back stays in the pipe of nobody: it is emptied each time.
        Mark(StubAction.PinLoad);
        _code.and(Argument(5), 0);
        EmitFixed(WriteFixed, StubRing.WriteEnd);
        _code.mov(__qword_ptr[Record + CountField], r8);
        EmitPipe(SystemCall.Read, StubRing.ReadEnd);
        _code.mov(rax, Argument(5));
        _code.jmp(_finish);
        Mark(StubAction.PinStore);
        _code.mov(r8, rdi);
        _code.mov(rdx, Argument(1));
        EmitPipe(SystemCall.Write, StubRing.WriteEnd);
        _code.mov(rdi, r8);
        EmitFixed(ReadFixed, StubRing.ReadEnd);
        EmitPipe(SystemCall.Read, StubRing.ReadEnd);
        _code.mov(rax, r8);
        _code.jmp(_finish);
    }

    /// <summary>The last argument is where the bytes are; the call has as many as RDX says.</summary>
    private void EmitPipe(SystemCall number, int end)
    {
        _code.mov(edi, end);
        _code.lea(rsi, Argument(5));
        if (number == SystemCall.Read)
        {
            _code.mov(edx, WordBytes);
        }

        EmitCall(number);
    }

    /// <summary>One request, of the bytes from RDI on in the buffer, and its answer in R8.</summary>
    private void EmitFixed(int operation, int descriptor)
    {
        var refused = _code.CreateLabel();
        _code.mov(rdx, Argument(3));
        _code.add(rdi, __qword_ptr[rdx]);
        _code.mov(r9, Argument(4));
        _code.mov(ecx, __dword_ptr[r9 + StubRing.RequestTail]);
        _code.mov(esi, ecx);
        _code.and(esi, StubRing.RequestMask);
        _code.shl(esi, RequestShift);
        _code.lea(rsi, __[r9 + rsi + RingRequests]);
        _code.mov(rax, (ulong)descriptor << 32 | (uint)operation);
        _code.mov(__qword_ptr[rsi], rax);
        _code.mov(rax, -1L);
        _code.mov(__qword_ptr[rsi + 8], rax);
        _code.mov(__qword_ptr[rsi + 16], rdi);
        _code.mov(rax, Argument(1));
        _code.mov(__qword_ptr[rsi + 24], rax);
        for (int field = 32; field < 1 << RequestShift; field += WordBytes)
        {
            _code.and(__qword_ptr[rsi + field], 0);
        }

        _code.inc(ecx);
        _code.mov(__dword_ptr[r9 + StubRing.RequestTail], ecx);
        _code.mov(rdi, Argument(2));
        _code.mov(esi, 1);
        _code.mov(edx, 1);
        _code.mov(r10d, 1);
        _code.xor(r8d, r8d);
        _code.xor(r9d, r9d);
        EmitCall(SystemCall.IoUringEnter);
        _code.mov(r8, rax);
        _code.test(rax, rax);
        _code.js(refused);
        _code.mov(r9, Argument(4));
        _code.mov(ecx, __dword_ptr[r9 + StubRing.AnswerHead]);
        _code.mov(eax, ecx);
        _code.and(eax, StubRing.AnswerMask);
        _code.shl(eax, AnswerShift);
        _code.movsxd(r8, __dword_ptr[r9 + rax + StubRing.Answers + 8]);
        _code.inc(ecx);
        _code.mov(__dword_ptr[r9 + StubRing.AnswerHead], ecx);
        _code.Label(ref refused);
    }
}
