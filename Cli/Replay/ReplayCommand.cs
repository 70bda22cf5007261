using System.CommandLine;
using PageProof.Contract;
using PageProof.Contract.Reclaim;

namespace PageProof.Cli.Replay;

/// <summary>Sends a trace of references through replacement policies, and shows how often each misses.</summary>
public sealed class ReplayCommand
{
    private readonly Argument<string?> _trace = new("TRACE")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "Lackey text, CSV, oracleGeneral or VMTR, plain or by gzip or zstd; docs/replay.md has them.",
    };

    private readonly Option<string> _policy = new("--policy")
    {
        HelpName = "NAMES",
        DefaultValueFactory = _ => "all",
        Description = "Which, with commas: opt, fifo, lru, clock, clock-clear, nru, aging, wsclock, two-list, or all.",
    };

    private readonly Option<string> _frames = new("--frames")
    {
        HelpName = "SIZES",
        DefaultValueFactory = _ => "16..4096",
        Description = "How many frames memory has: 64, 16,100,256, or 16..4096, which doubles.",
    };

    private readonly Option<string?> _page = new("--page")
    {
        HelpName = "SIZE",
        Description = "How large a page is: 4K, or what a VMTR trace says; larger ones are put together.",
    };

    private readonly Option<string> _format = new("--format")
    {
        HelpName = "FORMAT",
        DefaultValueFactory = _ => "auto",
        Description = "What the trace is: lackey, csv, oracle or vmtr; auto looks at its first bytes.",
    };

    private readonly Option<int> _tick = Number("--tick", 1_000, 1,
        "NRU and aging: after how many records the clock ticks; 1000 when not given.");

    private readonly Option<int> _window = Number("--window", 10_000, 0,
        "WSClock: how many records a page stays in the working set; 10000 when not given.");

    private readonly Option<int> _ratio = Number("--ratio", 0, 0,
        "Two lists: how many times larger the active one may be; by the size of memory when not given.");

    private readonly Option<bool> _verify = new("--verify")
    {
        Description = "Also hold the Implementation against the Spec, victim by victim, at three sizes.",
    };

    private readonly Option<string?> _csv = new("--csv")
    {
        HelpName = "FILE",
        Description = "Also write the figures as values with commas.",
    };

    private readonly Option<string?> _svg = new("--svg")
    {
        HelpName = "FILE",
        Description = "Also draw them.",
    };

    private readonly CommonOptions _common = new();
    private readonly Terminal _terminal;

    private ReplayCommand(Terminal terminal) => _terminal = terminal;

    /// <summary>The command for the command line.</summary>
    public static Command Create(Terminal terminal)
    {
        ReplayCommand replay = new(terminal);
        Command command = new("replay", "Replay a trace of page references through replacement policies.")
        {
            replay._trace, replay._policy, replay._frames, replay._page, replay._format, replay._tick, replay._window,
            replay._ratio, replay._verify, replay._csv, replay._svg, replay._common.Json, replay._common.Quiet,
        };
        command.SetAction(replay.Run);
        return command;
    }

    private static Option<int> Number(string name, int usual, int least, string description) => new(name)
    {
        HelpName = "N",
        DefaultValueFactory = _ => usual,
        Description = description,
        CustomParser = Numbers.Parser((ulong)least, 1 << 30, number => (int)number, $"a number from {least} to 2^30"),
    };

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetValue(_trace) ?? throw new UserError("Which trace? Give the file of a TRACE.");
        var frames = ReplaySizes.Frames(parsed.GetValue(_frames)!);
        var kinds = ReplaySizes.Policies(parsed.GetValue(_policy)!);
        int? shift = parsed.GetValue(_page) is { } page ? ReplaySizes.PageShift(page) : null;
        if (!Enum.TryParse(parsed.GetValue(_format), ignoreCase: true, out TraceFormat format)
            || !Enum.IsDefined(format) || int.TryParse(parsed.GetValue(_format), out _))
        {
            throw new UserError(
                $"There is no format '{parsed.GetValue(_format)}': it is auto, lackey, csv, oracle or vmtr.");
        }

        Outputs outputs = new(
            parsed.GetValue(_csv), parsed.GetValue(_svg), parsed.GetValue(_common.Json));
        outputs.Check();
        var settings = kinds.SelectMany(kind => frames.Select(each => new ReplacementSettings(
            kind, each, parsed.GetValue(_tick), parsed.GetValue(_window), parsed.GetValue(_ratio)))).ToList();
        bool quiet = parsed.GetValue(_common.Quiet);
        var result = Replay(() => new(TraceReader.Open(path, format, shift)), settings, quiet);
        var verified = parsed.GetValue(_verify)
            ? Verify(() => new(TraceReader.Open(path, format, shift)), settings, result, quiet) : [];
        ReplayReport report = new(path, settings, result, verified);
        outputs.Write(_terminal, report);
        return verified.All(each => each.Refusal is null) ? ExitCode.Held : ExitCode.Refuted;
    }

    private ReplayResult Replay(Func<RecordStream> open, List<ReplacementSettings> settings, bool quiet)
    {
        using var stream = open();
        using FutureStore future = new(FutureStore.InMemoryDefault, _terminal.Error.WriteLine);
        bool looksAhead = settings.Any(each => each.Kind == ReplacementKind.Opt);
        long total = stream.Reader.File.Size * (looksAhead ? 2 : 1);
        return new Progress(_terminal, quiet).Run(
            "bytes replayed", total, progress => ReplayRun.Run(stream, settings, future, progress.Report));
    }

    private List<VerifiedRow> Verify(
        Func<RecordStream> open, List<ReplacementSettings> settings, ReplayResult result, bool quiet)
    {
        var sizes = ReplayVerification.SizesOf(
            [.. settings.Select(each => each.Frames).Distinct()], result.Pages);
        var chosen = settings.Where(each => sizes.Contains(each.Frames)).ToList();
        long total = chosen.Sum(each => ReplayVerification.RecordsFor(each.Kind, result.Records));
        return new Progress(_terminal, quiet).Run(
            "records verified", total, progress => ReplayVerification.Run(open, chosen, progress.Report).ToList());
    }

    // Where the figures go besides the terminal.
    private sealed record Outputs(string? Csv, string? Svg, string? Json)
    {
        public void Check()
        {
            foreach (var (place, what) in new[] { (Csv, "CSV"), (Svg, "plot") })
            {
                if (place is not null)
                {
                    OutputFile.Check(place, what);
                }
            }
        }

        public void Write(Terminal terminal, ReplayReport report)
        {
            if (Csv is not null)
            {
                OutputFile.Write(Csv, "CSV", report.Csv());
            }

            if (Svg is not null)
            {
                OutputFile.Write(Svg, "plot", ReplayPlot.Draw(report));
            }

            if (Json != JsonFile.ToOutput)
            {
                new ReplayTable(terminal).Print(report);
            }

            report.Figures().Write(terminal, Json);
        }
    }
}
