using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace PageProof.Tests.Cli;

/// <summary>
/// The firmware of a guest, which is all its software: from reset into long mode on the given
/// tables, then some loads and stores, then HLT for ever.
/// <code>
/// FFFE0000  the tables, to be copied into memory
/// FFFFF000  16-bit program     FFFFF080  descriptors
/// FFFFF100  32-bit program     FFFFF200  64-bit program
/// FFFFFFF0  reset vector
/// </code>
/// Source: Intel SDM vol. 3A, 10.1.4 (first instruction), 10.8.5 (into IA-32e mode).
/// </summary>
public static class GuestRom
{
    private const int Size = 0x2_0000;
    private const ulong Base = 0x1_0000_0000 - Size;
    private const ulong RealMode = 0xF000;
    private const ulong Descriptors = 0xFFFF_F080;
    private const ulong ProtectedMode = 0xFFFF_F100;
    private const ulong LongMode = 0xFFFF_F200;
    private const ulong Reset = 0xFFFF_FFF0;
    private const uint CodeSegment32 = 8;
    private const uint DataSegment = 16;
    private const uint CodeSegment64 = 24;

    // Code of 32 and of 64 bits, and data, flat and marked as accessed, since a ROM keeps no marks.
    private static readonly ulong[] Segments =
        [0, 0x00CF_9B00_0000_FFFF, 0x00CF_9300_0000_FFFF, 0x00AF_9B00_0000_FFFF];

    /// <summary>The whole ROM.</summary>
    public static byte[] Emit(GuestTables tables, bool fiveLevels)
    {
        var rom = new byte[Size];
        byte[] content = tables.Bytes();
        content.CopyTo(rom, 0);
        Place(rom, Base + Size - 0x1_0000 + RealMode, Enter32(), until: Descriptors);
        EmitDescriptors(rom.AsSpan((int)(Descriptors - Base)));
        Place(rom, ProtectedMode, Enter64(content.Length, fiveLevels), until: LongMode);
        Place(rom, LongMode, Touch(tables), until: Reset);

        var jump = new Assembler(16);
        jump.AddInstruction(Instruction.CreateBranch(Code.Jmp_rel16, RealMode));
        Place(rom, Reset, Assembled(jump, Reset & 0xFFFF), until: Base + Size);
        return rom;
    }

    private static byte[] Enter32()
    {
        var code = new Assembler(16);
        var limitAndBase = new MemoryOperand(
            Register.None, Register.None, 1, (long)(Descriptors & 0xFFFF), 2, false, Register.CS);
        code.cli();
        code.AddInstruction(Instruction.Create(Code.Lgdt_m1632, limitAndBase));
        code.mov(eax, cr0);
        code.or(eax, 1);
        code.mov(cr0, eax);
        code.AddInstruction(Instruction.CreateBranch(
            Code.Jmp_ptr1632, (ushort)CodeSegment32, (uint)ProtectedMode));
        return Assembled(code, RealMode);
    }

    private static byte[] Enter64(int tableBytes, bool fiveLevels)
    {
        const uint PaePgeSmepSmap = 1 << 5 | 1 << 7 | 1 << 20 | 1 << 21;
        const uint La57 = 1 << 12;
        const uint EferNumber = 0xC000_0080;
        const uint LmeNxe = 1 << 8 | 1 << 11;
        const uint PgWp = 1U << 31 | 1 << 16;
        var code = new Assembler(32);
        code.mov(eax, DataSegment);
        code.mov(ds, eax);
        code.mov(es, eax);
        code.mov(ss, eax);
        code.mov(esi, (uint)Base);
        code.mov(edi, (uint)GuestTables.Start);
        code.mov(ecx, tableBytes / sizeof(uint));
        code.cld();
        code.rep.movsd();
        code.mov(eax, PaePgeSmepSmap | (fiveLevels ? La57 : 0));
        code.mov(cr4, eax);
        code.mov(eax, (uint)GuestTables.Start);
        code.mov(cr3, eax);
        code.mov(ecx, EferNumber);
        code.rdmsr();
        code.or(eax, LmeNxe);
        code.wrmsr();
        code.mov(eax, cr0);
        code.or(eax, PgWp);
        code.mov(cr0, eax);
        code.AddInstruction(Instruction.CreateBranch(
            Code.Jmp_ptr1632, (ushort)CodeSegment64, (uint)LongMode));
        return Assembled(code, ProtectedMode);
    }

    private static byte[] Touch(GuestTables tables)
    {
        const byte Return = 0xC3;
        var code = new Assembler(64);
        code.stac();
        foreach (ulong address in tables.Reads)
        {
            code.mov(rax, address);
            code.mov(rbx, __[rax]);
        }

        foreach (ulong address in tables.Writes)
        {
            code.mov(rax, address);
            code.mov(__[rax], rbx);
        }

        // One page is written under one name and run under another, with a stack in the first.
        code.mov(rax, GuestTables.Store);
        code.mov(__byte_ptr[rax], Return);
        code.lea(rsp, __[rax + 0x800]);
        code.mov(rax, GuestTables.Run);
        code.call(rax);
        var forever = code.CreateLabel();
        code.Label(ref forever);
        code.hlt();
        code.jmp(forever);
        return Assembled(code, LongMode);
    }

    private static void EmitDescriptors(Span<byte> rom)
    {
        const int TableAt = 16;
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write((ushort)(Segments.Length * sizeof(ulong) - 1));
        writer.Write((uint)Descriptors + TableAt);
        stream.Position = TableAt;
        foreach (ulong segment in Segments)
        {
            writer.Write(segment);
        }

        stream.ToArray().CopyTo(rom);
    }

    private static byte[] Assembled(Assembler code, ulong at)
    {
        using var stream = new MemoryStream();
        code.Assemble(new StreamCodeWriter(stream), at);
        return stream.ToArray();
    }

    private static void Place(byte[] rom, ulong at, byte[] program, ulong until)
    {
        Assert.InRange(at + (ulong)program.Length, at, until);
        program.CopyTo(rom, (int)(at - Base));
    }
}
