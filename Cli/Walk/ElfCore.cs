using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using PageProof.Contract;

namespace PageProof.Cli.Walk;

/// <summary>
/// An ELF core that holds physical memory, as QEMU's dump-guest-memory and kdump write it: each
/// PT_LOAD tells the physical address of its bytes, and QEMU adds a note per processor.
/// Source: System V ABI, chapters 4 and 5; QEMU, target/i386/arch_dump.c.
/// </summary>
/// <param name="Ranges">The memory, as far as the file holds it.</param>
/// <param name="Processors">What the notes tell of each processor.</param>
/// <param name="IsCut">Whether the file ends before memory that its headers promise.</param>
public sealed record ElfCore(
    IReadOnlyList<ImageRange> Ranges, IReadOnlyList<ImageProcessor> Processors, bool IsCut)
{
    private const int HeaderSize = 64;
    private const int ProgramHeaderSize = 56;
    private const int NoteHeaderSize = 12;
    private const ushort CoreType = 4;
    private const ushort MachineX64 = 62;
    private const uint LoadSegment = 1;
    private const uint NoteSegment = 4;
    private const ushort CountElsewhere = 0xFFFF;

    // Generous for real dumps, and an end to the reading of hostile ones.
    private const uint SegmentCountMax = 1 << 20;
    private const int NoteCountMax = 1 << 16;

    /// <summary>Whether the file begins as an ELF file does.</summary>
    public static bool IsElf(SafeFileHandle file)
    {
        Span<byte> magic = stackalloc byte[4];
        return MemoryImage.TryFill(file, magic, 0) && magic.SequenceEqual("\x7f"u8 + "ELF"u8);
    }

    /// <summary>Reads the headers and notes of a core of <paramref name="length"/> bytes.</summary>
    public static ElfCore Read(SafeFileHandle file, ulong length, string path)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        if (!MemoryImage.TryFill(file, header, 0))
        {
            throw new UserError($"{path} is an ELF file that ends within its header.");
        }

        Check(header, path);
        ulong table = Word64(header, 32);
        uint count = CountOf(file, header, path);
        var ranges = new List<ImageRange>();
        var processors = new List<ImageProcessor>();
        bool hasVirtual = false, hasPhysical = false, isCut = false;
        Span<byte> segment = stackalloc byte[ProgramHeaderSize];
        for (uint index = 0; index < count; index++)
        {
            ulong place = table + (ulong)index * ProgramHeaderSize;
            if (place < table || !MemoryImage.TryFill(file, segment, place))
            {
                throw new UserError($"{path} is an ELF core that ends within its program headers.");
            }

            ulong offset = Word64(segment, 8), physical = Word64(segment, 24);
            ulong size = Math.Min(Word64(segment, 32), offset < length ? length - offset : 0);
            switch (Word32(segment, 0))
            {
                case NoteSegment:
                    ReadNotes(file, offset, size, processors, path);
                    break;
                case LoadSegment:
                    hasVirtual |= Word64(segment, 16) != 0;
                    hasPhysical |= physical is not 0 and not ulong.MaxValue;
                    isCut |= size < Word64(segment, 32);
                    Add(ranges, physical, size, offset);
                    break;
            }
        }

        // The core of a process leaves the physical address of each segment zero.
        if (hasVirtual && !hasPhysical)
        {
            throw new UserError(
                $"{path} is the core of a process: it has no physical addresses to walk.");
        }

        return ranges.Count > 0
            ? new(ranges, processors, isCut)
            : throw new UserError($"{path} is an ELF core that holds no memory.");
    }

    private static void Check(ReadOnlySpan<byte> header, string path)
    {
        (bool Good, string Sentence)[] demands =
        [
            (header[5] == 1, "is not a little-endian ELF file, as the cores of x86-64 are."),
            (header[4] == 2, "is not a 64-bit ELF file: its processor was not in long mode."),
            (Word16(header, 16) == CoreType, "is an ELF file, but not a core."),
            (Word16(header, 18) == MachineX64, "is the core of another machine than x86-64."),
            (Word16(header, 54) == ProgramHeaderSize,
                "is an ELF core with program headers of an unknown size."),
        ];
        foreach (var (good, sentence) in demands)
        {
            if (!good)
            {
                throw new UserError($"{path} {sentence}");
            }
        }
    }

    // A core of very many segments keeps their number in the first section header.
    private static uint CountOf(SafeFileHandle file, ReadOnlySpan<byte> header, string path)
    {
        uint count = Word16(header, 56);
        if (count == CountElsewhere)
        {
            Span<byte> info = stackalloc byte[sizeof(uint)];
            if (!MemoryImage.TryFill(file, info, Word64(header, 40) + 44))
            {
                throw new UserError(
                    $"{path} is an ELF core that does not tell how many segments it has.");
            }

            count = Word32(info, 0);
        }

        return count <= SegmentCountMax
            ? count
            : throw new UserError($"{path} is an ELF core with more segments than can be meant.");
    }

    private static void Add(List<ImageRange> ranges, ulong physical, ulong size, ulong offset)
    {
        ulong room = ulong.MaxValue - physical;
        if (size > 0 && room > 0)
        {
            ranges.Add(new(physical, Math.Min(size, room), offset));
        }
    }

    private static void ReadNotes(
        SafeFileHandle file,
        ulong offset,
        ulong size,
        List<ImageProcessor> processors,
        string path)
    {
        Span<byte> head = stackalloc byte[NoteHeaderSize];
        Span<byte> name = stackalloc byte[5];
        ulong end = offset + size;
        for (int number = 0; offset < end && end - offset >= NoteHeaderSize; number++)
        {
            if (number == NoteCountMax)
            {
                throw new UserError($"{path} is an ELF core with more notes than can be meant.");
            }

            if (!MemoryImage.TryFill(file, head, offset))
            {
                return;
            }

            ulong nameSize = Word32(head, 0), contentSize = Word32(head, 4);
            ulong content = offset + NoteHeaderSize + (nameSize + 3 & ~3UL);
            if (nameSize == (ulong)name.Length
                && MemoryImage.TryFill(file, name, offset + NoteHeaderSize)
                && name.SequenceEqual("QEMU\0"u8)
                && TryReadProcessor(file, content, contentSize, out var processor))
            {
                processors.Add(processor);
            }

            offset = content + (contentSize + 3 & ~3UL);
        }
    }

    /// <summary>
    /// The state of one processor: version and size, 18 registers, 10 segments of 24 bytes, then
    /// CR0 to CR4. IA32_EFER is not in it. Source: QEMU, target/i386/arch_dump.c, QEMUCPUState.
    /// </summary>
    private static bool TryReadProcessor(
        SafeFileHandle file, ulong place, ulong size, out ImageProcessor processor)
    {
        const int First = 2 * sizeof(uint) + 18 * sizeof(ulong) + 10 * 24;
        Span<byte> registers = stackalloc byte[5 * sizeof(ulong)];
        bool good = size >= (ulong)(First + registers.Length)
            && MemoryImage.TryFill(file, registers, place + First);
        processor = new(Word64(registers, 0), new(Word64(registers, 24)), Word64(registers, 32));
        return good;
    }

    private static ushort Word16(ReadOnlySpan<byte> bytes, int at) =>
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint Word32(ReadOnlySpan<byte> bytes, int at) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ulong Word64(ReadOnlySpan<byte> bytes, int at) =>
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
}
