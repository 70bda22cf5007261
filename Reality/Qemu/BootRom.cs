using System.Buffers.Binary;
using Iced.Intel;
using PageProof.Reality.Guest;
using static Iced.Intel.AssemblerRegisters;

namespace PageProof.Reality.Qemu;

/// <summary>
/// The firmware of the machine: from the reset vector into protected mode with the guest's own
/// descriptors, and on to its 32-bit boot code. Source: Intel SDM vol. 3A, 10.1.4 (first
/// instruction) and 10.9.1 (switching to protected mode).
/// </summary>
internal static class BootRom
{
    /// <summary>
    /// The least that QEMU takes.
    /// </summary>
    public const int Length = 64 << 10;

    /// <summary>Where the machine shows the firmware below 1 MiB, in place of memory.</summary>
    public const int Shown = (1 << 20) - Length;

    private const int Main = 0xff00;
    private const int Pointer = 0xff80;
    private const int ResetVector = 0xfff0;

    /// <summary>Writes the firmware that boots the image of so many levels.</summary>
    public static void Write(Span<byte> rom, int levels)
    {
        uint image = (uint)GuestLayout.Image(levels);
        rom.Clear();
        var main = new Assembler(16);
        main.cli();
        main.AddInstruction(Instruction.Create(Code.Lgdt_m1632, new MemoryOperand(
            Register.None, Register.None, 1, Pointer, 2, false, Register.CS)));
        main.mov(esi, image + GuestLayout.BootBlock);
        main.mov(eax, cr0);
        main.or(eax, 1);
        main.mov(cr0, eax);
        main.mov(ax, Selectors.Data);
        main.mov(ds, ax);
        main.AddInstruction(Instruction.CreateBranch(
            Code.Jmp_ptr1632, Selectors.Code32, image + GuestLayout.BootCode));
        Put(rom, main, Main);
        var reset = new Assembler(16);
        reset.jmp(Main);
        Put(rom, reset, ResetVector);
        BinaryPrimitives.WriteUInt16LittleEndian(rom[Pointer..], GuestImage.DescriptorLimit);
        BinaryPrimitives.WriteUInt32LittleEndian(
            rom[(Pointer + 2)..], image + GuestLayout.DescriptorTable);
    }

    private static void Put(Span<byte> rom, Assembler code, int offset)
    {
        using var stream = new MemoryStream();
        code.Assemble(new StreamCodeWriter(stream), (ulong)offset);
        stream.ToArray().CopyTo(rom[offset..]);
    }
}
