using System.Globalization;
using PageProof.Contract.Kernel;
using PageProof.Contract.Paging;
using PageProof.Spec.Kernel;

namespace PageProof.Tests.Kernel;

/// <summary>What the Spec says of an answer.</summary>
public enum SpecVerdict
{
    /// <summary>It may be, and what comes next is known.</summary>
    Permitted,
    /// <summary>It may be, and from there on nothing is known.</summary>
    PermittedBlindly,
    /// <summary>It may not be.</summary>
    Refused,
}

/// <summary>The Spec is asked about answers that are made by hand; no kernel gives them.</summary>
internal static class SpecQuestions
{
    /// <summary>
    /// What the Spec says of the answer in the last line, when all before it are as it says. A line without an arrow is
    /// answered as is due; behind an arrow come done, an error or a signal with its code, and then value, length,
    /// minor and major.
    /// </summary>
    public static SpecVerdict Ask(string text)
    {
        var (state, refusal) = Step(text);
        return refusal is not null ? SpecVerdict.Refused
            : state is null ? SpecVerdict.PermittedBlindly : SpecVerdict.Permitted;
    }

    /// <summary>Why the answer is refused; null when it is not.</summary>
    public static string? Refusal(string text) => Step(text).Refusal;

    private static KernelStep Step(string text)
    {
        string[] lines = [.. text.Split('\n').Where(line => line.Length > 0)];
        var commands = lines.Select(line => line.Split(" -> ")[0]);
        Assert.True(KernelText.TryParse(string.Join('\n', commands), out var sequence, out string? reason), reason);
        var state = KernelSpec.Begin(sequence.Start, new());
        int first = lines.Length - sequence.Commands.Length;
        for (int place = 0; place < sequence.Commands.Length; place++)
        {
            var command = sequence.Commands[place];
            string[] parts = lines[first + place].Split(" -> ");
            bool isLast = place == sequence.Commands.Length - 1;
            Assert.True(isLast || parts.Length == 2 || KernelSpec.Next(state, command, default).Answer.Kind
                is KernelAnswerKind.Done, $"{parts[0]} is not done");
            var answer = parts.Length == 2 ? Answer(parts[1]) : Due(KernelSpec.Next(state, command, default));
            var step = KernelSpec.Follow(state, command, answer, []);
            if (isLast)
            {
                return step;
            }

            state = step.State ?? throw new InvalidOperationException(
                $"{lines[first + place]}: {step.Refusal ?? "nothing is known after it"}");
        }

        throw new InvalidOperationException("Nothing is asked.");
    }

    private static KernelAnswer Due(in KernelOutcome outcome) =>
        outcome.Answer with { MinorFaults = (ushort)outcome.FaultsLeast };

    private static KernelAnswer Answer(string text)
    {
        string[] words = text.Split(' ');
        var answer = words[0] switch
        {
            "done" => new KernelAnswer { Kind = KernelAnswerKind.Done },
            "SIGBUS" => new KernelAnswer { Kind = KernelAnswerKind.Signal, Signal = MemorySignal.BeyondFile },
            var name => new KernelAnswer { Kind = KernelAnswerKind.Failed, Errno = Enum.Parse<Errno>(name) },
        };
        foreach (string word in words.Skip(1))
        {
            string[] parts = word.Split('=');
            ulong number = parts[1].StartsWith("0x", StringComparison.Ordinal)
                ? ulong.Parse(parts[1].AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                : ulong.Parse(parts[1], CultureInfo.InvariantCulture);
            answer = parts[0] switch
            {
                "value" => answer with { Value = number },
                "length" => answer with { Length = number },
                "minor" => answer with { MinorFaults = (ushort)number },
                "major" => answer with { MajorFaults = (ushort)number },
                "at" => answer with { Address = new(number) },
                "code" => answer with { Code = (PageFaultCode)number },
                _ => throw new ArgumentException(word),
            };
        }

        return answer;
    }
}
