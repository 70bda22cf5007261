using System.IO.Compression;
using PageProof.Contract;
using PageProof.Contract.Paging;

namespace PageProof.Reality.Recorded;

/// <summary>
/// Facts in a file: a gzip stream of little-endian fields.
/// <code>
/// magic "PPFACTS1" | backend, command: length-prefixed UTF-8 | memory u64 | count i32 | facts
/// fact   = control | access | words | answer
/// control= CR0 u64, CR3 u64, CR4 u64, EFER u64, PAT u64, PKRU u32, width u8, flags u8
/// access = address u64, kind u8, CPL u8, flags u8
/// words  = count u8, then address u64 and entry u64 of each
/// answer = kind u8, code u8, known u8, CR2 u64, address u64, then A and D of each word u8
/// </code>
/// </summary>
public static class FactFile
{
    private const ulong Magic = 0x3153_5443_4146_5050;
    private const ulong MarkMask = (ulong)(EntryBit.Accessed | EntryBit.Dirty);

    /// <summary>Writes the facts, whole or not at all.</summary>
    public static void Write(string path, TranslationFacts facts)
    {
        string draft = $"{path}.{Environment.ProcessId}.part";
        using (var gzip = new GZipStream(File.Create(draft), CompressionLevel.SmallestSize))
        using (BinaryWriter writer = new(gzip))
        {
            writer.Write(Magic);
            writer.Write(facts.Backend);
            writer.Write(facts.Command);
            writer.Write(facts.Facts.Count == 0 ? 0 : facts.Facts[0].Case.Memory.Value);
            writer.Write(facts.Facts.Count);
            foreach (var fact in facts.Facts)
            {
                WriteCase(writer, fact.Case);
                WriteAnswer(writer, fact);
            }
        }

        File.Move(draft, path, overwrite: true);
    }

    /// <summary>Reads the facts of a file.</summary>
    /// <exception cref="UserError">The file is not there, or does not hold facts.</exception>
    public static TranslationFacts Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return Read(stream);
        }
        catch (Exception error) when (error is IOException or InvalidDataException
            or UnauthorizedAccessException or InvalidOperationException or OverflowException)
        {
            throw new UserError($"{path} does not hold recorded facts: {error.Message}");
        }
    }

    internal static TranslationFacts Read(Stream stream)
    {
        using var gzip = new GZipStream(stream, CompressionMode.Decompress);
        using BinaryReader reader = new(new BufferedStream(gzip, 1 << 16));
        if (reader.ReadUInt64() != Magic)
        {
            throw new InvalidDataException("it does not begin as a file of facts does.");
        }

        string backend = reader.ReadString();
        string command = reader.ReadString();
        ByteCount memory = new(reader.ReadUInt64());
        int count = reader.ReadInt32();
        List<TranslationFact> facts = [];
        for (int index = 0; index < count; index++)
        {
            facts.Add(ReadFact(reader, memory));
        }

        return new(backend, command, facts);
    }

    private static void WriteCase(BinaryWriter writer, in TranslationCase written)
    {
        var control = written.Control;
        writer.Write((ulong)control.Cr0);
        writer.Write(control.Cr3.Value);
        writer.Write((ulong)control.Cr4);
        writer.Write((ulong)control.Efer);
        writer.Write(control.Pat.Value);
        writer.Write(control.Pkru.Value);
        writer.Write(control.MaxPhyAddr.Bits);
        writer.Write((byte)(Flag(control.HasGigabytePages, 0) | Flag(control.Vendor == Vendor.Amd, 1)));
        var access = written.Access;
        writer.Write(access.Address.Value);
        writer.Write((byte)access.Kind);
        writer.Write((byte)access.Cpl);
        writer.Write((byte)(Flag(access.AlignmentCheck, 0) | Flag(access.Implicit, 1) | Flag(access.StackSegment, 2)));
        writer.Write((byte)written.Words.Length);
        foreach (ref readonly var word in written.Words)
        {
            writer.Write(word.Address.Value);
            writer.Write(word.Entry.Value);
        }
    }

    private static void WriteAnswer(BinaryWriter writer, TranslationFact fact)
    {
        var answer = fact.Answer;
        writer.Write((byte)answer.Outcome.Kind);
        writer.Write((byte)answer.Outcome.Code);
        writer.Write((byte)answer.Known);
        writer.Write(answer.Outcome.FaultAddress.Value);
        writer.Write(answer.Outcome.Address.Value);
        for (int word = 0; word < fact.Case.Words.Length; word++)
        {
            ulong before = fact.Case.Words[word].Entry.Value;
            ulong left = answer.Left[word].Value;
            if (answer.Known.HasFlag(AnswerParts.Words) && ((before ^ left) & ~MarkMask) != 0)
            {
                throw new InvalidOperationException(
                    $"Only A and D of a word change; {fact.Case.Words[word]} was left as 0x{left:x}.");
            }

            writer.Write((byte)(left & MarkMask));
        }
    }

    private static TranslationFact ReadFact(BinaryReader reader, ByteCount memory)
    {
        ControlState control = new()
        {
            Cr0 = (Cr0)reader.ReadUInt64(),
            Cr3 = new(reader.ReadUInt64()),
            Cr4 = (Cr4)reader.ReadUInt64(),
            Efer = (Efer)reader.ReadUInt64(),
            Pat = new(reader.ReadUInt64()),
            Pkru = new(reader.ReadUInt32()),
            MaxPhyAddr = new(reader.ReadByte()),
        };
        int flags = reader.ReadByte();
        TranslationCase read = new()
        {
            Memory = memory,
            Control = control with
            {
                HasGigabytePages = (flags & 1) != 0,
                Vendor = (flags & 2) != 0 ? Vendor.Amd : Vendor.Intel,
            },
            Access = ReadAccess(reader),
        };
        int words = reader.ReadByte();
        for (int word = 0; word < words; word++)
        {
            read.Set(new(reader.ReadUInt64()), new(reader.ReadUInt64()));
        }

        return new(read, ReadAnswer(reader, read));
    }

    private static Access ReadAccess(BinaryReader reader)
    {
        LinearAddress address = new(reader.ReadUInt64());
        var kind = (AccessKind)reader.ReadByte();
        var cpl = (PrivilegeLevel)reader.ReadByte();
        int flags = reader.ReadByte();
        return new(address, kind, cpl, (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0);
    }

    private static TranslationAnswer ReadAnswer(BinaryReader reader, in TranslationCase asked)
    {
        var kind = (OutcomeKind)reader.ReadByte();
        var code = (PageFaultCode)reader.ReadByte();
        var known = (AnswerParts)reader.ReadByte();
        LinearAddress faultAddress = new(reader.ReadUInt64());
        PhysicalAddress address = new(reader.ReadUInt64());
        TranslationAnswer answer = new()
        {
            Known = known,
            Outcome = kind switch
            {
                OutcomeKind.Translated => TranslationOutcome.Translated(
                    address, default, default, false, false, default, default),
                OutcomeKind.PageFault => TranslationOutcome.PageFault(code, faultAddress),
                OutcomeKind.GeneralProtection => TranslationOutcome.GeneralProtection(),
                OutcomeKind.StackFault => TranslationOutcome.StackFault(),
                _ => throw new InvalidDataException($"no real system answers {kind}."),
            },
        };
        for (int word = 0; word < asked.Words.Length; word++)
        {
            ulong before = asked.Words[word].Entry.Value;
            answer.Left[word] = new((before & ~MarkMask) | reader.ReadByte());
        }

        return answer;
    }

    private static int Flag(bool set, int bit) => set ? 1 << bit : 0;
}
