using System.Buffers.Binary;
using System.Text;
using PageProof.Contract.Hardening;

namespace PageProof.Reality.Aslr;

/// <summary>
/// The smallest executable file for a kernel: a header, what to load, the name of an interpreter if there is
/// one, and code, all in one page.
/// Source: System V ABI, Object Files (ELF header, program header).
/// </summary>
internal static class ElfImage
{
    /// <summary>Where the code begins in the file, and in the page.</summary>
    public const int CodeOffset = 0x200;

    private const int PageLength = 4096;
    private const int InterpreterOffset = 0x100;
    private const ushort Executable = 2;
    private const ushort SharedObject = 3;
    private const ushort Machine386 = 3;
    private const ushort MachineX8664 = 62;
    private const uint Load = 1;
    private const uint Interpreter = 3;
    private const uint Stack = 0x6474_E551;
    private const uint Read = 4;
    private const uint ReadWrite = 6;
    private const uint ReadExecute = 5;

    /// <summary>The address for which the page is linked: none, if it can lie anywhere.</summary>
    public static ulong AddressOf(bool is64, ProgramKind kind) =>
        kind != ProgramKind.Fixed ? 0 : is64 ? 0x40_0000UL : 0x0804_8000;

    /// <summary>The file.</summary>
    public static byte[] Of(bool is64, ProgramKind kind, byte[] code, string? interpreter)
    {
        var file = new byte[PageLength];
        ulong address = AddressOf(is64, kind);
        (uint Type, uint Flags, int Offset, int Length)[] headers =
        [
            .. interpreter is null ? [] : new[]
            {
                (Interpreter, Read, InterpreterOffset, Encoding.UTF8.GetByteCount(interpreter) + 1),
            },
            (Load, ReadExecute, 0, PageLength),
            (Stack, ReadWrite, 0, 0),
        ];
        WriteHeader(file, is64, kind == ProgramKind.Fixed ? Executable : SharedObject, address, headers.Length);
        int at = is64 ? 64 : 52;
        foreach (var (type, flags, offset, length) in headers)
        {
            at += WriteProgramHeader(file.AsSpan(at), is64, type, flags, (ulong)offset, address, (ulong)length);
        }

        Encoding.UTF8.GetBytes(interpreter ?? "").CopyTo(file, InterpreterOffset);
        code.CopyTo(file, CodeOffset);
        return file;
    }

    private static void WriteHeader(Span<byte> file, bool is64, ushort type, ulong address, int count)
    {
        ReadOnlySpan<byte> identity = [0x7F, (byte)'E', (byte)'L', (byte)'F', (byte)(is64 ? 2 : 1), 1, 1];
        identity.CopyTo(file);
        BinaryPrimitives.WriteUInt16LittleEndian(file[16..], type);
        BinaryPrimitives.WriteUInt16LittleEndian(file[18..], is64 ? MachineX8664 : Machine386);
        BinaryPrimitives.WriteUInt32LittleEndian(file[20..], 1);
        int length = is64 ? 64 : 52;
        int word = is64 ? 8 : 4;
        Word(file[24..], is64, address + CodeOffset);
        Word(file[(24 + word)..], is64, (ulong)length);
        var rest = file[(24 + 3 * word + 4)..];
        ushort[] halves = [(ushort)length, (ushort)(is64 ? 56 : 32), (ushort)count, 0, 0, 0];
        for (int half = 0; half < halves.Length; half++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(rest[(2 * half)..], halves[half]);
        }
    }

    private static int WriteProgramHeader(
        Span<byte> header, bool is64, uint type, uint flags, ulong offset, ulong address, ulong length)
    {
        int word = is64 ? 8 : 4, at = is64 ? 8 : 4;
        BinaryPrimitives.WriteUInt32LittleEndian(header, type);
        foreach (ulong value in (ulong[])[offset, address + offset, address + offset, length, length])
        {
            Word(header[at..], is64, value);
            at += word;
        }

        // In 64 bits the flags come second, in 32 bits last but one.
        BinaryPrimitives.WriteUInt32LittleEndian(header[(is64 ? 4 : at)..], flags);
        at += is64 ? 0 : 4;
        Word(header[at..], is64, type == Load ? PageLength : 1UL);
        return at + word;
    }

    private static void Word(Span<byte> place, bool is64, ulong value)
    {
        if (is64)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(place, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(place, (uint)value);
        }
    }
}
