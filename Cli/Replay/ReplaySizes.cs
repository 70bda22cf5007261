using System.Globalization;
using PageProof.Contract;
using PageProof.Contract.Reclaim;

namespace PageProof.Cli.Replay;

/// <summary>Reads how many frames, which policies, and how large a page.</summary>
internal static class ReplaySizes
{
    private const int ListMost = 64;

    /// <summary>16..4096 doubles from the first to the last; 16,100,4096 lists; 64 is one.</summary>
    /// <exception cref="UserError">It is none of these.</exception>
    public static IReadOnlyList<int> Frames(string text)
    {
        SortedSet<int> frames = [];
        foreach (string part in text.Split(','))
        {
            var ends = part.Split("..");
            int first = Number(ends[0]), last = ends.Length == 2 ? Number(ends[1]) : first;
            if (first < 1 || last < first || ends.Length > 2)
            {
                throw new UserError($"--frames takes numbers from 1 to {ReplacementSettings.FramesMost}, such as 64, "
                    + $"16,64,256 or 16..4096, not '{text}'.");
            }

            for (long each = first; each < last; each *= 2)
            {
                frames.Add((int)each);
            }

            frames.Add(last);
        }

        return frames.Count <= ListMost ? [.. frames]
            : throw new UserError($"--frames takes at most {ListMost} sizes.");
    }

    /// <summary>all, or names with commas.</summary>
    /// <exception cref="UserError">There is no such policy.</exception>
    public static IReadOnlyList<ReplacementKind> Policies(string text)
    {
        if (text == "all")
        {
            return Enum.GetValues<ReplacementKind>();
        }

        List<ReplacementKind> kinds = [];
        foreach (string name in text.Split(','))
        {
            int kind = ReplacementText.Policies.ToList().IndexOf(name);
            kinds.Add(kind >= 0 ? (ReplacementKind)kind : throw new UserError(
                $"There is no policy '{name}': it is all, or of {string.Join(", ", ReplacementText.Policies)}."));
        }

        return [.. kinds.Distinct()];
    }

    /// <summary>The log of a size such as 4K, 64K, 2M or 4096.</summary>
    /// <exception cref="UserError">It is no power of two from 4 KiB to 1 GiB.</exception>
    public static int PageShift(string text)
    {
        int unit = text.Length == 0 ? 0 : char.ToUpperInvariant(text[^1]) switch
        {
            'K' => 10,
            'M' => 20,
            'G' => 30,
            _ => 0,
        };
        bool good = long.TryParse(
            unit > 0 ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out long count);
        long size = good && count <= 1L << 30 ? count << unit : 0;
        return size is >= 1L << 12 and <= 1L << 30 && long.IsPow2(size) ? (int)long.Log2(size)
            : throw new UserError($"--page takes a power of two from 4K to 1G, not '{text}'.");
    }

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        && number <= ReplacementSettings.FramesMost ? number : 0;
}
