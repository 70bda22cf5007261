using System.Collections.Immutable;
using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Spec.Paging;

namespace PageProof.Spec.Tlb;

/// <summary>
/// What following an answer comes to: the state after it, or the reason why it is not permitted.
/// </summary>
/// <param name="State">The state after a permitted answer.</param>
/// <param name="Refusal">Why the answer is not permitted.</param>
/// <param name="Matches">Access: the permitted ends that are this answer.</param>
public readonly record struct TlbStep(TlbState? State, string? Refusal, IReadOnlyList<PermittedEnd> Matches)
{
    internal static TlbStep To(TlbState state) => new(state, null, []);

    internal static TlbStep Refuse(string reason) => new(null, reason, []);
}

/// <summary>
/// What CPUs with TLBs and paging-structure caches may answer. Each CPU may have cached anything that it
/// could read since the last invalidation that covers it, may have forgotten any of it, and may use
/// any of it. A store to a table changes nothing that is cached. So the state is what may be cached, and
/// an answer is permitted when something explains it. Read it first as if nothing were ever cached.
/// Source: Intel SDM vol. 3A, 4.10.
/// </summary>
public static class TlbSpec
{
    /// <summary>Nothing was cached before the sequence, and from now on anything may be.</summary>
    public static TlbState Begin(in TlbSequence sequence)
    {
        var words = ImmutableArray.CreateBuilder<KnownWord>(sequence.Start.Words.Length);
        foreach (var word in sequence.Start.Words)
        {
            words.Add(new(word.Address, word.Entry, new(words.Count + 1), false, false, false));
        }

        var pages = ImmutableArray.CreateBuilder<LinearAddress>();
        foreach (var command in sequence.Commands)
        {
            LinearAddress page = StepSpec.PrefixOf(command.Access.Address, 1);
            if (command.Kind == TlbCommandKind.Access && !pages.Contains(page))
            {
                pages.Add(page);
            }
        }

        CpuState cpu = new(sequence.Start.Control, [], [], []);
        TlbState state = new(
            words.DrainToImmutable(), [], sequence.Start.Memory, pages.ToImmutable(), sequence.Start.Words.Length);
        for (int number = 0; number < sequence.Start.Cpus; number++)
        {
            state = state with { Cpus = state.Cpus.Add(cpu) };
            state = FillSpec.AfterChange(state, number, cpu);
        }

        return state;
    }

    /// <summary>Whether the answer is permitted, and the state after it.</summary>
    public static TlbStep Follow(TlbState state, in TlbCommand command, in TlbAnswer answer)
    {
        int number = command.Cpu.Value;
        CpuState cpu = state.Cpus[number];
        bool refused = ControlSpec.Refuses(cpu.Control, command);
        TlbAnswer due = new() { Kind = refused ? ControlSpec.RefusalOf(command.Kind) : KindOf(command.Kind) };
        if (answer.Kind != due.Kind)
        {
            return TlbStep.Refuse(refused ? $"the command ends in {due}" : "that is no end of this command");
        }

        return command.Kind switch
        {
            _ when refused => TlbStep.To(state),
            TlbCommandKind.Store => TlbStep.To(Store(state, command.Word)),
            TlbCommandKind.Load => Load(state, command.Word.Address, answer.Entry),
            TlbCommandKind.Access => FollowAccess(state, number, command.Access, answer),
            _ => TlbStep.To(Control(state, number, command)),
        };
    }

    private static TlbAnswerKind KindOf(TlbCommandKind command) => command switch
    {
        TlbCommandKind.Load => TlbAnswerKind.Word,
        TlbCommandKind.Access => TlbAnswerKind.Outcome,
        _ => TlbAnswerKind.Done,
    };

    // 4.10.2.3: what is cached stays as it is when software changes the entries that it came from.
    private static TlbState Store(TlbState state, TableWord word)
    {
        int version = state.Versions + 1;
        KnownWord stored = new(word.Address, word.Entry, new(version), false, false, false);
        var words = state.Words.SetItem(state.IndexOf(word.Address), stored);
        return FillSpec.AfterStore(state with { Words = words, Versions = version });
    }

    private static TlbStep Load(TlbState state, PhysicalAddress address, PagingEntry shown)
    {
        int index = state.IndexOf(address);
        return MarkSpec.Refusal(state.Words[index], shown) is { } refusal
            ? TlbStep.Refuse(refusal)
            : TlbStep.To(MarkSpec.AfterLoad(state, index, shown));
    }

    private static TlbState Control(TlbState state, int number, in TlbCommand command)
    {
        CpuState cpu = state.Cpus[number];
        CpuState after = ControlSpec.Invalidates(cpu.Control, command) is { } what
            ? InvalidationSpec.Drop(cpu, what)
            : cpu;
        return FillSpec.AfterChange(
            state, number, after with { Control = ControlSpec.Next(cpu.Control, command) });
    }

    private static TlbStep FollowAccess(TlbState state, int number, in Access access, TlbAnswer answer)
    {
        CpuState cpu = state.Cpus[number];
        var ends = AccessSpec.EndsOf(state, cpu, access);
        var matches = ends.FindAll(each => each.IsSeenAs(answer.Outcome, answer.Hidden));
        if (matches.Count == 0)
        {
            return TlbStep.Refuse("nothing that may still be cached, and no walk, gives this answer");
        }

        var after = answer.Outcome.Kind switch
        {
            OutcomeKind.Translated => Marked(state, matches, PermissionSpec.IsWrite(access.Kind)),

            // 4.10.4.1: a page fault drops what the address would use, so that it does not recur
            // unless the tables give it.
            OutcomeKind.PageFault => FillSpec.AfterChange(
                state, number, InvalidationSpec.Drop(cpu, InvalidationSpec.OfFault(cpu.Pcid, access.Address))),
            _ => state,
        };
        return new(after, null, matches);
    }

    /// <summary>The words after a translation: what every explanation has used has A, or D.</summary>
    private static TlbState Marked(TlbState state, List<PermittedEnd> matches, bool write)
    {
        for (int index = 0; index < state.Words.Length; index++)
        {
            KnownWord word = state.Words[index], marked = word;
            if (matches.TrueForAll(each => each.Path.Contains(word.Version)))
            {
                marked = marked with { MustBeAccessed = true };
            }

            if (write && matches.Exists(each => each.Marks == word.Version))
            {
                bool must = matches.TrueForAll(each => each.Marks == word.Version);
                marked = MarkSpec.Written(marked, must);
            }

            if (marked != word)
            {
                state = state with { Words = state.Words.SetItem(index, marked) };
                bool dirtied = marked.Entry != word.Entry || marked.MayBeDirty != word.MayBeDirty;

                // Survivor: to fill again what is filled takes time, and changes nothing.
                state = dirtied ? FillSpec.AfterStore(state) : state;
            }
        }

        return state;
    }
}
