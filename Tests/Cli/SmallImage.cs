using System.Buffers.Binary;

namespace PageProof.Tests.Cli;

/// <summary>Five pages of memory in which four tables map the linear page 0x5000.</summary>
public static class SmallImage
{
    public const string Cr3 = "0x1000";
    public const string Mapped = "0x5678";
    public const ulong Paged = 1UL << 31 | 1UL << 16 | 1;
    public const ulong PhysicalAddressExtension = 1UL << 5;

    public static byte[] Bytes() => Bytes(0x5000, 0);

    /// <summary>Tables one after the other from 0x1000 on, for memory that begins elsewhere.</summary>
    public static byte[] Bytes(int size, ulong start)
    {
        var bytes = new byte[size];
        Put(bytes, 0x1000, start + 0x2027);
        Put(bytes, 0x2000, start + 0x3027);
        Put(bytes, 0x3000, start + 0x4027);
        Put(bytes, 0x4000 + 5 * 8, 0x0000_00AB_CDEF_0067);
        return bytes;
    }

    private static void Put(Span<byte> bytes, int at, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[at..], value);
}
