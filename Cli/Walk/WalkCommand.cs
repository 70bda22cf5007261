using System.CommandLine;
using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Spec.Paging;

namespace PageProof.Cli.Walk;

/// <summary>
/// Shows, level by level, how addresses of a memory image are translated. A fault is an answer like
/// any other: the command fails only when it cannot walk.
/// </summary>
public sealed class WalkCommand
{
    private readonly Argument<string?> _image = new("IMAGE")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "Raw memory, or an ELF core with physical addresses (QEMU's "
            + "dump-guest-memory), which tells CR0, CR3 and CR4.",
    };

    private readonly Argument<string[]> _addresses = new("ADDRESS")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "Linear addresses: hexadecimal after 0x, else decimal.",
    };

    private readonly Option<ulong?> _base = new("--base")
    {
        HelpName = "X",
        Description = "The physical address of the first byte of raw memory; 0 when not given.",
        CustomParser = Numbers.Parser<ulong?>(
            0, ulong.MaxValue, number => number, "a physical address"),
    };

    private readonly Option<int> _processor = new("--cpu")
    {
        HelpName = "N",
        Description = "The processor of a core whose registers count; 0 when not given.",
        CustomParser = Numbers.Parser(
            0, int.MaxValue, number => (int)number, "the number of a processor"),
    };

    private readonly Option<string?> _case = new("--case")
    {
        HelpName = "FILE",
        Description = "Walk a case as checks print it, instead of an image.",
    };

    private readonly CommonOptions _common = new();
    private readonly WalkOptions _options = new();
    private readonly Terminal _terminal;

    private WalkCommand(Terminal terminal) => _terminal = terminal;

    /// <summary>The command for the command line.</summary>
    public static Command Create(Terminal terminal)
    {
        var walk = new WalkCommand(terminal);
        var command = new Command(
            "walk", "Show step by step how addresses of a memory image are translated.")
        {
            walk._image, walk._addresses, walk._base, walk._processor, walk._case,
        };
        foreach (var option in walk._options.All)
        {
            command.Options.Add(option);
        }

        command.Options.Add(walk._common.Json);
        command.Options.Add(walk._common.Quiet);
        command.SetAction(walk.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var (source, walks) = parsed.GetValue(_case) is { } path
            ? WalkCase(parsed, path)
            : WalkImage(parsed);
        string? json = parsed.GetValue(_common.Json);
        JsonFile.Write(_terminal, json, WalkJson.Of(source, walks));
        if (json != JsonFile.ToOutput)
        {
            new WalkPrinter(_terminal).Print(source, walks, parsed.GetValue(_common.Quiet));
        }

        return ExitCode.Held;
    }

    private (string Source, List<WalkTrail> Walks) WalkCase(ParseResult parsed, string path)
    {
        bool alone = parsed.GetValue(_image) is null
            && new Option[] { _base, _processor }.Concat(_options.All)
                .All(option => parsed.GetResult(option) is null or { Implicit: true });
        if (!alone)
        {
            throw new UserError(
                "--case holds the whole case: it takes no image, address or register.");
        }

        var translationCase = CaseFile.Read(path);
        var walk = WalkTrail.Take(
            translationCase.Control, translationCase.Access, new CaseMemory(in translationCase));
        int words = translationCase.Words.Length;
        return ($"{path}: a case with {words} word{(words == 1 ? "" : "s")} of tables", [walk]);
    }

    private (string Source, List<WalkTrail> Walks) WalkImage(ParseResult parsed)
    {
        if (parsed.GetValue(_image) is not { } path)
        {
            throw new UserError("Which memory image? Give IMAGE and ADDRESS, or --case FILE.");
        }

        var addresses = parsed.GetValue(_addresses)!.Select(Address).ToArray();
        if (addresses.Length == 0)
        {
            throw new UserError($"Which address of {path}? Give at least one after the image.");
        }

        PhysicalAddress? start = parsed.GetValue(_base) is { } first ? new(first) : null;
        using var image = MemoryImage.Open(path, start);
        var control = _options.Control(parsed, Processor(parsed, image, path));
        var walks = new List<WalkTrail>();
        foreach (var address in addresses)
        {
            image.Forget();
            var access = _options.Access(parsed, address);
            walks.Add(WalkTrail.Take(control, access, new ImageMemory(image)));
        }

        string from = $"{new PhysicalAddress(image.Ranges[0].Start)}";
        return ($"{path}: {image.Kind}, {image.Size} from {from}", walks);
    }

    private ImageProcessor? Processor(ParseResult parsed, MemoryImage image, string path)
    {
        int number = parsed.GetValue(_processor), count = image.Processors.Count;
        if (number >= count)
        {
            if (count > 0)
            {
                throw new UserError($"{path} tells of {count} processors: --cpu goes from 0 to "
                    + $"{count - 1}.");
            }

            return _options.HasCr3(parsed) && number == 0
                ? null
                : throw new UserError($"{path} does not tell CR3: give it with --cr3.");
        }

        // A processor that did not page has no tables, unless the user knows where some are.
        const ulong Paging = 1UL << 31;
        var processor = image.Processors[number];
        bool inLongMode = (processor.Cr0 & Paging) != 0
            && (processor.Cr4 & (ulong)Cr4.PhysicalAddressExtension) != 0;
        return inLongMode || _options.HasCr3(parsed)
            ? processor
            : throw new UserError($"Processor {number} of {path} was not in long mode: to walk "
                + "tables that it had in memory, give --cr3.");
    }

    private static LinearAddress Address(string text) => Numbers.TryParse(text, out ulong number)
        ? new(number)
        : throw new UserError(
            $"'{text}' is not an address: write it in hexadecimal, such as 0x7fff12345678.");
}
