using System.Collections.Immutable;
using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Tlb;

/// <summary>
/// The promise of a machine that tells where its translations come from: an access that was translated
/// and is repeated at once is served by the first level or a front before it; and a page that only fetches
/// have used since the last flush is in neither for data. Without it a machine that caches nothing would
/// pass.
/// </summary>
public sealed class FirstLevelLaw(ISystem system) : CaseLaw<TlbSequence>
{
    private readonly TlbGenerator _generator = new(TlbDoor.CapabilitiesOf(system));

    public override string Name => "a repeated access hits, and fetches fill a TLB of their own";

    public override int BatchSize => 256;

    public override int LengthOf(in TlbSequence asked) => asked.Commands.Length;

    /// <summary>A random sequence, a flush of everything, and then each of its accesses twice and as a read.</summary>
    public override void Generate(ulong seed, long index, ref TlbSequence unfolded)
    {
        var sequence = _generator.Generate(seed, index);
        var commands = sequence.Commands.ToBuilder();
        foreach (var command in sequence.Commands)
        {
            if (command.Kind == TlbCommandKind.Access && commands.Count + 4 <= TlbSequence.CommandsMax)
            {
                commands.Add(new()
                {
                    Kind = TlbCommandKind.InvalidatePcid,
                    Cpu = command.Cpu,
                    Type = InvpcidType.AllIncludingGlobal,
                });
                commands.Add(command);
                commands.Add(command);
                commands.Add(command with { Access = command.Access with { Kind = AccessKind.Read } });
            }
        }

        unfolded = sequence with { Commands = commands.ToImmutable() };
    }

    public override ICaseJudge<TlbSequence> OpenJudge() => new Judge(TlbDoor.Machine(system));

    public override IEnumerable<TlbSequence> Simplify(TlbSequence failing) => TlbShrinks.Of(failing);

    /// <summary>Runs the law.</summary>
    public static CheckReport Run(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null) =>
        CaseRunner.Run(
            new FirstLevelLaw(system), system.Name, seed, length, workers,
            sequence => TlbText.Print(sequence), progress);

    private sealed class Judge(ITlbMachine machine) : ICaseJudge<TlbSequence>
    {
        private readonly TlbAnswer[] _answers = new TlbAnswer[TlbSequence.CommandsMax];

        public int FirstFailure(ReadOnlySpan<TlbSequence> cases)
        {
            for (int place = 0; place < cases.Length; place++)
            {
                if (Broken(cases[place]) is not null)
                {
                    return place;
                }
            }

            return -1;
        }

        public string Tell(in TlbSequence failing) =>
            $"{Broken(failing)}\n  {TlbText.Print(failing).TrimEnd().Replace("\n", "\n  ")}";

        public void Dispose() => machine.Dispose();

        private string? Broken(in TlbSequence sequence)
        {
            var answers = _answers.AsSpan(0, sequence.Commands.Length);
            answers.Clear();
            machine.Run(sequence.Start, sequence.Commands.AsSpan(), answers);
            for (int index = 1; index < answers.Length; index++)
            {
                if (IsMissedTwice(sequence.Commands, answers, index))
                {
                    return $"command {index + 1} repeats an access, and was served by: {answers[index].Source}";
                }

                if (IsFetchedOnly(sequence.Commands, index) && answers[index] is
                    { Outcome.Kind: OutcomeKind.Translated, Source: TlbSource.Front or TlbSource.FirstLevel })
                {
                    return $"command {index + 1} reads what only fetches have used, and the first level for data "
                        + "has it";
                }
            }

            return null;
        }

        private static bool IsMissedTwice(
            ImmutableArray<TlbCommand> commands, ReadOnlySpan<TlbAnswer> answers, int index) =>
            commands[index].Kind == TlbCommandKind.Access && commands[index] == commands[index - 1]
            && answers[index - 1].Outcome.Kind == OutcomeKind.Translated
            && answers[index].Source is not (TlbSource.Front or TlbSource.FirstLevel);

        // A flush of everything, a fetch once or twice, and the same address read.
        private static bool IsFetchedOnly(ImmutableArray<TlbCommand> commands, int index)
        {
            int fetch = index - 1;
            var access = commands[index].Access;
            if (access.Kind != AccessKind.Read || commands[index].Kind != TlbCommandKind.Access)
            {
                return false;
            }

            while (fetch >= 0 && commands[fetch] == commands[index] with
            { Access = access with { Kind = AccessKind.Fetch } })
            {
                fetch--;
            }

            return fetch < index - 1 && fetch >= 0 && commands[fetch].Cpu == commands[index].Cpu
                && commands[fetch] is
                { Kind: TlbCommandKind.InvalidatePcid, Type: InvpcidType.AllIncludingGlobal, Descriptor.Low: 0 };
        }
    }
}
