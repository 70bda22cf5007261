using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using PageProof.Contract;
using PageProof.Contract.Hardening;

namespace PageProof.Reality.Aslr;

/// <summary>
/// Reads what a process has written of itself: its maps, as text, and its break.
/// Source: Linux, Documentation/filesystems/proc.rst (maps).
/// </summary>
internal static class ProcessMaps
{
    private const string Stack = "[stack]";
    private const string Vdso = "[vdso]";
    private const string VdsoData = "[vvar";

    /// <summary>Where its regions lie, and the request to which that is the answer.</summary>
    /// <exception cref="UserError">A region is missing.</exception>
    public static (LayoutRequest Request, ObservedLayout Seen) Read(
        ReadOnlySpan<byte> record, StartKind kind, LayoutHost host, string program, string? interpreter)
    {
        string text = Encoding.UTF8.GetString(record[..LayoutStub.MapsLength]).TrimEnd('\0');
        Area[] areas = [.. text.Split('\n').Where(line => line.Length > 0).Select(ReadArea)];
        var ofProgram = Find(areas, area => area.Name == program, "program");
        var stack = Find(areas, area => area.Name == Stack, "stack");
        var vdso = Find(
            areas, area => area.Name == Vdso || area.Name.StartsWith(VdsoData, StringComparison.Ordinal), "vdso");
        var mapping = Find(areas, area => area.Name.Length == 0 && area.Rights == "r--p", "mapping");
        var ofInterpreter = interpreter is null ? default
            : Find(areas, area => area.Name == interpreter, "interpreter");
        LayoutRequest request = new()
        {
            Level = kind.IsRandomized ? host.Level : AslrLevel.Off,
            Kind = kind.Kind,
            Program = kind.Program,
            Kernel = host.Kernel,
            IsLegacy = kind.IsLegacy || host.IsLegacy,
            IsKernelRandomized = true,
            MmapBits = kind.Is64 ? host.Bits64 : host.Bits32,
            StackLimit = host.StackLimit,
            StackSize = stack.Size,
            ProgramSize = ofProgram.Size,
            InterpreterSize = ofInterpreter.Size,
            VdsoSize = vdso.Size,
            MappingSize = new(kind.MappingSize),
        };
        return (request, new()
        {
            StackEnd = new(stack.End),
            Program = new(ofProgram.Start),
            Interpreter = new(ofInterpreter.Start),
            Vdso = new(vdso.Start),
            Brk = new(BinaryPrimitives.ReadUInt64LittleEndian(record[LayoutStub.MapsLength..])),
            Mapping = new(mapping.Start),
        });
    }

    // All areas of a kind as one, which they are.
    private static Area Find(Area[] areas, Func<Area, bool> isMeant, string name)
    {
        var found = areas.Where(isMeant).ToArray();
        return found.Length > 0
            ? found[0] with { Start = found.Min(area => area.Start), End = found.Max(area => area.End) }
            : throw new UserError($"A process of the running kernel has no {name}.");
    }

    private static Area ReadArea(string line)
    {
        var parts = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
        var range = parts[0].Split('-');
        return new(Number(range[0]), Number(range[1]), parts[1], parts.Length == 6 ? parts[5].Trim() : "");
    }

    private static ulong Number(string text) => ulong.Parse(text, NumberStyles.AllowHexSpecifier, null);

    private readonly record struct Area(ulong Start, ulong End, string Rights, string Name)
    {
        public ByteCount Size => new(End - Start);
    }
}
