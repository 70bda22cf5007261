using System.Globalization;
using PageProof.Contract.Paging;

namespace PageProof.Contract.PageTables;

/// <summary>Reads the commands of a sequence, a line each.</summary>
internal static class PageTableLines
{
    /// <summary>Reads a line that says a control state.</summary>
    public static bool TryControl(string line, out ControlState? control)
    {
        bool good = CaseText.TryParse($"{line}\naccess Read address=0x0 cpl=0", out var read, out _);
        control = good ? read.Control : null;
        return good;
    }

    /// <summary>Reads the line of a command.</summary>
    public static bool TryRead(string[] parts, out PageTableCommand command)
    {
        int end = Array.IndexOf(parts, PageTableText.Overtaken);
        PageTableCommand? read = Command(end < 0 ? parts : parts[..end]);
        if (read is { } edit && end >= 0)
        {
            read = parts[(end + 1)..] is [var place, .. var access] && byte.TryParse(place, out byte at) && at > 0
                && ReadAccess(access) is { } made && edit.Kind != PageTableCommandKind.Access
                ? edit with { OvertakenAt = at, Access = made.Access }
                : null;
        }

        command = read ?? default;
        return read is not null;
    }

    private static PageTableCommand? Command(string[] parts) => parts switch
    {
        ["map", var range, .. var mapping] => ReadMapping(mapping) is { } read
            ? Edit(PageTableCommandKind.Map, range) is { } edit ? edit with { Mapping = read } : null : null,
        ["unmap", var range] => Edit(PageTableCommandKind.Unmap, range),
        ["move", var range, var target] => TryNumber(target, out ulong to)
            && Edit(PageTableCommandKind.Move, range) is { } edit ? edit with { Target = new(to) } : null,
        ["protect", var range, var rights] => ReadRights(rights) is { } read
            && Edit(PageTableCommandKind.Protect, range) is { } edit ? edit with { Rights = read } : null,
        ["clean", var range] => Edit(PageTableCommandKind.Clean, range),
        ["age", var range] => Edit(PageTableCommandKind.Age, range),
        ["free", var range] => Edit(PageTableCommandKind.FreeTables, range),
        ["find", var address] => TryNumber(address, out ulong at)
            ? new() { Kind = PageTableCommandKind.Find, Range = new(new(at), default) } : null,
        ["flush"] => new() { Kind = PageTableCommandKind.Flush },
        ["access", ..] => ReadAccess(parts),
        _ => null,
    };

    /// <summary>Reads a range, such as <c>0x1000+0x2000</c>.</summary>
    public static PageRange? ReadRange(string range) =>
        range.Split('+') is [var start, var length] && TryNumber(start, out ulong first)
        && TryNumber(length, out ulong bytes)
            ? new(new(first), new(bytes))
            : null;

    private static PageTableCommand? Edit(PageTableCommandKind kind, string range) =>
        ReadRange(range) is { } read ? new() { Kind = kind, Range = read } : null;

    /// <summary>Reads an access.</summary>
    public static PageTableCommand? ReadAccess(string[] parts) =>
        CaseText.TryParse($"control\n{string.Join(' ', parts)}", out var read, out _) && parts is ["access", ..]
            ? new() { Kind = PageTableCommandKind.Access, Access = read.Access }
            : null;

    /// <summary>Reads the words of a mapping.</summary>
    public static PageMapping? ReadMapping(string[] parts)
    {
        PageMapping mapping = default;
        foreach (string part in parts)
        {
            var sides = part.Split('=');
            ulong number = 0;
            if (sides.Length == 2 && sides[0] != "rights" && !TryNumber(sides[1], out number))
            {
                return null;
            }

            PageMapping? next = sides switch
            {
                ["frame", _] => mapping with { Frame = new(number) },
                ["bits", _] when number <= byte.MaxValue => mapping with { Size = (PageSize)number },
                ["rights", var letters] => ReadRights(letters) is { } rights ? mapping with { Rights = rights } : null,
                ["caching", _] when number <= byte.MaxValue => mapping with { Caching = (byte)number },
                ["key", _] when number <= byte.MaxValue => mapping with { Key = new((byte)number) },
                ["global"] => mapping with { Global = true },
                ["accessed"] => mapping with { Accessed = true },
                ["dirty"] => mapping with { Dirty = true },
                _ => null,
            };
            if (next is not { } good)
            {
                return null;
            }

            mapping = good;
        }

        return mapping;
    }

    /// <summary>Reads the letters of rights.</summary>
    public static PageRights? ReadRights(string letters)
    {
        PageRights rights = PageRights.None;
        foreach (char letter in letters)
        {
            PageRights? right = letter switch
            {
                'r' => PageRights.None,
                'w' => PageRights.Write,
                'x' => PageRights.Execute,
                'u' => PageRights.User,
                's' => PageRights.ShadowStack,
                _ => null,
            };
            if (right is not { } known)
            {
                return null;
            }

            rights |= known;
        }

        return rights;
    }

    private static bool TryNumber(string text, out ulong number) => text.StartsWith("0x", StringComparison.Ordinal)
        ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
