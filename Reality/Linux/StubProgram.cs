using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;
using static PageProof.Reality.Linux.StubLayout;

namespace PageProof.Reality.Linux;

/// <summary>
/// The code of every process of the stub. A record names the slot that carries it out and the code that does
/// it. Whoever has done a record goes on with the next; when that is another's, it hands the turn over and
/// sleeps. It uses no stack and no memory but the shared pages, so that all faults are those of the operations.
/// </summary>
internal sealed partial class StubProgram
{
    // The fields of a record.
    public const int SlotField = 0;
    public const int EntryField = 8;
    public const int NumberField = 16;
    public const int ArgumentField = 24;
    public const int AnswerField = 72;

    public const int MaskField = 128;

    private const int ValueField = AnswerField;
    private const int CountField = AnswerField + 8;
    private const int SignalField = AnswerField + 16;
    private const int CodeField = AnswerField + 20;
    private const int AddressField = AnswerField + 24;
    private const int ErrorField = AnswerField + 32;
    private const int MinorField = AnswerField + 40;
    private const int MajorField = AnswerField + 48;

    // struct rusage, siginfo_t and ucontext_t.
    private const int MinorOfUsage = 64;
    private const int MajorOfUsage = 72;
    private const int CodeOfInfo = 8;
    private const int AddressOfInfo = 16;
    private const int RipOfContext = 168;
    private const int ErrorOfContext = 192;

    private const int ErrnoMax = 4095;
    private const int FixedAddresses = 0x40000; // ADDR_NO_RANDOMIZE
    private const int Enquire = -1;
    private const int SignalAtExit = 17; // SIGCHLD
    private const int OpenReadWrite = 0x80002; // O_CLOEXEC, too
    private const int ReadWrite = 3;
    private const int SharedThere = 0x100001; // MAP_SHARED, MAP_FIXED_NOREPLACE
    private const int DieWithParent = 1; // PR_SET_PDEATHSIG
    private const int InheritOrphans = 36; // PR_SET_CHILD_SUBREAPER
    private const int Killed = 9;
    private const int BusError = 7;
    private const int SegmentationFault = 11;

    // SA_SIGINFO, SA_ONSTACK, SA_RESTORER, SA_NODEFER: it leaves by a jump, so nothing may stay blocked.
    private const uint HandlerFlags = 0x4c00_0004;
    private const int PopulateWrite = 23;
    private const int NoWait = 2; // SPLICE_F_NONBLOCK
    private const int OfThread = 1; // RUSAGE_THREAD
    private const int Wait = 0;
    private const int Wake = 1;

    // What the registers hold from record to record. A system call changes none of them.
    private static readonly AssemblerRegister64 Record = r14;
    private static readonly AssemblerRegister64 Slot = r15;
    private static readonly AssemblerRegister64 Own = r13;
    private static readonly AssemblerRegister64 Minor = rbx;
    private static readonly AssemblerRegister64 Major = rbp;
    private static readonly AssemblerRegister64 NewSlot = r12;

    // Within a checksum. An exception changes none of them either.
    private static readonly AssemblerRegister64 Place = r11;
    private static readonly AssemblerRegister64 PagesRead = r12;
    private static readonly AssemblerRegister64 Total = r8;

    private readonly Assembler _code = new(64);
    private readonly Label[] _entries = new Label[Enum.GetValues<StubAction>().Length];
    private readonly AssemblerResult _result;
    private Label _root;
    private Label _begin;
    private Label _wait;
    private Label _next;
    private Label _finish;
    private Label _die;
    private Label _fail;
    private Label _handler;
    private Label _skip;

    public StubProgram(ulong address)
    {
        _root = _code.CreateLabel();
        _begin = _code.CreateLabel();
        _wait = _code.CreateLabel();
        _next = _code.CreateLabel();
        _finish = _code.CreateLabel();
        _die = _code.CreateLabel();
        _fail = _code.CreateLabel();
        _handler = _code.CreateLabel();
        _skip = _code.CreateLabel();
        for (int index = 0; index < _entries.Length; index++)
        {
            _entries[index] = _code.CreateLabel();
        }

        EmitStart();
        EmitRoot();
        EmitBegin();
        EmitTurns();
        EmitCalls();
        EmitRings();
        EmitAccesses();
        EmitHandler();
        EmitProcesses();
        EmitFinish();
        using var stream = new MemoryStream();
        _result = _code.Assemble(
            new StreamCodeWriter(stream), address, BlockEncoderOptions.ReturnNewInstructionOffsets);
        Bytes = stream.ToArray();
    }

    /// <summary>The machine code, whose first byte is run first.</summary>
    public byte[] Bytes { get; }

    /// <summary>Where the code of an action lies.</summary>
    public ulong Entry(StubAction action) => _result.GetLabelRIP(_entries[(int)action]);

    private static AssemblerMemoryOperand Argument(int index) => __qword_ptr[Record + ArgumentField + index * 8];

    private void EmitCall(SystemCall number)
    {
        _code.mov(eax, (int)number);
        _code.syscall();
    }

    private void Mark(StubAction action) => _code.Label(ref _entries[(int)action]);

    private void EmitUsage()
    {
        _code.mov(edi, OfThread);
        _code.lea(rsi, __[Own + Scratch]);
        EmitCall(SystemCall.Getrusage);
    }

    private void EmitTurns()
    {
        var mine = _code.CreateLabel();
        var sleep = _code.CreateLabel();
        var awake = _code.CreateLabel();
        _code.Label(ref _fail);
        _code.mov(rdx, Shared);
        _code.mov(__qword_ptr[rdx + Broken], 1);
        _code.mov(eax, Controller);
        EmitHandOver();
        _code.jmp(_die);
        _code.Label(ref _next);
        _code.mov(rax, __qword_ptr[Record + SlotField]);
        _code.cmp(rax, Slot);
        _code.je(mine);
        EmitHandOver();
        _code.Label(ref _wait);
        _code.mov(rdi, Own);
        _code.xor(edx, edx);
        _code.xor(r10d, r10d);
        _code.Label(ref sleep);
        _code.cmp(__dword_ptr[Own + Turn], 0);
        _code.jne(awake);
        _code.mov(esi, Wait);
        EmitCall(SystemCall.Futex);
        _code.jmp(sleep);
        _code.Label(ref awake);
        _code.mov(__dword_ptr[Own + Turn], 0);
        _code.mov(rdx, Shared);
        _code.mov(Record, __qword_ptr[rdx + Current]);
        _code.jmp(_next);
        _code.Label(ref mine);
        _code.mov(rdi, __qword_ptr[Own + Last]);
        _code.and(rdi, __qword_ptr[Record + MaskField]);
        _code.add(rdi, Argument(0));
        _code.jmp(__qword_ptr[Record + EntryField]);
    }

    /// <summary>Gives the turn to the slot in RAX.</summary>
    private void EmitHandOver()
    {
        _code.mov(rdx, Shared);
        _code.mov(__qword_ptr[rdx + Current], Record);
        _code.imul(rax, rax, BlockLength);
        _code.lea(rdi, __[rdx + rax + FirstBlock]);
        _code.mov(__dword_ptr[rdi + Turn], 1);
        _code.mov(esi, Wake);
        _code.mov(edx, 1);
        EmitCall(SystemCall.Futex);
    }

    /// <summary>All that may raise a signal.</summary>
    private void EmitAccesses()
    {
        for (var action = StubAction.Load1; action <= StubAction.Store8; action++)
        {
            Mark(action);
            _code.mov(rax, Argument(1));
            EmitInstruction(action);
            _code.jmp(_finish);
        }

        EmitSum();
    }

    /// <summary>Page by page. A signal skips one: its words count as zeros.</summary>
    private void EmitSum()
    {
        var page = _code.CreateLabel();
        var word = _code.CreateLabel();
        var done = _code.CreateLabel();
        Mark(StubAction.Sum);
        _code.mov(Place, rdi);
        _code.mov(r10, rdi);
        _code.add(r10, Argument(1));
        _code.xor(Total, Total);
        _code.xor(PagesRead, PagesRead);
        _code.mov(ecx, 1);
        _code.mov(r9, ChecksumStep);
        _code.Label(ref page);
        _code.cmp(Place, r10);
        _code.jae(done);
        _code.Label(ref word);
        _code.mov(rax, __qword_ptr[Place]);
        _code.imul(rax, rcx);
        _code.add(Total, rax);
        _code.add(rcx, r9);
        _code.add(Place, 8);
        _code.test(Place, (int)PageSize - 1);
        _code.jne(word);
        _code.inc(PagesRead);
        _code.jmp(page);
        _code.Label(ref done);
        _code.mov(__qword_ptr[Record + CountField], PagesRead);
        _code.mov(rax, Total);
        _code.jmp(_finish);
        _code.Label(ref _skip);
        _code.xor(esp, esp);
        _code.add(Place, (int)PageSize);
        _code.imul(rax, r9, (int)PageSize / 8);
        _code.add(rcx, rax);
        _code.jmp(page);
    }

    private void EmitInstruction(StubAction action)
    {
        switch (action)
        {
            case StubAction.Load1:
                _code.movzx(eax, __byte_ptr[rdi]);
                break;
            case StubAction.Load2:
                _code.movzx(eax, __word_ptr[rdi]);
                break;
            case StubAction.Load4:
                _code.mov(eax, __dword_ptr[rdi]);
                break;
            case StubAction.Load8:
                _code.mov(rax, __qword_ptr[rdi]);
                break;
            case StubAction.Store1:
                _code.mov(__byte_ptr[rdi], al);
                break;
            case StubAction.Store2:
                _code.mov(__word_ptr[rdi], ax);
                break;
            case StubAction.Store4:
                _code.mov(__dword_ptr[rdi], eax);
                break;
            default:
                _code.mov(__qword_ptr[rdi], rax);
                break;
        }
    }

    /// <summary>
    /// A signal; this code follows the accesses. It needs no stack. In an access it is the answer, and the next
    /// record follows; anywhere else the stub is broken. The registers are those of the access.
    /// </summary>
    private void EmitHandler()
    {
        _code.Label(ref _handler);
        _code.mov(rsp, __qword_ptr[rdx + RipOfContext]);
        _code.lea(rax, __[_entries[(int)StubAction.Load1]]);
        _code.cmp(rsp, rax);
        _code.jb(_fail);
        _code.lea(rax, __[_handler]);
        _code.cmp(rsp, rax);
        _code.jae(_fail);
        _code.lea(rax, __[_entries[(int)StubAction.Sum]]);
        _code.cmp(rsp, rax);
        _code.jae(_skip);
        _code.mov(__dword_ptr[Record + SignalField], edi);
        _code.mov(eax, __dword_ptr[rsi + CodeOfInfo]);
        _code.mov(__dword_ptr[Record + CodeField], eax);
        _code.mov(rax, __qword_ptr[rsi + AddressOfInfo]);
        _code.mov(__qword_ptr[Record + AddressField], rax);
        _code.mov(rax, __qword_ptr[rdx + ErrorOfContext]);
        _code.mov(__qword_ptr[Record + ErrorField], rax);
        _code.xor(esp, esp);
        Mark(StubAction.None);
        _code.xor(eax, eax);
        _code.jmp(_finish);
    }

    private void EmitProcesses()
    {
        Mark(StubAction.Fork);
        _code.mov(NewSlot, Argument(1));
        _code.mov(rax, Shared + FirstBlock + Last);
        _code.imul(rsi, NewSlot, BlockLength);
        _code.mov(rdx, __qword_ptr[Own + Last]);
        _code.mov(__qword_ptr[rax + rsi], rdx);
        _code.xor(esi, esi);
        _code.xor(edx, edx);
        _code.xor(r10d, r10d);
        _code.xor(r8d, r8d);
        EmitCall(SystemCall.Clone);
        _code.test(rax, rax);
        _code.je(_begin);
        _code.jns(_finish);
        _code.mov(__qword_ptr[Record + ValueField], rax);
        _code.jmp(_fail);
        Mark(StubAction.Exit);
        _code.add(Record, RecordLength);
        _code.mov(rax, __qword_ptr[Record + SlotField]);
        EmitHandOver();
        _code.jmp(_die);
    }

    /// <summary>The value in RAX is the answer; the faults since the last one are counted.</summary>
    private void EmitFinish()
    {
        _code.Label(ref _finish);
        _code.mov(__qword_ptr[Record + ValueField], rax);
        EmitUsage();
        EmitCount(Minor, MinorOfUsage, MinorField);
        EmitCount(Major, MajorOfUsage, MajorField);
        _code.add(Record, RecordLength);
        _code.jmp(_next);
    }

    private void EmitCount(AssemblerRegister64 before, int inUsage, int field)
    {
        _code.mov(rax, __qword_ptr[Own + Scratch + inUsage]);
        _code.sub(rax, before);
        _code.mov(__qword_ptr[Record + field], rax);
        _code.add(before, rax);
    }
}
