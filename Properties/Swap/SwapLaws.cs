using PageProof.Contract;
using PageProof.Contract.Swap;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Swap;

/// <summary>The laws of swap devices, as they are listed, run and reported.</summary>
public static class SwapLaws
{
    /// <summary>The story of how the system answers a sequence wrongly, or null when it does not.</summary>
    /// <exception cref="UserError">The system cannot be asked the sequence.</exception>
    public static string? Refutation(ISystem system, in SwapSequence asked)
    {
        var offered = SwapDoor.CapabilitiesOf(system);
        MustBeWithin(system, asked, offered);
        using SwapJudge judge = new(SwapDoor.Open(system), offered.TakesTurns);
        return judge.FirstFailure([asked]) < 0 ? null : judge.Tell(asked);
    }

    /// <summary>Every law put to the system.</summary>
    public static IEnumerable<CheckReport> RunAll(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        yield return SwapAgreementLaw.Run(system, seed, length, workers, progress);
        if (SwapDoor.CapabilitiesOf(system).TakesTurns)
        {
            yield return StripingLaw.Run(system, seed, length, workers, progress);
        }
    }

    internal static void MustBeWithin(ISystem system, in SwapSequence asked, SwapCapabilities offered)
    {
        var (start, commands) = (asked.Start, asked.Commands);
        bool isWithin = start.Frames <= offered.Frames && start.Devices.Length <= offered.Devices
            && !start.Devices.Any(device => (!offered.Fails && device.IsReadOnly)
                || (!offered.Partitions && device.Kind == SwapDeviceKind.Partition))
            && commands.All(command => command.Page.Process < offered.Processes
                && command.Page.Index < offered.Pages && command.Child < offered.Processes
                && command.Reader < offered.Readers
                && (offered.Fails || command.Kind is not (SwapCommandKind.FailRead or SwapCommandKind.FailWrite)));
        if (!isWithin)
        {
            throw new UserError($"{system.Name} cannot be asked this sequence: it is outside what it offers.");
        }
    }
}
