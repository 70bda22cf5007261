using System.Numerics;
using Iced.Intel;
using PageProof.Contract.Paging;
using static Iced.Intel.AssemblerRegisters;

namespace PageProof.Reality.Guest;

/// <summary>
/// What all guest programs share: how they are assembled, the instructions that make an access at either
/// privilege level, and the handlers of the exceptions in which every access ends.
/// </summary>
internal abstract class GuestCode
{
    /// <summary>What the guest writes to the exit port when all records are answered.</summary>
    public const byte ExitValue = 0x10;

    private const int VectorCount = 32;
    private const ulong VectorsWithErrorCode =
        1 << 8 | 1 << 10 | 1 << 11 | 1 << 12 | 1 << 13 | 1 << 14 | 1 << 17 | 1 << 21 | 1 << 29
        | 1 << 30;

    // What the registers hold from record to record.
    protected static readonly AssemblerRegister64 CurrentRecord = r15;
    protected static readonly AssemblerRegister64 Window = r14;
    protected static readonly AssemblerRegister64 HomeCr3 = r11;
    protected static readonly AssemblerRegister64 Stored = r9;

    private readonly Label[] _places = new Label[(int)GuestPlace.Count];
    private readonly Label[] _vectors = new Label[VectorCount];
    private AssemblerResult _result;

    protected GuestCode(GuestOptions options)
    {
        Options = options;
        Image = GuestLayout.Image(options.Levels);
        Base = GuestLayout.Base(options.Levels);
        Create(_places);
        Create(_vectors);
    }

    /// <summary>The machine code, to lie at <see cref="GuestLayout.Code"/> of its image.</summary>
    public byte[] Bytes { get; private set; } = [];

    /// <summary>The handlers in the order of their vectors.</summary>
    public IEnumerable<ulong> Vectors => _vectors.Select(AddressOf);

    protected Assembler Code { get; } = new(64);

    protected GuestOptions Options { get; }

    protected ulong Image { get; }

    protected ulong Base { get; }

    /// <summary>The linear address of a place, by which the supervisor goes there.</summary>
    public ulong this[GuestPlace place] => AddressOf(_places[(int)place]);

    /// <summary>The linear address of a place, by which the user goes there.</summary>
    public ulong ForUser(GuestPlace place) => this[place] - Base + GuestLayout.UserBase(Options.Levels);

    /// <summary>The instruction that makes an access, and where one that succeeds ends.</summary>
    public (ulong Start, ulong End) Instruction(in Access access)
    {
        var (start, end) = (access.Kind, access.StackSegment) switch
        {
            (AccessKind.Read, false) => (GuestPlace.Load, GuestPlace.LoadEnd),
            (AccessKind.Read, true) => (GuestPlace.StackLoad, GuestPlace.StackLoadEnd),
            (AccessKind.Write, false) => (GuestPlace.Store, GuestPlace.StoreEnd),
            (AccessKind.Write, true) => (GuestPlace.StackStore, GuestPlace.StackStoreEnd),
            _ => (GuestPlace.Jump, GuestPlace.Jump),
        };
        bool user = access.Cpl == PrivilegeLevel.Ring3;
        ulong from = user ? ForUser(start) : this[start];
        return (from, access.Kind == AccessKind.Fetch ? access.Address.Value : user ? ForUser(end) : this[end]);
    }

    protected void Create(Label[] labels)
    {
        for (int index = 0; index < labels.Length; index++)
        {
            labels[index] = Code.CreateLabel();
        }
    }

    protected void Assemble()
    {
        using var stream = new MemoryStream();
        _result = Code.Assemble(new StreamCodeWriter(stream), Base + Image + GuestLayout.Code,
            BlockEncoderOptions.ReturnNewInstructionOffsets);
        Bytes = stream.ToArray();
    }

    protected ulong AddressOf(Label label) => _result.GetLabelRIP(label);

    protected void Mark(GuestPlace place) => Code.Label(ref _places[(int)place]);

    protected Label To(GuestPlace place) => _places[(int)place];

    /// <summary>Fills the memory that no host can see with background.</summary>
    protected void EmitFill(int start, int end)
    {
        var next = Code.CreateLabel();
        Code.mov(rdi, Base + (ulong)start);
        Code.mov(rax, TranslationCase.Background(new((ulong)start)).Value);
        Code.mov(ecx, (end - start) / 8);
        Code.Label(ref next);
        Code.mov(__qword_ptr[rdi], rax);
        Code.add(rdi, 8);
        Code.add(rax, 8 << 8);
        Code.dec(ecx);
        Code.jnz(next);
    }

    protected void EmitAccesses()
    {
        Mark(GuestPlace.Load);
        Code.mov(rax, __qword_ptr[rbx]);
        Mark(GuestPlace.LoadEnd);
        Code.ud2();
        Mark(GuestPlace.Store);
        Code.mov(__qword_ptr[rbx], rax);
        Mark(GuestPlace.StoreEnd);
        Code.ud2();
        Mark(GuestPlace.StackLoad);
        Code.mov(rax, __qword_ptr[rbp]);
        Mark(GuestPlace.StackLoadEnd);
        Code.ud2();
        Mark(GuestPlace.StackStore);
        Code.mov(__qword_ptr[rbp], rax);
        Mark(GuestPlace.StackStoreEnd);
        Code.ud2();
        Mark(GuestPlace.Jump);
        Code.jmp(rbx);
    }

    /// <summary>
    /// A handler for each vector; all go on behind them, with the vector in RAX and the stack as if no
    /// exception had an error code.
    /// </summary>
    protected void EmitHandlers(AssemblerMemoryOperand data, AssemblerMemoryOperand errorCode)
    {
        var common = Code.CreateLabel();
        for (int vector = 0; vector < VectorCount; vector++)
        {
            Code.Label(ref _vectors[vector]);
            Code.mov(data, rax);
            if ((VectorsWithErrorCode >> vector & 1) != 0)
            {
                Code.pop(rax);
                Code.mov(errorCode, rax);
            }

            Code.mov(eax, vector);
            Code.jmp(common);
        }

        Code.Label(ref common);
    }

    protected void EmitFinish()
    {
        var wait = Code.CreateLabel();
        Mark(GuestPlace.Finish);
        Code.mov(al, ExitValue);
        Code.@out(Options.ExitPort, al);
        Code.Label(ref wait);
        Code.hlt();
        Code.jmp(wait);
    }

    /// <summary>The place that holds the address of the first record.</summary>
    protected void EmitFirst()
    {
        Mark(GuestPlace.First);
        Code.dq(0);
    }

    protected static byte BitOf(Cr4 flag) => (byte)BitOperations.Log2((ulong)flag);
}
