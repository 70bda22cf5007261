using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using PageProof.Contract;
using PageProof.Contract.Paging;

namespace PageProof.Cli.Walk;

/// <summary>A stretch of physical memory, and where the file holds it.</summary>
public readonly record struct ImageRange(ulong Start, ulong Length, ulong Offset);

/// <summary>The paging registers of a processor as an image tells them.</summary>
public readonly record struct ImageProcessor(ulong Cr0, Cr3 Cr3, ulong Cr4);

/// <summary>
/// A file that holds physical memory: raw, or an ELF core. It is read quadword by quadword where a
/// walk asks, so its size does not matter; what was read once reads the same until
/// <see cref="Forget"/>, so that everything said about one walk is about the same entries.
/// </summary>
public sealed class MemoryImage : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly ImageRange[] _ranges;
    private readonly Dictionary<ulong, ulong?> _known = [];

    private MemoryImage(
        SafeFileHandle file,
        string kind,
        ImageRange[] ranges,
        IReadOnlyList<ImageProcessor> processors)
    {
        _file = file;
        Kind = kind;
        _ranges = ranges;
        Processors = processors;
    }

    /// <summary>What the image is, in words.</summary>
    public string Kind { get; }

    /// <summary>What the image tells about each processor; nothing when it tells none.</summary>
    public IReadOnlyList<ImageProcessor> Processors { get; }

    /// <summary>The memory that the image holds, in ascending order and without overlap.</summary>
    public IReadOnlyList<ImageRange> Ranges => _ranges;

    /// <summary>How many bytes of memory the image holds.</summary>
    public ByteCount Size => new(_ranges.Aggregate(0UL, (sum, range) => sum + range.Length));

    /// <summary>
    /// Opens an image. Raw memory begins at the physical address <paramref name="start"/>; a core
    /// tells its own addresses.
    /// </summary>
    public static MemoryImage Open(string path, PhysicalAddress? start)
    {
        var file = InputFile.Open(path, "memory image");
        try
        {
            ulong length = LengthOf(file, path);
            if (ElfCore.IsElf(file))
            {
                if (start is not null)
                {
                    throw new UserError($"{path} is an ELF core, which tells its own addresses; "
                        + "--base is for raw memory.");
                }

                var core = ElfCore.Read(file, length, path);
                string kind = core.IsCut ? "an ELF core that is cut short" : "an ELF core";
                return new(file, kind, Disjoint(core.Ranges), core.Processors);
            }

            RefuseCompressed(file, path);
            ulong first = start?.Value ?? 0;
            ulong room = ulong.MaxValue - first;
            return new(file, "raw memory", [new(first, Math.Min(length, room), 0)], []);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The quadword at an address; null when the image does not hold it.</summary>
    public PagingEntry? Read(PhysicalAddress address)
    {
        if (!_known.TryGetValue(address.Value, out ulong? value))
        {
            value = ReadFile(address.Value);
            _known.Add(address.Value, value);
        }

        return value is { } entry ? new PagingEntry(entry) : null;
    }

    /// <summary>Lets the next read of each quadword ask the file again.</summary>
    public void Forget() => _known.Clear();

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>Fills a buffer from the file; false when the file does not hold all of it.</summary>
    internal static bool TryFill(SafeFileHandle file, Span<byte> buffer, ulong offset)
    {
        if (offset > long.MaxValue - (ulong)buffer.Length)
        {
            return false;
        }

        try
        {
            for (int done = 0; done < buffer.Length;)
            {
                int count = RandomAccess.Read(file, buffer[done..], (long)offset + done);
                if (count == 0)
                {
                    return false;
                }

                done += count;
            }

            return true;
        }
        catch (IOException)
        {
            // A hole of a device, or a bad sector: no memory there.
            return false;
        }
    }

    private ulong? ReadFile(ulong address)
    {
        var byStart = Comparer<ImageRange>.Create((a, b) => a.Start.CompareTo(b.Start));
        int index = Array.BinarySearch(_ranges, new(address, 0, 0), byStart);
        index = index < 0 ? ~index - 1 : index;
        if (index < 0)
        {
            return null;
        }

        var range = _ranges[index];
        ulong inside = address - range.Start;
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        return inside < range.Length && range.Length - inside >= sizeof(ulong)
            && TryFill(_file, bytes, range.Offset + inside)
            ? BinaryPrimitives.ReadUInt64LittleEndian(bytes)
            : null;
    }

    private static ulong LengthOf(SafeFileHandle file, string path)
    {
        long length;
        try
        {
            length = RandomAccess.GetLength(file);
        }
        catch (NotSupportedException)
        {
            throw new UserError(
                $"{path} is a pipe, which cannot be read at any place; use a file.");
        }

        return length > 0
            ? (ulong)length
            : throw new UserError($"{path} is empty: it holds no memory to walk.");
    }

    // What such a file holds at an offset is no memory, so an answer would be nonsense.
    private static void RefuseCompressed(SafeFileHandle file, string path)
    {
        Span<byte> magic = stackalloc byte[8];
        if (TryFill(file, magic, 0)
            && (magic.SequenceEqual("KDUMP   "u8) || magic.SequenceEqual("makedump"u8)))
        {
            throw new UserError(
                $"{path} is a compressed kdump; make an ELF core or a raw image of it.");
        }
    }

    // Cuts from each range what an earlier one holds already: a dump of virtual mappings may hold
    // the same memory several times.
    private static ImageRange[] Disjoint(IEnumerable<ImageRange> ranges)
    {
        var kept = new List<ImageRange>();
        ulong end = 0;
        foreach (var range in ranges.OrderBy(range => range.Start))
        {
            ulong rangeEnd = range.Start + range.Length;
            if (rangeEnd > end)
            {
                ulong start = Math.Max(range.Start, end);
                kept.Add(new(start, rangeEnd - start, range.Offset + (start - range.Start)));
                end = rangeEnd;
            }
        }

        return [.. kept];
    }
}
