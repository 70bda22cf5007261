using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using PageProof.Cli.Replay;

namespace PageProof.Tests.Reclaim;

/// <summary>Small traces, written in every format.</summary>
internal static class TraceFiles
{
    /// <summary>Some references: pages of 4 KiB and kinds, with no two to one page in a row.</summary>
    public static readonly TraceRecord[] Records =
        [new(1, 1), new(2, 2), new(3, 4), new(1, 6), new(4, 2), new(2, 4), new(5, 1), new(1, 2), new(0xFFFF_FFFF_8, 4)];

    public static byte[] Lackey(IEnumerable<TraceRecord> records)
    {
        StringBuilder text = new("==1== Lackey, an example Valgrind tool\n");
        foreach (var record in records)
        {
            string kind = record.Mask switch { 1 => "I ", 2 => " L", 4 => " S", _ => " M" };
            text.Append($"{kind} {record.Page << 12 | 0x10:x8},8\n");
        }

        return Encoding.ASCII.GetBytes(text.Append("==1== \n").ToString());
    }

    public static byte[] Csv(IEnumerable<TraceRecord> records, bool pages)
    {
        StringBuilder text = new(pages ? "time;kind;page\n" : "");
        foreach (var record in records)
        {
            string kind = record.Mask switch { 1 => "fetch", 2 => "r", 4 => "W", _ => "rw" };
            text.Append(pages ? $"7;{kind};{record.Page}\r\n" : $"0x{record.Page << 12:x},{kind}\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    public static byte[] Oracle(IEnumerable<TraceRecord> records)
    {
        List<byte> bytes = [];
        foreach (var (place, record) in records.Index())
        {
            var each = new byte[24];
            BinaryPrimitives.WriteInt32LittleEndian(each, 1_000_000 + place);
            BinaryPrimitives.WriteUInt64LittleEndian(each.AsSpan(4), record.Page);
            BinaryPrimitives.WriteUInt32LittleEndian(each.AsSpan(12), 4096);
            BinaryPrimitives.WriteInt64LittleEndian(each.AsSpan(16), place % 2 == 0 ? -1 : place + 100);
            bytes.AddRange(each);
        }

        return [.. bytes];
    }

    public static byte[] Vmtr(IReadOnlyCollection<TraceRecord> records)
    {
        var pages = records.Select(record => record.Page).Distinct().ToList();
        List<byte> bytes = [.. "VMTR"u8];
        foreach (uint word in (uint[])[1, 12, 1, (uint)pages.Count, 0])
        {
            bytes.AddRange(BitConverter.GetBytes(word));
        }

        bytes.AddRange(BitConverter.GetBytes((ulong)records.Count));
        bytes.AddRange(BitConverter.GetBytes((ulong)records.Count));
        pages.ForEach(page => bytes.AddRange(BitConverter.GetBytes(page)));
        foreach (var record in records)
        {
            bytes.AddRange(BitConverter.GetBytes((uint)pages.IndexOf(record.Page) << 3 | record.Mask));
        }

        return [.. bytes];
    }

    public static byte[] Gzip(byte[] content)
    {
        using MemoryStream bytes = new();
        using (GZipStream gzip = new(bytes, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return bytes.ToArray();
    }

    /// <summary>A frame with its content as it is, which RFC 8878 permits, in two blocks.</summary>
    public static byte[] Zstd(byte[] content)
    {
        int half = content.Length / 2;
        // One segment, and four bytes of content size.
        List<byte> bytes = [0x28, 0xB5, 0x2F, 0xFD, 0xA0, .. BitConverter.GetBytes(content.Length)];
        bytes.AddRange(BitConverter.GetBytes(half << 3).Take(3));
        bytes.AddRange(content.Take(half));
        bytes.AddRange(BitConverter.GetBytes((content.Length - half) << 3 | 1).Take(3));
        bytes.AddRange(content.Skip(half));
        return [.. bytes];
    }

    /// <summary>The bytes with one word of 32 bits changed.</summary>
    public static byte[] With(this byte[] content, int at, uint word)
    {
        byte[] changed = [.. content];
        BinaryPrimitives.WriteUInt32LittleEndian(changed.AsSpan(at), word);
        return changed;
    }
}
