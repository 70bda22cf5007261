using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace PageProof.Reality.Aslr;

/// <summary>
/// The program of a process that is only looked at. It asks for one mapping, writes its own
/// /proc/self/maps and its break to its output, and starts itself anew with an argument that is one letter
/// shorter, until none is left. Each start is a new address space; one process makes them all.
/// Source: System V ABI for the stack at the start; Linux, arch/x86/entry/syscalls for the numbers.
/// </summary>
internal static class LayoutStub
{
    /// <summary>The bytes of what is written for each start: the maps as text, then the break.</summary>
    public const int RecordLength = MapsLength + 8;

    /// <summary>The bytes for the maps; what is not text is zero.</summary>
    public const int MapsLength = 4096;

    private const int Frame = 8192;
    private const uint Private = 2;
    private const uint Anonymous = 0x20;
    private const int DeathSignal = 1;
    private const int Kill = 9;

    // "/proc/self/maps", and a zero byte.
    private const ulong PathLow = 0x65732F636F72702F;
    private const ulong PathHigh = 0x007370616D2F666C;

    /// <summary>The code for 64 bits, for the address at which it will lie.</summary>
    public static byte[] For64(uint personality, uint mappingSize, ulong address)
    {
        Assembler code = new(64);
        var again = code.CreateLabel();
        code.mov(rbx, rsp);
        code.sub(rsp, Frame);
        Call64(code, 135, () => code.mov(edi, personality));
        Call64(code, 157, () =>
        {
            code.mov(edi, DeathSignal);
            code.mov(esi, Kill);
        });
        Call64(code, 9, () =>
        {
            code.xor(edi, edi);
            code.mov(esi, mappingSize);
            code.mov(edx, 1);
            code.mov(r10d, Private | Anonymous);
            code.mov(r8, -1L);
            code.xor(r9d, r9d);
        });
        code.mov(rax, PathLow);
        code.mov(__qword_ptr[rsp + (MapsLength + 64)], rax);
        code.mov(rax, PathHigh);
        code.mov(__qword_ptr[rsp + (MapsLength + 72)], rax);
        Call64(code, 2, () =>
        {
            code.lea(rdi, __[rsp + (MapsLength + 64)]);
            code.xor(esi, esi);
            code.xor(edx, edx);
        });
        Call64(code, 0, () =>
        {
            code.mov(edi, eax);
            code.mov(rsi, rsp);
            code.mov(edx, MapsLength);
        });
        Call64(code, 12, () => code.xor(edi, edi));
        code.mov(__qword_ptr[rsp + MapsLength], rax);
        Call64(code, 1, () =>
        {
            code.mov(edi, 1);
            code.mov(rsi, rsp);
            code.mov(edx, RecordLength);
        });
        code.mov(rdi, __qword_ptr[rbx + 16]);
        code.cmp(__byte_ptr[rdi], 0);
        code.jne(again);
        Call64(code, 60, () => code.xor(edi, edi));
        code.Label(ref again);
        code.inc(__qword_ptr[rbx + 16]);
        Call64(code, 59, () =>
        {
            code.mov(rdi, __qword_ptr[rbx + 8]);
            code.lea(rsi, __[rbx + 8]);
            code.xor(edx, edx);
        });
        Call64(code, 60, () => code.mov(edi, 1));
        return Bytes(code, address);
    }

    /// <summary>The same for 32 bits.</summary>
    public static byte[] For32(uint personality, uint mappingSize, ulong address)
    {
        Assembler code = new(32);
        var again = code.CreateLabel();
        code.mov(ebp, esp);
        code.sub(esp, Frame);
        Call32(code, 136, () => code.mov(ebx, personality));
        Call32(code, 172, () =>
        {
            code.mov(ebx, DeathSignal);
            code.mov(ecx, Kill);
        });
        // The sixth argument is EBP, which also holds where the arguments of the program are.
        code.push(ebp);
        Call32(code, 192, () =>
        {
            code.xor(ebx, ebx);
            code.mov(ecx, mappingSize);
            code.mov(edx, 1);
            code.mov(esi, Private | Anonymous);
            code.mov(edi, -1);
            code.xor(ebp, ebp);
        });
        code.pop(ebp);
        for (int part = 0; part < 4; part++)
        {
            ulong half = part < 2 ? PathLow : PathHigh;
            code.mov(__dword_ptr[esp + (MapsLength + 64 + 4 * part)], (uint)(half >> 32 * (part % 2)));
        }

        Call32(code, 5, () =>
        {
            code.lea(ebx, __[esp + (MapsLength + 64)]);
            code.xor(ecx, ecx);
            code.xor(edx, edx);
        });
        Call32(code, 3, () =>
        {
            code.mov(ebx, eax);
            code.mov(ecx, esp);
            code.mov(edx, MapsLength);
        });
        Call32(code, 45, () => code.xor(ebx, ebx));
        code.mov(__dword_ptr[esp + MapsLength], eax);
        Call32(code, 4, () =>
        {
            code.mov(ebx, 1);
            code.mov(ecx, esp);
            code.mov(edx, RecordLength);
        });
        code.mov(ebx, __dword_ptr[ebp + 8]);
        code.cmp(__byte_ptr[ebx], 0);
        code.jne(again);
        Call32(code, 1, () => code.xor(ebx, ebx));
        code.Label(ref again);
        code.inc(__dword_ptr[ebp + 8]);
        Call32(code, 11, () =>
        {
            code.mov(ebx, __dword_ptr[ebp + 4]);
            code.lea(ecx, __[ebp + 4]);
            code.xor(edx, edx);
        });
        Call32(code, 1, () => code.mov(ebx, 1));
        return Bytes(code, address);
    }

    // EAX is an argument of some calls, so the number comes last.
    private static void Call64(Assembler code, int number, Action arguments)
    {
        arguments();
        code.mov(eax, number);
        code.syscall();
    }

    private static void Call32(Assembler code, int number, Action arguments)
    {
        arguments();
        code.mov(eax, number);
        code.@int(0x80);
    }

    private static byte[] Bytes(Assembler code, ulong address)
    {
        using MemoryStream stream = new();
        code.Assemble(new StreamCodeWriter(stream), address);
        return stream.ToArray();
    }
}
