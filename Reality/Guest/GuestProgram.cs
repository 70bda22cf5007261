using System.Numerics;
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
internal sealed partial class GuestProgram
{
    /// <summary>The words of a case, and the one by which the guest maps itself.</summary>
    public const int WordCountMax = TranslationCase.WordCountMax + 1;

    /// <summary>What the guest writes to the exit port when all records are answered.</summary>
    public const byte ExitValue = 0x10;

    private const int VectorCount = 32;
    private const int UndefinedOpcode = 6;
    private const int RelaxedFlags = 1 << 18 | 2;
    private const uint EferRegister = 0xc000_0080;
    private const ulong VectorsWithErrorCode =
        1 << 8 | 1 << 10 | 1 << 11 | 1 << 12 | 1 << 13 | 1 << 14 | 1 << 17 | 1 << 21 | 1 << 29
        | 1 << 30;

    // What the registers hold from record to record.
    private static readonly AssemblerRegister64 CurrentRecord = r15;
    private static readonly AssemblerRegister64 Window = r14;
    private static readonly AssemblerRegister64 CurrentEfer = r13;
    private static readonly AssemblerRegister64 CurrentCr0 = r12;
    private static readonly AssemblerRegister64 HomeCr3 = r11;
    private static readonly AssemblerRegister64 CurrentCr4 = r10;
    private static readonly AssemblerRegister64 Stored = r9;

    private readonly Assembler _code = new(64);
    private readonly GuestOptions _options;
    private readonly ulong _image;
    private readonly ulong _base;
    private readonly Label[] _places = new Label[(int)GuestPlace.Count];
    private readonly Label[] _set = new Label[WordCountMax + 1];
    private readonly Label[] _save = new Label[WordCountMax + 1];
    private readonly Label[] _restore = new Label[WordCountMax + 1];
    private readonly Label[] _vectors = new Label[VectorCount];
    private AssemblerResult _result;

    public GuestProgram(GuestOptions options)
    {
        _options = options;
        _image = GuestLayout.Image(options.Levels);
        _base = GuestLayout.Base(options.Levels);
        foreach (var labels in new[] { _places, _set, _save, _restore, _vectors })
        {
            for (int index = 0; index < labels.Length; index++)
            {
                labels[index] = _code.CreateLabel();
            }
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
        using var stream = new MemoryStream();
        _result = _code.Assemble(new StreamCodeWriter(stream), _base + _image + GuestLayout.Code,
            BlockEncoderOptions.ReturnNewInstructionOffsets);
        Bytes = stream.ToArray();
    }

    /// <summary>The machine code, to lie at <see cref="GuestLayout.Code"/> of its image.</summary>
    public byte[] Bytes { get; }

    /// <summary>The linear address of a place, by which the supervisor goes there.</summary>
    public ulong this[GuestPlace place] => _result.GetLabelRIP(_places[(int)place]);

    /// <summary>The linear address of a place, by which the user goes there.</summary>
    public ulong ForUser(GuestPlace place) =>
        this[place] - _base + GuestLayout.UserBase(_options.Levels);

    /// <summary>The entry that puts so many words.</summary>
    public ulong Set(int words) => _result.GetLabelRIP(_set[words]);

    /// <summary>The entry that saves so many words.</summary>
    public ulong Save(int words) => _result.GetLabelRIP(_save[words]);

    /// <summary>The entry that restores so many words.</summary>
    public ulong Restore(int words) => _result.GetLabelRIP(_restore[words]);

    /// <summary>The handlers in the order of their vectors.</summary>
    public IEnumerable<ulong> Vectors => _vectors.Select(vector => _result.GetLabelRIP(vector));

    private static AssemblerMemoryOperand Field(RecordField field) =>
        __qword_ptr[CurrentRecord + (int)field * 8];

    private static AssemblerMemoryOperand Word(int index, int part) =>
        __qword_ptr[CurrentRecord + (Record.Length(index) + part) * 8];

    private void Mark(GuestPlace place) => _code.Label(ref _places[(int)place]);

    private Label To(GuestPlace place) => _places[(int)place];

    private void EmitStart()
    {
        Mark(GuestPlace.Start);
        _code.mov(Window, _base);
        if (_options.FirmwareHole != 0)
        {
            EmitFill(_options.FirmwareHole, 1 << 20);
        }

        _code.mov(CurrentRecord, __qword_ptr[To(GuestPlace.First)]);
        _code.mov(Stored, GuestLayout.OwnTopEntry(_options.Levels));
        _code.mov(HomeCr3, _image + GuestLayout.TopTable);
        _code.mov(CurrentCr4, cr4);
        _code.mov(CurrentCr0, cr0);
        _code.mov(ecx, EferRegister);
        _code.rdmsr();
        _code.mov(CurrentEfer, rax);
        _code.jmp(Field(RecordField.SetEntry));
    }

    private void EmitFill(int start, int end)
    {
        var next = _code.CreateLabel();
        _code.mov(rdi, _base + (ulong)start);
        _code.mov(rax, TranslationCase.Background(new((ulong)start)).Value);
        _code.mov(ecx, (end - start) / 8);
        _code.Label(ref next);
        _code.mov(__qword_ptr[rdi], rax);
        _code.add(rdi, 8);
        _code.add(rax, 8 << 8);
        _code.dec(ecx);
        _code.jnz(next);
    }

    private void EmitSet()
    {
        for (int words = WordCountMax; words > 0; words--)
        {
            _code.Label(ref _set[words]);
            _code.mov(rax, Word(words - 1, 0));
            _code.mov(rbx, Word(words - 1, 1));
            _code.mov(__qword_ptr[rax], rbx);
        }

        _code.Label(ref _set[0]);
    }

    private void EmitLoadState()
    {
        var sameCr0 = _code.CreateLabel();
        var sameEfer = _code.CreateLabel();
        var sameCr4 = _code.CreateLabel();
        _code.mov(rax, Field(RecordField.Cr0));
        _code.cmp(rax, CurrentCr0);
        _code.je(sameCr0);
        _code.mov(cr0, rax);
        _code.mov(CurrentCr0, rax);
        _code.Label(ref sameCr0);
        _code.mov(rax, Field(RecordField.Efer));
        _code.cmp(rax, CurrentEfer);
        _code.je(sameEfer);
        _code.mov(CurrentEfer, rax);
        _code.mov(ecx, EferRegister);
        _code.xor(edx, edx);
        _code.wrmsr();
        _code.Label(ref sameEfer);
        _code.mov(rax, Field(RecordField.Cr4));
        _code.cmp(rax, CurrentCr4);
        _code.je(sameCr4);
        _code.mov(cr4, rax);
        _code.mov(CurrentCr4, rax);
        _code.Label(ref sameCr4);
        EmitLoadKeys(() => _code.mov(rax, Field(RecordField.Pkru)));
        _code.mov(rbx, Field(RecordField.Address));
        _code.mov(rbp, rbx);
        _code.mov(rax, Field(RecordField.Cr3));
        _code.lea(rsp, Field(RecordField.Frame));
        _code.mov(rdi, Field(RecordField.Leftover));
        _code.mov(rdx, Field(RecordField.LeftoverContent));
        _code.mov(cr3, rax);
        _code.mov(__qword_ptr[rdi], rdx);
        _code.mov(rax, Stored);
        _code.iretq();
    }

    private void EmitLoadKeys(Action load)
    {
        if (!_options.LoadsKeys)
        {
            return;
        }

        var without = _code.CreateLabel();
        _code.bt(CurrentCr4, BitOf(Cr4.ProtectionKeys));
        _code.jnc(without);
        load();
        _code.xor(ecx, ecx);
        _code.xor(edx, edx);
        _code.wrpkru();
        _code.Label(ref without);
    }

    private static byte BitOf(Cr4 flag) => (byte)BitOperations.Log2((ulong)flag);

    private void EmitAccesses()
    {
        Mark(GuestPlace.Load);
        _code.mov(rax, __qword_ptr[rbx]);
        Mark(GuestPlace.LoadEnd);
        _code.ud2();
        Mark(GuestPlace.Store);
        _code.mov(__qword_ptr[rbx], rax);
        Mark(GuestPlace.StoreEnd);
        _code.ud2();
        Mark(GuestPlace.StackLoad);
        _code.mov(rax, __qword_ptr[rbp]);
        Mark(GuestPlace.StackLoadEnd);
        _code.ud2();
        Mark(GuestPlace.StackStore);
        _code.mov(__qword_ptr[rbp], rax);
        Mark(GuestPlace.StackStoreEnd);
        _code.ud2();
        Mark(GuestPlace.Jump);
        _code.jmp(rbx);
    }

    private void EmitEnds()
    {
        var wait = _code.CreateLabel();
        Mark(GuestPlace.Finish);
        _code.mov(al, ExitValue);
        _code.@out(_options.ExitPort, al);
        _code.Label(ref wait);
        _code.hlt();
        _code.jmp(wait);

        // To the identity map, and from there into 32-bit code, which can switch paging off.
        Mark(GuestPlace.Leave);
        _code.lea(rax, __qword_ptr[To(GuestPlace.LeaveInPlace)]);
        _code.sub(rax, Window);
        _code.mov(esi, __dword_ptr[To(GuestPlace.NextBootBlock)]);
        _code.jmp(rax);
        Mark(GuestPlace.LeaveInPlace);
        _code.jmp(__fword_ptr[To(GuestPlace.BootPointer)]);
    }

    private void EmitData()
    {
        Mark(GuestPlace.First);
        _code.dq(0);
        Mark(GuestPlace.NextBootBlock);
        _code.dq(0);
        Mark(GuestPlace.BootPointer);
        _code.dd((uint)_image + GuestLayout.BootCode);
        _code.dw((ushort)Selectors.Code32);
    }
}
