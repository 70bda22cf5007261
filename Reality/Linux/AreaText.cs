using System.Buffers.Text;
using PageProof.Contract.AddressSpaces;

namespace PageProof.Reality.Linux;

/// <summary>
/// The text of <c>/proc/PID/maps</c>, without the lines of the stub's own pages. Source: proc_pid_maps(5).
/// </summary>
internal static class AreaText
{
    private const ulong OwnEnd = StubLayout.Shared + StubLayout.Length;

    /// <summary>Adds the lines of a text.</summary>
    public static int AddLines(ReadOnlySpan<byte> text, List<AreaLine> lines)
    {
        int before = lines.Count;
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)'\n');
            var line = Read(text[..end]);
            if (!IsOwn(line.Start.Value))
            {
                lines.Add(line);
            }

            text = text[(end + 1)..];
        }

        return lines.Count - before;
    }

    // Code and shared pages of the stub, and the page for old programs above all user addresses.
    private static bool IsOwn(ulong address) =>
        address == StubLayout.Text || address is >= StubLayout.Shared and < OwnEnd
            or >= StubLayout.Rings and < StubLayout.Rings + StubLayout.RingsLength || address >= StubLayout.UserEnd;

    // 1000000000-1000002000 rw-p 00000000 00:01 54716   /memfd:f0 (deleted)
    private static AreaLine Read(ReadOnlySpan<byte> line)
    {
        ulong start = Number(ref line);
        ulong end = Number(ref line);
        var letters = line[..4];
        var protection = (letters[0] == 'r' ? MemoryProtection.Read : 0)
            | (letters[1] == 'w' ? MemoryProtection.Write : 0)
            | (letters[2] == 'x' ? MemoryProtection.Execute : 0);
        bool shared = letters[3] == 's';
        line = line[5..];
        ulong offset = Number(ref line);
        int at = line.IndexOf((byte)'/');
        var path = at < 0 ? [] : line[at..];
        var (backing, file) = path.StartsWith("/memfd:f"u8) ? (AreaBacking.File, (byte)(path[8] - '0'))
            : path.IsEmpty ? (AreaBacking.Anonymous, (byte)0)
            : (AreaBacking.SharedAnonymous, (byte)0);
        return new(
            new(start), new(end), protection, shared, backing, new(file),
            backing == AreaBacking.Anonymous ? 0 : offset);
    }

    /// <summary>A hexadecimal number, and the sign behind it.</summary>
    private static ulong Number(ref ReadOnlySpan<byte> line)
    {
        if (!Utf8Parser.TryParse(line, out ulong number, out int length, 'x'))
        {
            throw new InvalidOperationException("The kernel tells areas in a form that is not known.");
        }

        line = line[(length + 1)..];
        return number;
    }
}
