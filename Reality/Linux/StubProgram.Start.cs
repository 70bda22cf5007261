using static Iced.Intel.AssemblerRegisters;
using static PageProof.Reality.Linux.StubLayout;

namespace PageProof.Reality.Linux;

/// <summary>How the processes come to be, and how they end.</summary>
internal sealed partial class StubProgram
{
    /// <summary>
    /// The first process, on the stack that it was started with: it sees to it that addresses are not random,
    /// and maps the shared file whose path is its argument.
    /// </summary>
    private void EmitStart()
    {
        var laidOut = _code.CreateLabel();
        var self = _code.CreateLabel();
        _code.mov(rbp, rsp);
        _code.mov(edi, Enquire);
        EmitCall(SystemCall.Personality);
        _code.test(eax, FixedAddresses);
        _code.jne(laidOut);
        _code.mov(edi, eax);
        _code.or(edi, FixedAddresses);
        EmitCall(SystemCall.Personality);
        _code.test(eax, eax);
        _code.js(laidOut);
        _code.lea(rdi, __[self]);
        _code.lea(rsi, __[rbp + 8]);
        _code.mov(rdx, __qword_ptr[rbp]);
        _code.lea(rdx, __[rbp + rdx * 8 + 16]);
        EmitCall(SystemCall.Execve);
        _code.Label(ref laidOut);
        _code.mov(rdi, __qword_ptr[rbp + 16]);
        _code.mov(esi, OpenReadWrite);
        EmitCall(SystemCall.Open);
        _code.mov(r8, rax);
        _code.mov(rdi, Shared);
        _code.mov(esi, Length);
        _code.mov(edx, ReadWrite);
        _code.mov(r10d, SharedThere);
        _code.xor(r9d, r9d);
        EmitCall(SystemCall.Mmap);
        _code.mov(rbx, rdi);
        _code.cmp(rax, rdi);
        _code.jne(_die);
        _code.mov(edi, 1);
        _code.mov(esi, -1);
        _code.xor(edx, edx);
        EmitCall(SystemCall.CloseRange);
        EmitGuardian();
        _code.Label(ref self);
        _code.db("/proc/self/exe\0"u8);
    }

    /// <summary>
    /// It forks the root, and listens until its input ends. That is when the controller has ended, in whatever
    /// way. Then it kills the root, with which all others die, and waits until none is left. Should it be killed
    /// itself, the root dies with it.
    /// </summary>
    private void EmitGuardian()
    {
        var listen = _code.CreateLabel();
        var reap = _code.CreateLabel();
        _code.mov(edi, InheritOrphans);
        _code.mov(esi, 1);
        EmitCall(SystemCall.Prctl);
        EmitCall(SystemCall.Getpid);
        _code.mov(__dword_ptr[rbx + Parent], eax);
        _code.mov(edi, SignalAtExit);
        _code.xor(esi, esi);
        EmitCall(SystemCall.Clone);
        _code.test(eax, eax);
        _code.je(_root);
        _code.mov(r12d, eax);
        _code.Label(ref listen);
        _code.xor(edi, edi);
        _code.lea(rsi, __[rbp - 8]);
        _code.mov(edx, 1);
        EmitCall(SystemCall.Read);
        _code.test(rax, rax);
        _code.jg(listen);
        _code.mov(edi, r12d);
        _code.mov(esi, Killed);
        EmitCall(SystemCall.Kill);
        _code.Label(ref reap);
        _code.mov(edi, -1);
        _code.xor(esi, esi);
        _code.xor(edx, edx);
        _code.xor(r10d, r10d);
        EmitCall(SystemCall.Wait4);
        _code.test(rax, rax);
        _code.jns(reap);
        _code.Label(ref _die);
        _code.xor(edi, edi);
        EmitCall(SystemCall.ExitGroup);
    }

    /// <summary>The root sets the handlers, which all processes inherit.</summary>
    private void EmitRoot()
    {
        _code.Label(ref _root);
        _code.xor(edi, edi);
        EmitCall(SystemCall.Close);
        _code.lea(rax, __[_handler]);
        _code.lea(rsi, __[rbx + Block(Root) + Scratch]);
        _code.mov(__qword_ptr[rsi], rax);
        _code.mov(eax, HandlerFlags);
        _code.mov(__qword_ptr[rsi + 8], rax);
        _code.xor(edx, edx);
        _code.mov(r10d, 8);
        _code.mov(edi, SegmentationFault);
        EmitCall(SystemCall.Sigaction);
        _code.mov(edi, BusError);
        EmitCall(SystemCall.Sigaction);
        _code.mov(r12d, Root);
    }

    /// <summary>
    /// A new process, of the slot that its maker has chosen. It asks to die with its parent, and makes sure
    /// that the parent had not died before. It touches what it will use, so that this is no fault later.
    /// </summary>
    private void EmitBegin()
    {
        var notRoot = _code.CreateLabel();
        _code.Label(ref _begin);
        _code.mov(Slot, NewSlot);
        _code.mov(rbx, Shared);
        _code.imul(Own, Slot, BlockLength);
        _code.lea(Own, __[rbx + Own + FirstBlock]);
        _code.xor(esp, esp);
        _code.mov(edi, DieWithParent);
        _code.mov(esi, Killed);
        EmitCall(SystemCall.Prctl);
        EmitCall(SystemCall.Getppid);
        _code.cmp(eax, __dword_ptr[rbx + Parent]);
        _code.jne(_die);
        EmitCall(SystemCall.Getpid);
        _code.mov(__dword_ptr[Own + Pid], eax);
        _code.cmp(Slot, Root);
        _code.jne(notRoot);
        _code.mov(__dword_ptr[rbx + Parent], eax);
        _code.Label(ref notRoot);
        _code.imul(rdi, Slot, SignalStackLength);
        _code.lea(r12, __[rbx + rdi + SignalStacks]);
        _code.lea(rdi, __[Own + Scratch]);
        _code.mov(__qword_ptr[rdi], r12);
        _code.and(__qword_ptr[rdi + 8], 0);
        _code.mov(__qword_ptr[rdi + 16], SignalStackLength);
        _code.xor(esi, esi);
        EmitCall(SystemCall.Sigaltstack);
        _code.mov(rdi, r12);
        _code.mov(esi, SignalStackLength);
        _code.mov(edx, PopulateWrite);
        EmitCall(SystemCall.Madvise);
        _code.mov(rdi, rbx);
        _code.mov(esi, SignalStacks);
        EmitCall(SystemCall.Madvise);
        EmitUsage();
        _code.mov(Minor, __qword_ptr[Own + Scratch + MinorOfUsage]);
        _code.mov(Major, __qword_ptr[Own + Scratch + MajorOfUsage]);
        _code.jmp(_wait);
    }
}
