using System.Buffers.Binary;
using Iced.Intel;
using PageProof.Contract.Paging;
using static Iced.Intel.AssemblerRegisters;

namespace PageProof.Reality.Guest;

/// <summary>
/// What a guest needs around its program in one paging mode: page tables of its own, descriptors,
/// stacks for the exceptions, and the 32-bit code by which this mode is entered from outside or
/// from the other mode. Source: Intel SDM vol. 3A, 10.8.5 (entering), 8.7 (task state), 7.14
/// (gates).
/// </summary>
internal sealed class GuestImage
{
    public const uint Cr0AtStart = 0x8000_0031; // PG, NE, ET, PE
    private const uint EferRegister = 0xc000_0080;
    private const int StackTable = 1;
    public const int TaskStateLength = 104;
    private const int BootLong = GuestLayout.BootCode + 0x80;
    private const EntryBit Page = EntryBit.Present | EntryBit.Writable | EntryBit.Accessed
        | EntryBit.Dirty | EntryBit.PageSize;

    private readonly int _levels;
    private readonly int _start;

    public GuestImage(int levels, GuestCode program)
    {
        _levels = levels;
        _start = (int)GuestLayout.Image(levels);
        Program = program;
        BootCode = AssembleBoot(32, GuestLayout.BootCode, EmitBoot32);
        BootLongCode = AssembleBoot(64, BootLong, EmitBoot64);
    }

    public GuestCode Program { get; }

    public uint Cr4 => (uint)(Contract.Paging.Cr4.PhysicalAddressExtension
        | (_levels == 5 ? Contract.Paging.Cr4.FiveLevelPaging : 0));

    public ulong Cr3 => (ulong)(_start + GuestLayout.TopTable);

    public ulong DescriptorTable => Linear(GuestLayout.DescriptorTable);

    public ulong InterruptTable => Linear(GuestLayout.InterruptTable);

    public ulong TaskState => Linear(GuestLayout.TaskState);

    public uint BootBlock => (uint)(_start + GuestLayout.BootBlock);

    private byte[] BootCode { get; }

    private byte[] BootLongCode { get; }

    /// <summary>
    /// Writes the image into the memory of the guest, as it is before the guest starts.
    /// </summary>
    public void Write(Span<byte> memory)
    {
        var image = memory.Slice(_start, GuestLayout.ImageSize);
        WriteTables(image);
        WriteDescriptors(image);
        WriteTaskState(image[GuestLayout.TaskState..]);
        WriteGates(image[GuestLayout.InterruptTable..]);
        WriteBootBlock(image[GuestLayout.BootBlock..]);
        BootCode.CopyTo(image[GuestLayout.BootCode..]);
        BootLongCode.CopyTo(image[BootLong..]);
        Program.Bytes.CopyTo(image[GuestLayout.Code..]);
    }

    /// <summary>Sets the quadword at a place of the program.</summary>
    public void Set(Span<byte> memory, GuestPlace place, ulong value) =>
        Put(memory, (int)(Program[place] - GuestLayout.Base(_levels)), value);

    private static void Put(Span<byte> bytes, int offset, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[offset..], value);

    private ulong Linear(int offset) => GuestLayout.Base(_levels) + (ulong)(_start + offset);

    /// <summary>
    /// The top table shows the guest twice: at its own index, and in place, for the boot.
    /// </summary>
    private void WriteTables(Span<byte> image)
    {
        ulong top = GuestLayout.OwnTopEntry(_levels);
        Put(image, GuestLayout.TopTable, top);
        Put(image, GuestLayout.TopTable + 8 * GuestLayout.OwnTopIndex, top);
        Put(image, GuestLayout.OwnPml4, Table(GuestLayout.OwnPointers));
        Put(image, GuestLayout.OwnPointers, Table(GuestLayout.SupervisorDirectory));
        Put(image, GuestLayout.OwnPointers + 8, Table(GuestLayout.UserDirectory));
        Put(image, GuestLayout.UserDirectory, (ulong)(Page | EntryBit.User) | GuestLayout.TestedEnd);
        for (int page = 0; page < 512; page++)
        {
            Put(image, GuestLayout.SupervisorDirectory + 8 * page, (ulong)page << 21 | (ulong)Page);
        }
    }

    private ulong Table(int offset) => (ulong)(_start + offset) | GuestLayout.OwnEntryBits;

    private void WriteDescriptors(Span<byte> image)
    {
        var table = image[GuestLayout.DescriptorTable..];
        Put(table, Selectors.Code64, 0x00af_9b00_0000_ffff);
        Put(table, Selectors.Data, 0x00cf_9300_0000_ffff);
        Put(table, Selectors.Code32, 0x00cf_9b00_0000_ffff);
        Put(table, Selectors.UserData & ~3, 0x00cf_f300_0000_ffff);
        Put(table, Selectors.UserCode64 & ~3, 0x00af_fb00_0000_ffff);
        ulong state = TaskState;
        Put(table, Selectors.Task, TaskStateLength - 1 | (state & 0xff_ffff) << 16
            | 0x89UL << 40 | (state >> 24 & 0xff) << 56);
        Put(table, Selectors.Task + 8, state >> 32);
    }

    private void WriteTaskState(Span<byte> state)
    {
        state[..TaskStateLength].Clear();
        Put(state, 0x24 + 8 * (StackTable - 1), Linear(GuestLayout.StackTop));
        BinaryPrimitives.WriteUInt16LittleEndian(state[102..], TaskStateLength);
    }

    private void WriteGates(Span<byte> gates)
    {
        int offset = 0;
        foreach (ulong handler in Program.Vectors)
        {
            Put(gates, offset, (handler & 0xffff) | Selectors.Code64 << 16 | (ulong)StackTable << 32
                | 0x8eUL << 40 | (handler >> 16 & 0xffff) << 48);
            Put(gates, offset + 8, handler >> 32);
            offset += 16;
        }
    }

    private void WriteBootBlock(Span<byte> block)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(block, Cr4);
        BinaryPrimitives.WriteUInt32LittleEndian(block[4..], (uint)Cr3);
        BinaryPrimitives.WriteUInt16LittleEndian(block[8..], DescriptorLimit);
        uint table = (uint)(_start + GuestLayout.DescriptorTable);
        BinaryPrimitives.WriteUInt32LittleEndian(block[10..], table);
        BinaryPrimitives.WriteUInt32LittleEndian(block[16..], (uint)(_start + BootLong));
        BinaryPrimitives.WriteUInt16LittleEndian(block[20..], Selectors.Code64);
        BinaryPrimitives.WriteUInt16LittleEndian(block[32..], DescriptorLimit);
        Put(block, 34, DescriptorTable);
        BinaryPrimitives.WriteUInt16LittleEndian(block[48..], InterruptLimit);
        Put(block, 50, InterruptTable);
    }

    public const ushort DescriptorLimit = Selectors.Task + 16 - 1;
    public const ushort InterruptLimit = 32 * 16 - 1;

    private byte[] AssembleBoot(int bits, int offset, Action<Assembler> emit)
    {
        var code = new Assembler(bits);
        emit(code);
        using var stream = new MemoryStream();
        code.Assemble(new StreamCodeWriter(stream), (ulong)(_start + offset));
        return stream.ToArray();
    }

    /// <summary>
    /// With ESI at the boot block of the mode to enter, from 32-bit code at any paging.
    /// </summary>
    private static void EmitBoot32(Assembler code)
    {
        code.mov(eax, cr0);
        code.and(eax, 0x7fff_ffff);
        code.mov(cr0, eax);
        code.mov(ecx, EferRegister);
        code.xor(eax, eax);
        code.xor(edx, edx);
        code.wrmsr();
        code.mov(eax, __dword_ptr[esi]);
        code.mov(cr4, eax);
        code.mov(eax, __dword_ptr[esi + 4]);
        code.mov(cr3, eax);
        code.mov(eax, (int)Efer.LongModeEnable);
        code.wrmsr();
        code.lgdt(__[esi + 8]);
        code.mov(eax, Cr0AtStart);
        code.mov(cr0, eax);
        code.jmp(__fword_ptr[esi + 16]);
    }

    private void EmitBoot64(Assembler code)
    {
        code.lgdt(__[rsi + 32]);
        code.lidt(__[rsi + 48]);
        code.mov(ax, Selectors.Data);
        code.mov(ss, ax);
        code.mov(ds, ax);
        code.mov(es, ax);
        code.mov(ax, Selectors.Task);
        code.ltr(ax);
        code.mov(rax, Program[GuestPlace.Start]);
        code.jmp(rax);
    }
}
