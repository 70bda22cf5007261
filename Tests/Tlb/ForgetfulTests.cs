using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Implementation.Tlb;
using PageProof.Properties.Harness;
using PageProof.Properties.Tlb;
using PageProof.Spec.Paging;

namespace PageProof.Tests.Tlb;

/// <summary>
/// A machine that caches nothing: each access is a walk of the Spec, which marks as little as it must.
/// Registers are left to our machine, which makes no access here.
/// </summary>
internal sealed class ForgetfulSystem : ISystem
{
    public string Name => "forgetful";

    public ITranslator? OpenTranslator() => null;

    public ITlbMachine? OpenTlb() => new Machine();

    public void Dispose()
    {
    }

    private sealed class Machine : ITlbMachine
    {
        private readonly TlbMachine _registers = new(TlbGeometry.Smallest);

        public TlbCapabilities Capabilities => _registers.Capabilities with { TellsSource = false };

        public void Run(TlbStart start, ReadOnlySpan<TlbCommand> commands, Span<TlbAnswer> answers)
        {
            _registers.Run(start, commands, answers);
            TranslationCase memory = new() { Memory = start.Memory };
            foreach (var word in start.Words)
            {
                memory.Set(word.Address, word.Entry);
            }

            var controls = Enumerable.Repeat(start.Control, start.Cpus).ToArray();
            for (int index = 0; index < commands.Length; index++)
            {
                var command = commands[index];
                ref var control = ref controls[command.Cpu.Value];
                switch (command.Kind)
                {
                    case TlbCommandKind.Store:
                        memory.Set(command.Word.Address, command.Word.Entry);
                        break;
                    case TlbCommandKind.Load:
                        answers[index] = answers[index] with { Entry = memory.Read(command.Word.Address) };
                        break;
                    case TlbCommandKind.Access:
                        memory.Control = control;
                        memory.Access = command.Access;
                        answers[index] = answers[index] with { Outcome = Walk(ref memory) };
                        break;
                    default:
                        bool done = answers[index].Kind == TlbAnswerKind.Done;
                        control = done ? Spec.Tlb.ControlSpec.Next(control, command) : control;
                        break;
                }
            }
        }

        public void Dispose() => _registers.Dispose();

        private static TranslationOutcome Walk(ref TranslationCase memory)
        {
            var outcome = TranslationSpec.Walk(memory).Outcome;
            var left = memory;
            for (int word = 0; word < memory.Words.Length; word++)
            {
                foreach (var marks in (ReadOnlySpan<EntryBit>)
                    [EntryBit.None, EntryBit.Accessed, EntryBit.Accessed | EntryBit.Dirty])
                {
                    PagingEntry entry = new(memory.Words[word].Entry.Value | (ulong)marks);
                    if (TranslationSpec.Permits(memory, word, entry))
                    {
                        left.Set(memory.Words[word].Address, entry);
                        break;
                    }
                }
            }

            memory = left;
            return outcome;
        }
    }
}

/// <summary>The Spec permits a CPU to forget everything at once: a walk is always a right answer.</summary>
public sealed class ForgetfulTests
{
    private const long Cases = 8_000;

    [Fact]
    public void A_machine_that_caches_nothing_is_right_and_is_never_stale()
    {
        var report = TlbAgreementLaw.Run(new ForgetfulSystem(), 4, RunLength.Of(Cases), 2);
        Paging.Laws.Hold(report);
        Assert.Equal(0, report.Coverage!.Least);
    }
}
