using PageProof.Contract.Kernel;

namespace PageProof.Cli.Run;

/// <summary>A script and its answers as data. Entries and addresses are texts in hexadecimal.</summary>
public sealed record RunJson(
    string Command, string Source, bool Ok, int? FirstDifference, IReadOnlyList<RunSystemJson> Systems)
{
    /// <summary>The data of what one or more systems did.</summary>
    public static RunJson Of(string source, bool ok, int? firstDifference, params RunTrail[] trails) =>
        new("run", source, ok, firstDifference, [.. trails.Select(RunSystemJson.Of)]);
}

/// <summary>What one system did.</summary>
public sealed record RunSystemJson(string System, IReadOnlyList<RunStepJson> Steps)
{
    /// <summary>The data of a trail.</summary>
    public static RunSystemJson Of(RunTrail trail) => new(trail.System, [.. trail.Steps.Select(RunStepJson.Of)]);
}

/// <summary>One line.</summary>
public sealed record RunStepJson(
    int Line,
    string Text,
    string? Answer,
    int MinorFaults,
    int MajorFaults,
    IReadOnlyList<string> Areas,
    string? Refusal,
    string? Deviation,
    IReadOnlyList<ProcessJson> Processes)
{
    /// <summary>The data of a step.</summary>
    public static RunStepJson Of(RunStep step) => new(
        step.Line.Number,
        step.Line.Text,
        step.Line.Command is null ? null : KernelText.Of(step.Answer with { MinorFaults = 0, MajorFaults = 0 }),
        step.Answer.MinorFaults,
        step.Answer.MajorFaults,
        [.. step.Areas.Select(area => $"{area}")],
        step.Refusal,
        step.Deviation,
        [.. step.Views
            .Where(view => step.Line.Only is not { } only || only == view.Process)
            .Select(view => ProcessJson.Of(step, view))]);
}

/// <summary>What was shown of a process; null is what was not asked for.</summary>
public sealed record ProcessJson(
    int Process,
    IReadOnlyList<string>? Maps,
    int? MinorFaults,
    int? MajorFaults,
    IReadOnlyList<TableEntryJson>? Tables)
{
    /// <summary>The data of a view.</summary>
    public static ProcessJson Of(RunStep step, ProcessView view)
    {
        var shows = step.Line.Shows;
        bool faults = shows.HasFlag(Shown.Faults);
        return new(
            view.Process.Value,
            shows.HasFlag(Shown.Maps) ? [.. view.Maps.Select(area => $"{area}")] : null,
            faults ? view.MinorFaults : null,
            faults ? view.MajorFaults : null,
            shows.HasFlag(Shown.Tables) ? [.. view.Tables.Select(line => TableEntryJson.Of(line))] : null);
    }
}

/// <summary>One entry of a table.</summary>
public sealed record TableEntryJson(
    int Level, int Index, string Page, string Entry, string Bits, int Frame, string Kind, int Mappings, bool Exclusive)
{
    /// <summary>The data of an entry.</summary>
    public static TableEntryJson Of(in TableLine line) => new(
        line.Level,
        line.Index,
        $"{line.Page}",
        $"{line.Entry}",
        TablePicture.BitsOf(line),
        line.Frame.Value,
        $"{line.View.Kind}",
        line.View.Mappings,
        line.View.Flags.HasFlag(Contract.Frames.FrameFlags.Exclusive));
}
