using System.Collections.Immutable;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.PageCache;

namespace PageProof.Spec.AddressSpaces;

/// <summary>
/// The areas of a process as lines.
/// Source: proc_pid_maps(5). That Linux may keep two areas apart which are alike, since pages of both have become
/// private on their own, is known of anonymous memory that was moved or forked.
/// </summary>
public static class MapsSpec
{
    /// <summary>The areas as lines. What has no name is not numbered, and its own zeros have no offset.</summary>
    public static ImmutableArray<AreaLine> LinesOf(ProcessState process, int files) =>
    [
        .. from area in process.Areas
           let file = area.Object >= 0 && area.Object < files
           select new AreaLine(
               new(area.Start),
               new(area.End),
               area.Protection,
               area.Shared,
               area.IsPrivateAnonymous ? AreaBacking.Anonymous : file ? AreaBacking.File : AreaBacking.SharedAnonymous,
               new FileNumber(file ? (byte)area.Object : (byte)0),
               area.Offset),
    ];

    /// <summary>Lines with neighbours as one that could be: what is told as two may be one, and the reverse.</summary>
    public static ImmutableArray<AreaLine> Joined(ReadOnlySpan<AreaLine> lines)
    {
        var joined = ImmutableArray.CreateBuilder<AreaLine>(lines.Length);
        foreach (ref readonly var line in lines)
        {
            if (joined.Count > 0 && joined[^1] is var before && before.End == line.Start
                && line == before with { Start = line.Start, End = line.End, Offset = Continued(before) })
            {
                joined[^1] = before with { End = line.End };
            }
            else
            {
                joined.Add(line);
            }
        }

        return joined.ToImmutable();
    }

    /// <summary>
    /// The first address at which lines that are alike meet, although the system may not keep apart what lies on
    /// its two sides; none when there is no such address.
    /// </summary>
    public static ulong? NeedlessSeam(ProcessState process, ReadOnlySpan<AreaLine> lines)
    {
        for (int place = 1; place < lines.Length; place++)
        {
            ulong address = lines[place].Start.Value;
            bool alike = Joined(lines.Slice(place - 1, 2)).Length == 1;
            if (alike && AddressSpaceSpec.AreaAt(process, address) is { Seams: false } area && area.Start < address)
            {
                return address;
            }
        }

        return null;
    }

    private static ulong Continued(in AreaLine line) => line.Backing == AreaBacking.Anonymous
        ? 0
        : line.Offset + (line.End.Value - line.Start.Value);
}
