using System.Buffers.Binary;
using System.Text;

namespace PageProof.Tests.Cli;

/// <summary>An ELF core as QEMU writes it, of which a test spoils one thing.</summary>
public sealed class CoreFile
{
    private const int HeaderSize = 64;
    private const int SegmentSize = 56;
    private readonly List<(uint Type, ulong Virtual, ulong Physical, byte[] Content)> _segments = [];

    /// <summary>The bytes of the header, which may be overwritten.</summary>
    public byte[] Header { get; } = new byte[HeaderSize];

    public CoreFile()
    {
        "\x7f"u8.CopyTo(Header);
        "ELF\x02\x01\x01"u8.CopyTo(Header.AsSpan(1));
        Put16(Header, 16, 4);
        Put16(Header, 18, 62);
        Put64(Header, 32, HeaderSize);
        Put16(Header, 54, SegmentSize);
    }

    public CoreFile Memory(ulong physical, byte[] content, ulong virtualAddress = 0)
    {
        _segments.Add((1, virtualAddress, physical, content));
        return this;
    }

    /// <summary>Adds the note of a processor.</summary>
    public CoreFile Processor(ulong cr0, ulong cr3, ulong cr4)
    {
        const int First = 8 + 18 * 8 + 10 * 24;
        var state = new byte[First + 6 * 8];
        Put64(state, First, cr0);
        Put64(state, First + 24, cr3);
        Put64(state, First + 32, cr4);
        return Note("QEMU", state);
    }

    public CoreFile Note(string name, byte[] content)
    {
        var note = new byte[12 + (name.Length + 4 & ~3) + (content.Length + 3 & ~3)];
        Put32(note, 0, (uint)name.Length + 1);
        Put32(note, 4, (uint)content.Length);
        Encoding.ASCII.GetBytes(name).CopyTo(note, 12);
        content.CopyTo(note, 12 + (name.Length + 4 & ~3));
        return Notes(note);
    }

    /// <summary>Adds a segment of notes as it is.</summary>
    public CoreFile Notes(byte[] notes)
    {
        _segments.Add((4, 0, 0, notes));
        return this;
    }

    public byte[] Bytes()
    {
        if (BinaryPrimitives.ReadUInt16LittleEndian(Header.AsSpan(56)) == 0)
        {
            Put16(Header, 56, (ushort)_segments.Count);
        }

        int offset = HeaderSize + _segments.Count * SegmentSize;
        var bytes = new byte[offset + _segments.Sum(segment => segment.Content.Length)];
        Header.CopyTo(bytes, 0);
        for (int index = 0; index < _segments.Count; index++)
        {
            var (type, virtualAddress, physical, content) = _segments[index];
            var header = bytes.AsSpan(HeaderSize + index * SegmentSize);
            Put32(header, 0, type);
            Put64(header, 8, (ulong)offset);
            Put64(header, 16, virtualAddress);
            Put64(header, 24, physical);
            Put64(header, 32, (ulong)content.Length);
            Put64(header, 40, (ulong)content.Length);
            content.CopyTo(bytes, offset);
            offset += content.Length;
        }

        return bytes;
    }

    private static void Put16(Span<byte> bytes, int at, ushort value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[at..], value);

    private static void Put32(Span<byte> bytes, int at, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[at..], value);

    private static void Put64(Span<byte> bytes, int at, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[at..], value);
}
