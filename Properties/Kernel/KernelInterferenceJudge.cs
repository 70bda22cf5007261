using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Contract.Paging;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Kernel;

/// <summary>Runs each sequence as it is, and again with other private stores of one process after the other.</summary>
internal sealed class KernelInterferenceJudge(KernelRuns runs) : ICaseJudge<KernelSequence>
{
    private KernelAnswer[] _first = [];

    public long Changed { get; private set; }

    public long Compared { get; private set; }

    public int FirstFailure(ReadOnlySpan<KernelSequence> cases)
    {
        for (int place = 0; place < cases.Length; place++)
        {
            if (Difference(cases[place]) is not null)
            {
                return place;
            }
        }

        return -1;
    }

    public string Tell(in KernelSequence failing)
    {
        string? difference = Difference(failing);
        return KernelText.Print(failing) + (difference ?? "Nobody sees a private store of another.");
    }

    public void Dispose() => runs.Dispose();

    private string? Difference(in KernelSequence sequence)
    {
        if (sequence.Start.Processes < 2)
        {
            return null;
        }

        _first = runs.Ask([sequence]).ToArray();
        var areas = runs.Kernel.Lines.ToArray();
        foreach (byte actor in sequence.Commands.Select(command => command.Process.Value).Distinct())
        {
            var stores = PrivateStores.Of(sequence, _first.AsSpan(), runs.Kernel.Capabilities, actor);
            if (stores.Count == 0)
            {
                continue;
            }

            Changed += stores.Count;
            string? found = Compare(sequence, actor, stores, areas, omits: false)
                ?? Compare(sequence, actor, stores, areas, omits: true);
            if (found is not null)
            {
                return found;
            }
        }

        return null;
    }

    private string? Compare(
        in KernelSequence sequence,
        byte actor,
        List<int> stores,
        AreaLine[] areas,
        bool omits)
    {
        var commands = sequence.Commands.ToBuilder();
        foreach (int place in stores)
        {
            var store = commands[place];
            commands[place] = omits
                ? store with { Kind = KernelCommandKind.Load, Value = 0 }
                : store with { Value = ~store.Value };
        }

        var answers = runs.Ask([sequence with { Commands = commands.ToImmutable() }]);
        for (int place = 0; place < answers.Length; place++)
        {
            var command = sequence.Commands[place];
            if (command.Process.Value == actor)
            {
                continue;
            }

            Compared++;
            if (!IsSame(command, _first[place], areas, answers[place], runs.Kernel.Lines))
            {
                return $"Private stores of process {actor} are {(omits ? "left out" : "changed")}, from number "
                    + $"{stores[0] + 1} on, and number {place + 1} is answered {answers[place]} instead of "
                    + $"{_first[place]}.";
            }
        }

        return null;
    }

    // The faults on objects depend on what was mapped together, and so on the whole history; and so does which of their
    // pages are present.
    private static bool IsSame(
        in KernelCommand command,
        in KernelAnswer one,
        ReadOnlySpan<AreaLine> ones,
        in KernelAnswer other,
        ReadOnlySpan<AreaLine> others) => command.Kind == KernelCommandKind.Maps
        ? KernelFollower.LinesOf(command, one, ones).SequenceEqual(KernelFollower.LinesOf(command, other, others))
        : command.Kind == KernelCommandKind.Presence || Bare(one) == Bare(other);

    private static KernelAnswer Bare(in KernelAnswer answer) => answer with
    {
        MinorFaults = 0,
        MajorFaults = 0,
        Code = answer.Code & ~PageFaultCode.Present,
    };
}
