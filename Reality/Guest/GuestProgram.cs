using Iced.Intel;
using PageProof.Contract.Paging;
using static Iced.Intel.AssemblerRegisters;

namespace PageProof.Reality.Guest;

/// <summary>
/// The program that runs in the guest, at CPL 0, without a stack: it goes from record to record,
/// puts the words into the tested memory, loads the registers, makes the one access by IRETQ at
/// the CPL and with the flags asked for, takes the exception in which every access ends (UD2 after
/// a load or a store, the content of the page after a fetch), saves the words, and leaves memory
/// as it was. The exceptions have stacks of their own, and the program maps itself through a word
/// of the tested top table, so that nothing of a case can get in its way. Runs of code without
/// branches, entered in the middle, keep the number of instructions small where each of them is
/// interpreted.
/// </summary>
internal sealed partial class GuestProgram : GuestCode
{
    /// <summary>The words of a case, and the one by which the guest maps itself.</summary>
    public const int WordCountMax = TranslationCase.WordCountMax + 1;

    private const int UndefinedOpcode = 6;
    private const int RelaxedFlags = 1 << 18 | 2;
    private const uint EferRegister = 0xc000_0080;

    // What the registers hold from record to record.
    private static readonly AssemblerRegister64 CurrentEfer = r13;
    private static readonly AssemblerRegister64 CurrentCr0 = r12;
    private static readonly AssemblerRegister64 CurrentCr4 = r10;

    private readonly Label[] _set = new Label[WordCountMax + 1];
    private readonly Label[] _save = new Label[WordCountMax + 1];
    private readonly Label[] _restore = new Label[WordCountMax + 1];

    public GuestProgram(GuestOptions options)
        : base(options)
    {
        foreach (var labels in new[] { _set, _save, _restore })
        {
            Create(labels);
        }

        EmitStart();
        EmitSet();
        EmitLoadState();
        EmitAccesses();
        EmitVectors();
        EmitSave();
        EmitProbes();
        EmitHome();
        EmitUndo();
        EmitEnds();
        EmitData();
        Assemble();
    }

    /// <summary>The entry that puts so many words.</summary>
    public ulong Set(int words) => AddressOf(_set[words]);

    /// <summary>The entry that saves so many words.</summary>
    public ulong Save(int words) => AddressOf(_save[words]);

    /// <summary>The entry that restores so many words.</summary>
    public ulong Restore(int words) => AddressOf(_restore[words]);

    private static AssemblerMemoryOperand Field(RecordField field) =>
        __qword_ptr[CurrentRecord + (int)field * 8];

    private static AssemblerMemoryOperand Word(int index, int part) =>
        __qword_ptr[CurrentRecord + (Record.Length(index) + part) * 8];

    private void EmitStart()
    {
        Mark(GuestPlace.Start);
        Code.mov(Window, Base);
        if (Options.FirmwareHole != 0)
        {
            EmitFill(Options.FirmwareHole, 1 << 20);
        }

        Code.mov(CurrentRecord, __qword_ptr[To(GuestPlace.First)]);
        Code.mov(Stored, GuestLayout.OwnTopEntry(Options.Levels));
        Code.mov(HomeCr3, Image + GuestLayout.TopTable);
        Code.mov(CurrentCr4, cr4);
        Code.mov(CurrentCr0, cr0);
        Code.mov(ecx, EferRegister);
        Code.rdmsr();
        Code.mov(CurrentEfer, rax);
        Code.jmp(Field(RecordField.SetEntry));
    }

    private void EmitSet()
    {
        for (int words = WordCountMax; words > 0; words--)
        {
            Code.Label(ref _set[words]);
            Code.mov(rax, Word(words - 1, 0));
            Code.mov(rbx, Word(words - 1, 1));
            Code.mov(__qword_ptr[rax], rbx);
        }

        Code.Label(ref _set[0]);
    }

    private void EmitLoadState()
    {
        var sameCr0 = Code.CreateLabel();
        var sameEfer = Code.CreateLabel();
        var sameCr4 = Code.CreateLabel();
        Code.mov(rax, Field(RecordField.Cr0));
        Code.cmp(rax, CurrentCr0);
        Code.je(sameCr0);
        Code.mov(cr0, rax);
        Code.mov(CurrentCr0, rax);
        Code.Label(ref sameCr0);
        Code.mov(rax, Field(RecordField.Efer));
        Code.cmp(rax, CurrentEfer);
        Code.je(sameEfer);
        Code.mov(CurrentEfer, rax);
        Code.mov(ecx, EferRegister);
        Code.xor(edx, edx);
        Code.wrmsr();
        Code.Label(ref sameEfer);
        Code.mov(rax, Field(RecordField.Cr4));
        Code.cmp(rax, CurrentCr4);
        Code.je(sameCr4);
        Code.mov(cr4, rax);
        Code.mov(CurrentCr4, rax);
        Code.Label(ref sameCr4);
        EmitLoadKeys(() => Code.mov(rax, Field(RecordField.Pkru)));
        Code.mov(rbx, Field(RecordField.Address));
        Code.mov(rbp, rbx);
        Code.mov(rax, Field(RecordField.Cr3));
        Code.lea(rsp, Field(RecordField.Frame));
        Code.mov(rdi, Field(RecordField.Leftover));
        Code.mov(rdx, Field(RecordField.LeftoverContent));
        Code.mov(cr3, rax);
        Code.mov(__qword_ptr[rdi], rdx);
        Code.mov(rax, Stored);
        Code.iretq();
    }

    private void EmitLoadKeys(Action load)
    {
        if (!Options.LoadsKeys)
        {
            return;
        }

        var without = Code.CreateLabel();
        Code.bt(CurrentCr4, BitOf(Cr4.ProtectionKeys));
        Code.jnc(without);
        load();
        Code.xor(ecx, ecx);
        Code.xor(edx, edx);
        Code.wrpkru();
        Code.Label(ref without);
    }

    private void EmitEnds()
    {
        EmitFinish();

        // To the identity map, and from there into 32-bit code, which can switch paging off.
        Mark(GuestPlace.Leave);
        Code.lea(rax, __qword_ptr[To(GuestPlace.LeaveInPlace)]);
        Code.sub(rax, Window);
        Code.mov(esi, __dword_ptr[To(GuestPlace.NextBootBlock)]);
        Code.jmp(rax);
        Mark(GuestPlace.LeaveInPlace);
        Code.jmp(__fword_ptr[To(GuestPlace.BootPointer)]);
    }

    private void EmitData()
    {
        EmitFirst();
        Mark(GuestPlace.NextBootBlock);
        Code.dq(0);
        Mark(GuestPlace.BootPointer);
        Code.dd((uint)Image + GuestLayout.BootCode);
        Code.dw((ushort)Selectors.Code32);
    }
}
