using PageProof.Contract;

namespace PageProof.Spec.Tlb;

/// <summary>
/// The interrupts by which a CPU is asked to flush: sent, delivered between two instructions, and
/// acknowledged once the flush is made. So who has asked all that owe a flush, and has all
/// acknowledgements, knows that nobody owes one.
/// Source: Intel SDM vol. 3A, 4.10.5 (propagation of changes to other processors) and 10.6.
/// </summary>
public static class InterruptSpec
{
    /// <summary>The state after the event, or why it must not happen.</summary>
    [Lifted("shootdown.interrupt")]
    public static ShootdownStep Step(in ShootdownState state, in ShootdownEvent happened)
    {
        CpuMask cpu = CpuMask.Of(happened.Cpu);
        return happened.Kind switch
        {
            ShootdownEventKind.Send => Send(state, cpu),
            ShootdownEventKind.Deliver => Deliver(state, cpu),
            ShootdownEventKind.Acknowledge => Acknowledge(state, cpu),
            _ => ShootdownSpec.Refuse(state, ShootdownRefusal.NoEvent),
        };
    }

    private static ShootdownStep Send(in ShootdownState state, CpuMask cpu) => ShootdownSpec.To(state with
    {
        Sent = state.Sent | cpu,
        Asked = state.Asked | cpu,
    });

    private static ShootdownStep Deliver(in ShootdownState state, CpuMask cpu) =>
        !cpu.IsWithin(state.Sent - state.Delivered)
            ? ShootdownSpec.Refuse(state, ShootdownRefusal.NotSent)
            : ShootdownSpec.To(state with
            {
                Sent = state.Sent - cpu,
                Delivered = state.Delivered | cpu,
                Flushed = state.Flushed - cpu,
            });

    // Who owes nothing for which it was asked need not flush: another flush came first.
    private static ShootdownStep Acknowledge(in ShootdownState state, CpuMask cpu) =>
        !cpu.IsWithin(state.Delivered)
            ? ShootdownSpec.Refuse(state, ShootdownRefusal.NotDelivered)
            : !(cpu & state.Asked & state.Pending - state.Flushed).IsEmpty
            ? ShootdownSpec.Refuse(state, ShootdownRefusal.AcknowledgedBeforeFlush)
            : ShootdownSpec.To(state with
            {
                Delivered = state.Delivered - cpu,
                Flushed = state.Flushed - cpu,
            });
}
