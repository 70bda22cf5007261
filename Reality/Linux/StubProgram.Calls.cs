using static Iced.Intel.AssemblerRegisters;
using static PageProof.Reality.Linux.StubLayout;

namespace PageProof.Reality.Linux;

/// <summary>System calls, alone and with what has to be done around them.</summary>
internal sealed partial class StubProgram
{
    private void EmitCalls()
    {
        var more = _code.CreateLabel();
        var all = _code.CreateLabel();
        Mark(StubAction.Call);
        EmitCallOfRecord();
        _code.jmp(_finish);
        Mark(StubAction.Map);
        EmitCallOfRecord();
        _code.cmp(rax, -ErrnoMax);
        _code.jae(_finish);
        _code.mov(__qword_ptr[Own + Last], rax);
        _code.jmp(_finish);
        Mark(StubAction.WriteFile);
        _code.lea(rsi, Argument(1));
        _code.mov(rdx, Argument(2));
        _code.mov(r10, Argument(3));
        EmitCall(SystemCall.Pwrite);
        _code.jmp(_finish);
        EmitReads();
        EmitPipes();
        EmitInspection();
        EmitMadviseOther();
        Mark(StubAction.ReadToEnd);
        _code.mov(rsi, Argument(1));
        _code.mov(rdx, Argument(2));
        _code.Label(ref more);
        EmitCall(SystemCall.Read);
        _code.test(rax, rax);
        _code.jle(all);
        _code.add(rsi, rax);
        _code.sub(rdx, rax);
        _code.jne(more);
        _code.Label(ref all);
        _code.mov(rax, rsi);
        _code.sub(rax, Argument(1));
        _code.jmp(_finish);
    }

    /// <summary>The checksum of what was read, with zeros behind it up to a whole word.</summary>
    private void EmitReads()
    {
        var next = _code.CreateLabel();
        var summed = _code.CreateLabel();
        Mark(StubAction.ReadPipe);
        _code.mov(rsi, Argument(1));
        _code.mov(rdx, Argument(2));
        EmitCall(SystemCall.Read);
        _code.jmp(summed);
        Mark(StubAction.ReadFile);
        _code.mov(rsi, Argument(1));
        _code.mov(rdx, Argument(2));
        _code.mov(r10, Argument(3));
        EmitCall(SystemCall.Pread);
        _code.Label(ref summed);
        _code.mov(__qword_ptr[Record + CountField], rax);
        _code.test(rax, rax);
        _code.jle(_finish);
        _code.and(__qword_ptr[rsi + rax], 0);
        _code.lea(rdi, __[rsi + rax]);
        _code.xor(eax, eax);
        _code.mov(ecx, 1);
        _code.mov(r9, ChecksumStep);
        _code.Label(ref next);
        _code.mov(rdx, __qword_ptr[rsi]);
        _code.imul(rdx, rcx);
        _code.add(rax, rdx);
        _code.add(rcx, r9);
        _code.add(rsi, 8);
        _code.cmp(rsi, rdi);
        _code.jb(next);
        _code.jmp(_finish);
    }

    /// <summary>The process's own memory and page map, open as descriptor 0; the address is where to look.</summary>
    private void EmitInspection()
    {
        var next = _code.CreateLabel();
        var done = _code.CreateLabel();
        Mark(StubAction.ForceWrite);
        _code.mov(r10, rdi);
        _code.xor(edi, edi);
        _code.lea(rsi, Argument(1));
        _code.mov(rdx, Argument(2));
        EmitCall(SystemCall.Pwrite);
        _code.jmp(_finish);

        // Bit 63 of a quadword for each page tells that it is present.
        Mark(StubAction.Presence);
        _code.mov(r10, rdi);
        _code.shr(r10, 12);
        _code.shl(r10, 3);
        _code.xor(edi, edi);
        _code.mov(rsi, Argument(1));
        _code.mov(rdx, Argument(2));
        EmitCall(SystemCall.Pread);
        _code.mov(__qword_ptr[Record + CountField], rax);
        _code.xor(r8d, r8d);
        _code.sar(rax, 3);
        _code.mov(rcx, rax);
        _code.Label(ref next);
        _code.dec(rcx);
        _code.js(done);
        _code.mov(rax, __qword_ptr[rsi + rcx * 8]);
        _code.shl(rax, 1);
        _code.adc(r8, r8);
        _code.jmp(next);
        _code.Label(ref done);
        _code.mov(rax, r8);
        _code.jmp(_finish);
    }

    /// <summary>The first two arguments are the only element of the vector. The descriptor is the lowest, 0.</summary>
    private void EmitMadviseOther()
    {
        Mark(StubAction.MadviseOther);
        _code.mov(Argument(0), rdi);
        _code.imul(rax, Argument(2), BlockLength);
        _code.mov(rdx, Shared);
        _code.mov(edi, __dword_ptr[rdx + rax + FirstBlock + Pid]);
        _code.xor(esi, esi);
        EmitCall(SystemCall.PidfdOpen);
        _code.mov(edi, eax);
        _code.test(eax, eax);
        _code.js(_finish);
        _code.lea(rsi, Argument(0));
        _code.mov(edx, 1);
        _code.mov(r10, Argument(3));
        _code.xor(r8d, r8d);
        EmitCall(SystemCall.ProcessMadvise);
        _code.mov(r8, rax);
        EmitCall(SystemCall.Close);
        _code.mov(rax, r8);
        _code.jmp(_finish);
    }

    private void EmitPipes()
    {
        Mark(StubAction.WritePipe);
        _code.mov(r8, rdi);
        _code.mov(rdi, Argument(3));
        _code.mov(rdx, Argument(2));
        _code.lea(rcx, __[rdx + 7]);
        _code.shr(rcx, 3);
        _code.xor(eax, eax);
        _code.rep.stosq();
        _code.mov(rsi, Argument(3));
        _code.mov(rax, Argument(1));
        _code.mov(__qword_ptr[rsi], rax);
        _code.mov(rdi, r8);
        EmitCall(SystemCall.Write);
        _code.jmp(_finish);
        Mark(StubAction.Splice);
        _code.lea(rsi, Argument(1));
        _code.mov(rdx, Argument(2));
        _code.xor(r10d, r10d);
        _code.mov(r8, Argument(3));
        _code.mov(r9d, NoWait);
        EmitCall(SystemCall.Splice);
        _code.jmp(_finish);

        // The first two arguments are a struct iovec.
        Mark(StubAction.VmSplice);
        _code.mov(Argument(0), rdi);
        _code.lea(rsi, Argument(0));
        _code.mov(rdi, Argument(2));
        _code.mov(edx, 1);
        _code.mov(r10d, NoWait);
        EmitCall(SystemCall.VmSplice);
        _code.jmp(_finish);
    }

    private void EmitCallOfRecord()
    {
        _code.mov(rax, __qword_ptr[Record + NumberField]);
        _code.mov(rsi, Argument(1));
        _code.mov(rdx, Argument(2));
        _code.mov(r10, Argument(3));
        _code.mov(r8, Argument(4));
        _code.mov(r9, Argument(5));
        _code.syscall();
    }
}
