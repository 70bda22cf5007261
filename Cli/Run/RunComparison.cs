using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Spec.AddressSpaces;

namespace PageProof.Cli.Run;

/// <summary>One script on two systems.</summary>
public sealed record RunComparison(RunTrail One, RunTrail Other)
{
    /// <summary>How many lines both have carried out.</summary>
    public int Steps { get; } = Math.Min(One.Steps.Count, Other.Steps.Count);

    /// <summary>The places of those lines at which they differ, also where the Spec permits both.</summary>
    public IReadOnlyList<int> Differences { get; } =
    [
        .. Enumerable.Range(0, Math.Min(One.Steps.Count, Other.Steps.Count))
            .Where(place => !AreAlike(One.Steps[place], Other.Steps[place])),
    ];

    // Areas may be told apart that could be one, and where a line begins among others is nobody's concern.
    private static bool AreAlike(RunStep one, RunStep other) =>
        Bare(one) == Bare(other) && Same(one.Areas.AsSpan(), other.Areas.AsSpan())
        && (other.Line.Shows == Shown.None || (one.Views.Count == other.Views.Count
            && one.Views.Zip(other.Views).All(pair => AreAlike(other.Line.Shows, pair.First, pair.Second))));

    private static bool AreAlike(Shown shows, ProcessView one, ProcessView other) =>
        one.Process == other.Process
        && (!shows.HasFlag(Shown.Maps) || Same(one.Maps.ToArray(), other.Maps.ToArray()))
        && (!shows.HasFlag(Shown.Faults)
            || (one.MinorFaults, one.MajorFaults) == (other.MinorFaults, other.MajorFaults));

    private static KernelAnswer Bare(RunStep step) =>
        step.Line.Command is { Kind: KernelCommandKind.Maps } && step.Answer.Kind == KernelAnswerKind.Done
            ? step.Answer with { Value = 0, Length = 0 }
            : step.Answer;

    private static bool Same(ReadOnlySpan<AreaLine> one, ReadOnlySpan<AreaLine> other) =>
        MapsSpec.Joined(one).SequenceEqual(MapsSpec.Joined(other));
}
