using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using PageProof.Contract.Kernel;
using PageProof.Properties.Harness.Scheduling;
using PageProof.Properties.Tlb;

namespace PageProof.Properties.Kernel;

/// <summary>
/// Commands of which the first are carried out one after the other, and the rest by their CPUs at once, under one
/// schedule: one that is drawn from a seed, or one that was recorded.
/// </summary>
/// <param name="Sequence">All commands.</param>
/// <param name="First">How many of them come first.</param>
/// <param name="Seed">What the schedule is drawn from.</param>
/// <param name="Kind">How it is drawn.</param>
/// <param name="Recorded">The schedule when it is not drawn.</param>
public readonly record struct ScheduledCase(
    KernelSequence Sequence, int First, ulong Seed, ScheduleKind Kind, ImmutableArray<int> Recorded)
{
    private const int StepsOfProgram = 60;
    private const int Depth = 3;
    private const string FirstLine = "# first";
    private const string ScheduleLine = "# schedule";

    /// <summary>Whether the schedule was recorded.</summary>
    public bool IsRecorded => !Recorded.IsDefault;

    /// <summary>The strategy that gives its schedule.</summary>
    public IStrategy Strategy() =>
        IsRecorded ? new ReplayStrategy(Recorded)
        : Kind == ScheduleKind.Priority
            ? new PriorityStrategy(Seed, Sequence.Start.Cpus, StepsOfProgram, Depth)
        : new RandomStrategy(Seed);

    /// <summary>
    /// The text that <see cref="TryParse"/> reads back: that of a sequence, and behind it how many commands come first
    /// and who goes on at each step.
    /// </summary>
    public string Print(ImmutableArray<int> schedule) =>
        KernelText.Print(Sequence) + $"{FirstLine} {First}\n{ScheduleLine} {string.Join(' ', schedule)}\n";

    /// <summary>Reads a case with a recorded schedule.</summary>
    public static bool TryParse(string text, out ScheduledCase read, [NotNullWhen(false)] out string? reason)
    {
        read = default;
        if (!KernelText.TryParse(text, out var sequence, out reason))
        {
            return false;
        }

        int first = 0;
        ImmutableArray<int> schedule = [];
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            bool good = line.StartsWith(FirstLine, StringComparison.Ordinal)
                ? int.TryParse(line[FirstLine.Length..], NumberStyles.AllowLeadingWhite, Invariant, out first)
                    && first <= sequence.Commands.Length
                : !line.StartsWith(ScheduleLine, StringComparison.Ordinal)
                    || TrySchedule(line[ScheduleLine.Length..], sequence.Start.Cpus, out schedule);
            if (!good)
            {
                reason = $"'{line[..Math.Min(line.Length, 40)]}' is no schedule of its CPUs";
                return false;
            }
        }

        read = new(sequence, first, 0, ScheduleKind.Random, schedule);
        return true;
    }

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;

    private static bool TrySchedule(string text, int cpus, out ImmutableArray<int> schedule)
    {
        var turns = ImmutableArray.CreateBuilder<int>();
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            turns.Add(int.TryParse(word, NumberStyles.None, Invariant, out int cpu) ? cpu : cpus);
        }

        schedule = turns.ToImmutable();
        return turns.All(cpu => cpu < cpus);
    }
}
