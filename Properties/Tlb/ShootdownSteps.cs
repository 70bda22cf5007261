using PageProof.Contract.Tlb;
using PageProof.Spec.Tlb;

namespace PageProof.Properties.Tlb;

/// <summary>Which step of the transition system an event is, where it is the same for every page.</summary>
internal static class ShootdownSteps
{
    public static ShootdownEventKind? KindOf(TlbEventKind kind) => kind switch
    {
        TlbEventKind.Send => ShootdownEventKind.Send,
        TlbEventKind.Deliver => ShootdownEventKind.Deliver,
        TlbEventKind.Acknowledge => ShootdownEventKind.Acknowledge,
        TlbEventKind.Complete => ShootdownEventKind.Complete,
        TlbEventKind.TakeClean => ShootdownEventKind.TakeClean,
        TlbEventKind.ReleaseFrame => ShootdownEventKind.ReleaseFrame,
        TlbEventKind.ReleaseTable => ShootdownEventKind.ReleaseTable,
        TlbEventKind.Load => ShootdownEventKind.Load,
        TlbEventKind.Enter => ShootdownEventKind.Enter,
        TlbEventKind.Leave => ShootdownEventKind.Leave,
        TlbEventKind.Unload => ShootdownEventKind.Unload,
        _ => null,
    };
}
