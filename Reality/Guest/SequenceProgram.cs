using Iced.Intel;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using static Iced.Intel.AssemblerRegisters;

namespace PageProof.Reality.Guest;

/// <summary>
/// The program for sequences of commands: each record names the code that carries it out, and the next
/// record. Between two sequences all that is cached is dropped, and memory is as it was. A load tells by
/// its content where it came out; a store is looked for at every place where it may have come out; and
/// before a fetch each such place gets code that tells which it is. So no second access through the linear
/// address is needed, which might come out elsewhere.
/// </summary>
internal sealed class SequenceProgram : GuestCode
{
    /// <summary>The words of a sequence, and those by which its top tables map the guest.</summary>
    public const int WordCountMax = 96;

    /// <summary>The most places where an access may come out.</summary>
    public const int PlaceCountMax = 24;

    private const uint EferRegister = 0xc000_0080;
    private const int PlaceLength = 2;

    private static readonly AssemblerRegister64 CurrentEfer = r13;
    private static readonly AssemblerRegister64 CurrentCr0 = r12;

    private readonly Label[] _begin = new Label[WordCountMax + 1];
    private readonly Label[] _restore = new Label[WordCountMax + 1];
    private readonly Label[] _fetch = new Label[PlaceCountMax + 1];
    private readonly Label[] _afterStore = new Label[PlaceCountMax + 1];
    private readonly Label[] _afterFetch = new Label[PlaceCountMax + 1];
    private readonly Label[] _commands = new Label[Enum.GetValues<TlbCommandKind>().Length];
    private Label _end;
    private Label _advance;

    public SequenceProgram(GuestOptions options)
        : base(options)
    {
        foreach (var labels in new[] { _begin, _restore, _fetch, _afterStore, _afterFetch, _commands })
        {
            Create(labels);
        }

        _end = Code.CreateLabel();
        _advance = Code.CreateLabel();
        EmitStart();
        EmitBegin();
        EmitCommands();
        EmitAccess();
        EmitAfterAccess();
        EmitEnd();
        EmitFinish();
        EmitFirst();
        Assemble();
    }

    /// <summary>The code that ends a sequence.</summary>
    public ulong End => AddressOf(_end);

    /// <summary>The code that goes on with the next record.</summary>
    public ulong Advance => AddressOf(_advance);

    /// <summary>The code that begins a sequence of so many words.</summary>
    public ulong Begin(int words) => AddressOf(_begin[words]);

    /// <summary>The code that restores so many words.</summary>
    public ulong Restore(int words) => AddressOf(_restore[words]);

    /// <summary>The code that carries out a command.</summary>
    public ulong Entry(TlbCommandKind kind) => AddressOf(_commands[(int)kind]);

    /// <summary>The code that prepares so many places and then fetches.</summary>
    public ulong Fetch(int places) => AddressOf(_fetch[places]);

    /// <summary>The code that looks for a store at so many places.</summary>
    public ulong AfterStore(int places) => AddressOf(_afterStore[places]);

    /// <summary>The code that restores so many places.</summary>
    public ulong AfterFetch(int places) => AddressOf(_afterFetch[places]);

    /// <summary>The quadwords of the record of a command with so many places.</summary>
    public static int Length(int places) => (int)StepField.Count + PlaceLength * places;

    /// <summary>How far a fetch that came out comes: past the instruction that tells where.</summary>
    public const ulong FetchLength = 2;

    // MOV AL, number; UD2
    private static int CodeOf(int number) => 0x0b0f_00b0 | number << 8;

    private static AssemblerMemoryOperand Field(StepField field) => __qword_ptr[CurrentRecord + (int)field * 8];

    private static AssemblerMemoryOperand Field(BeginField field) => __qword_ptr[CurrentRecord + (int)field * 8];

    private static AssemblerMemoryOperand Place(int index, int part) =>
        __qword_ptr[CurrentRecord + (Length(index) + part) * 8];

    private static int Word(int index, int part) => ((int)BeginField.Count + Record.WordLength * index + part) * 8;

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
        Code.mov(CurrentCr0, cr0);
        Code.mov(ecx, EferRegister);
        Code.rdmsr();
        Code.mov(CurrentEfer, rax);
        Code.jmp(Field(BeginField.Entry));
    }

    private void EmitBegin()
    {
        var sameCr0 = Code.CreateLabel();
        var sameEfer = Code.CreateLabel();
        for (int words = WordCountMax; words > 0; words--)
        {
            Code.Label(ref _begin[words]);
            Code.mov(rax, __qword_ptr[CurrentRecord + Word(words - 1, 0)]);
            Code.mov(rbx, __qword_ptr[CurrentRecord + Word(words - 1, 1)]);
            Code.mov(__qword_ptr[rax], rbx);
        }

        Code.Label(ref _begin[0]);
        Code.mov(rax, Field(BeginField.Cr0));
        Code.cmp(rax, CurrentCr0);
        Code.je(sameCr0);
        Code.mov(cr0, rax);
        Code.mov(CurrentCr0, rax);
        Code.Label(ref sameCr0);
        Code.mov(rax, Field(BeginField.Efer));
        Code.cmp(rax, CurrentEfer);
        Code.je(sameEfer);
        Code.mov(CurrentEfer, rax);
        Code.mov(ecx, EferRegister);
        Code.xor(edx, edx);
        Code.wrmsr();
        Code.Label(ref sameEfer);
        if (Options.LoadsKeys)
        {
            Code.mov(rax, Field(BeginField.Cr4WithKeys));
            Code.mov(cr4, rax);
            Code.mov(rax, Field(BeginField.Pkru));
            EmitWriteKeys();
        }

        Code.mov(rax, Field(BeginField.Cr4));
        Code.mov(cr4, rax);
        Code.mov(rax, Field(BeginField.Cr3));
        Code.mov(cr3, rax);
        Code.Label(ref _advance);
        Code.mov(CurrentRecord, Field(StepField.Next));
        Code.jmp(Field(StepField.Entry));
    }

    private void EmitCommands()
    {
        BeginCommand(TlbCommandKind.Store);
        Code.mov(rbx, Field(StepField.Content));
        Code.mov(__qword_ptr[rax], rbx);
        Code.jmp(_advance);
        BeginCommand(TlbCommandKind.Load);
        Code.mov(rbx, __qword_ptr[rax]);
        Code.mov(Field(StepField.Data), rbx);
        Code.jmp(_advance);
        BeginCommand(TlbCommandKind.InvalidatePage);
        Code.invlpg(__byte_ptr[rax]);
        Code.jmp(_advance);
        BeginCommand(TlbCommandKind.MoveCr0);
        Code.mov(cr0, rax);
        Code.mov(CurrentCr0, rax);
        Code.jmp(_advance);
        BeginCommand(TlbCommandKind.MoveCr3);
        Code.mov(cr3, rax);
        Code.jmp(_advance);
        BeginCommand(TlbCommandKind.MoveCr4);
        Code.mov(cr4, rax);
        Code.jmp(_advance);
        BeginCommand(TlbCommandKind.WritePkru);
        EmitWriteKeys();
        Code.jmp(_advance);

        // No machine here has it, so it ends in an exception.
        BeginCommand(TlbCommandKind.InvalidatePcid);
        Code.ud2();
    }

    private void EmitWriteKeys()
    {
        Code.xor(ecx, ecx);
        Code.xor(edx, edx);
        Code.wrpkru();
    }

    private void BeginCommand(TlbCommandKind kind)
    {
        Code.Label(ref _commands[(int)kind]);
        Code.mov(rax, Field(StepField.Operand));
    }

    private void EmitAccess()
    {
        for (int places = PlaceCountMax; places > 0; places--)
        {
            Code.Label(ref _fetch[places]);
            Code.mov(rax, Place(places - 1, 0));
            Code.mov(__dword_ptr[rax], CodeOf(places - 1));
        }

        Code.Label(ref _fetch[0]);
        Code.nop();
        BeginCommand(TlbCommandKind.Access);
        Code.mov(rbx, rax);
        Code.mov(rbp, rax);
        Code.mov(rax, Stored);
        Code.lea(rsp, Field(StepField.Frame));
        Code.iretq();
        EmitAccesses();
        EmitHandlers(Field(StepField.Data), Field(StepField.ErrorCode));
        Code.mov(Field(StepField.Vector), rax);
        Code.mov(rax, __qword_ptr[rsp]);
        Code.mov(Field(StepField.Rip), rax);
        Code.mov(rax, cr2);
        Code.mov(Field(StepField.Cr2), rax);
        Code.jmp(Field(StepField.After));
    }

    private void EmitAfterAccess()
    {
        var found = Code.CreateLabel();
        for (int places = PlaceCountMax; places > 0; places--)
        {
            Code.Label(ref _afterStore[places]);
            Code.mov(rsi, Place(places - 1, 0));
            Code.cmp(__qword_ptr[rsi], Stored);
            Code.je(found);
        }

        Code.Label(ref _afterStore[0]);
        Code.jmp(_advance);
        Code.Label(ref found);
        Code.mov(rax, rsi);
        Code.sub(rax, Window);
        Code.mov(Field(StepField.StoredAt), rax);
        Code.shl(rax, 8);
        Code.add(rax, (sbyte)TranslationCase.Background(default).Value);
        Code.mov(__qword_ptr[rsi], rax);
        Code.jmp(_advance);
        for (int places = PlaceCountMax; places > 0; places--)
        {
            Code.Label(ref _afterFetch[places]);
            Code.mov(rax, Place(places - 1, 0));
            Code.mov(rbx, Place(places - 1, 1));
            Code.mov(__qword_ptr[rax], rbx);
        }

        Code.Label(ref _afterFetch[0]);
        Code.jmp(_advance);
    }

    /// <summary>
    /// To the guest's own tables. The load of CR3 drops what is cached, except, on most processors, what is
    /// global: that goes when PGE changes.
    /// </summary>
    private void EmitEnd()
    {
        Code.Label(ref _end);
        Code.mov(cr3, HomeCr3);
        if (Options.KeepsGlobals)
        {
            Code.mov(rax, cr4);
            Code.xor(rax, (int)Cr4.PageGlobalEnable);
            Code.mov(cr4, rax);
        }

        Code.mov(rsi, Field(BeginField.Begin));
        Code.jmp(__qword_ptr[rsi + (int)BeginField.RestoreEntry * 8]);
        for (int words = WordCountMax; words > 0; words--)
        {
            Code.Label(ref _restore[words]);
            Code.mov(rax, __qword_ptr[rsi + Word(words - 1, 0)]);
            Code.mov(rbx, __qword_ptr[rsi + Word(words - 1, 2)]);
            Code.mov(__qword_ptr[rax], rbx);
        }

        Code.Label(ref _restore[0]);
        Code.mov(__qword_ptr[rsi + (int)BeginField.IsAnswered * 8], rsi);
        Code.jmp(_advance);
    }
}
