using System.Diagnostics;
using PageProof.Contract.Kernel;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Kernel;

/// <summary>
/// What a real kernel answered once to sequences binds the Spec: refusing one, it permits too little. What a known
/// deviation explains binds nobody.
/// </summary>
public sealed class KernelFactLaw(
    string source, IReadOnlyList<Asked> facts, KernelCapabilities capabilities)
{
    /// <summary>The name of the law.</summary>
    public const string Name = "what a real kernel answered is permitted";

    /// <summary>The Spec permits every answer, or a deviation explains it.</summary>
    public CheckReport OfSpec()
    {
        var clock = Stopwatch.StartNew();
        KernelCoverage coverage = new();
        KernelFollower follower = new(capabilities);
        CheckFailure? failure = null;
        int index = 0;
        for (; index < facts.Count && failure is null; index++)
        {
            var (sequence, answers, lines) = facts[index];
            if (follower.Refusal(sequence, answers.AsSpan(), lines.AsSpan(), coverage) is { } refusal)
            {
                string story = KernelStory.Tell(
                    sequence, answers.AsSpan(), lines.AsSpan(), follower.FailedAt, refusal);
                failure = new(index, $"{source} answered so:\n{story}", KernelText.Print(sequence), 0)
                {
                    Length = sequence.Commands.Length,
                };
            }
        }

        return new(Name, "spec", 0, index, clock.Elapsed, failure)
        {
            Commands = coverage.Commands,
            Explained = follower.Explanations,
            Coverage = failure is null ? coverage.Judge(capabilities, index) : null,
        };
    }
}
