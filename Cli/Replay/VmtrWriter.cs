using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using PageProof.Contract;

namespace PageProof.Cli.Replay;

/// <summary>What a trace that was written holds.</summary>
public sealed record WrittenTrace(long References, long Records, int Pages);

/// <summary>
/// Writes VMTR traces. The pages come before the records and are only known at the end, so records wait in a
/// temporary file.
/// </summary>
internal static class VmtrWriter
{
    private const int PieceSize = 1 << 14;

    /// <summary>Writes all records of a stream; progress is told as their number.</summary>
    public static WrittenTrace Write(Stream output, bool compress, RecordStream records, Action<long> progress)
    {
        string name = Path.Combine(Path.GetTempPath(), $"pageproof-{Environment.ProcessId}-records");
        using FileStream waiting = new(
            name, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        var piece = new uint[PieceSize];
        for (int count; (count = records.Read(piece)) > 0; progress(records.Records))
        {
            waiting.Write(MemoryMarshal.AsBytes(piece.AsSpan(0, count)));
        }

        if (records.Records == 0)
        {
            throw new UserError($"There is no reference in {records.Reader.File.Path}.");
        }

        waiting.Position = 0;
        using Stream target = compress
            ? new GZipStream(output, CompressionLevel.SmallestSize, leaveOpen: true) : output;
        target.Write(Head(records));
        var page = new byte[sizeof(ulong)];
        for (int number = 0; number < records.Pages; number++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(page, records.PageAt(number));
            target.Write(page);
        }

        waiting.CopyTo(target);
        return new(records.Reader.References, records.Records, records.Pages);
    }

    private static byte[] Head(RecordStream records)
    {
        var head = new byte[VmtrReader.HeadSize];
        VmtrReader.Magic.CopyTo(head);
        uint[] words = [VmtrReader.Version, TraceReader.PageShiftDefault, 1, (uint)records.Pages, 0];
        for (int place = 0; place < words.Length; place++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan((place + 1) * sizeof(uint)), words[place]);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(24), (ulong)records.Records);
        BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(32), (ulong)records.Reader.References);
        return head;
    }
}
