using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;

namespace PageProof.Reality.Guest;

/// <summary>Lets the guest run on a processor with these properties; null, or why it failed.</summary>
internal delegate string? GuestHost(SequenceRun run, in ControlState processor);

/// <summary>
/// The TLB of a machine with a guest behind the door: one run for all sequences that want the same
/// processor and paging mode, and fit.
/// </summary>
internal sealed class GuestTlb(
    string name, TlbCapabilities capabilities, SequenceRun run, GuestHost host, Action release) : ITlbMachine
{
    public TlbCapabilities Capabilities { get; } = capabilities;

    public void Run(TlbStart start, ReadOnlySpan<TlbCommand> commands, Span<TlbAnswer> answers) =>
        RunAll([new(start, [.. commands])], answers);

    public void RunAll(ReadOnlySpan<TlbSequence> sequences, Span<TlbAnswer> answers)
    {
        var firstAnswers = new int[sequences.Length];
        var processors = new (byte Width, bool GigabytePages, Vendor Vendor, int Levels)[sequences.Length];
        for (int index = 0, next = 0; index < sequences.Length; index++)
        {
            firstAnswers[index] = next;
            next += sequences[index].Commands.Length;
            var control = sequences[index].Start.Control;
            processors[index] = (
                control.MaxPhyAddr.Bits, control.HasGigabytePages, control.Vendor, SequenceRun.LevelsOf(control));
        }

        foreach (var group in Enumerable.Range(0, sequences.Length).GroupBy(index => processors[index]))
        {
            var order = group.ToArray().AsSpan();
            while (!order.IsEmpty)
            {
                int taken = run.Fill(sequences, order);
                string? failure = host(run, sequences[order[0]].Start.Control);
                for (int number = 0; number < taken; number++)
                {
                    ref readonly var sequence = ref sequences[order[number]];
                    var own = answers.Slice(firstAnswers[order[number]], sequence.Commands.Length);
                    run.Read(number, sequence, own, name, failure);
                }

                run.Finish(name, failure);
                order = order[taken..];
            }
        }
    }

    public void Dispose()
    {
        release();
        run.Dispose();
    }
}
