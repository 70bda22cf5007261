using PageProof.Contract;
using PageProof.Contract.Frames;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Frames;

/// <summary>The laws of frames, as they are listed, run and reported.</summary>
public static class FrameLaws
{
    /// <summary>The story of how the system answers a sequence wrongly, or null when it does not.</summary>
    /// <exception cref="UserError">The system cannot be asked the sequence.</exception>
    public static string? Refutation(ISystem system, in FrameSequence asked)
    {
        var offered = FrameDoor.CapabilitiesOf(system);
        var (start, commands) = (asked.Start, asked.Commands);
        if (start.Cpus > offered.Cpus || start.Frames.First.Value + start.Frames.Count > offered.Frames
            || commands.Any(command => command.Place.Space >= offered.Spaces
                || command.Place.Page >= (ulong)offered.Pages))
        {
            throw new UserError($"{system.Name} cannot be asked this sequence: it is outside what it offers.");
        }

        using var judge = new FrameAgreementLaw(system).OpenJudge();
        return judge.FirstFailure([asked]) < 0 ? null : judge.Tell(asked);
    }

    /// <summary>Every law put to the system.</summary>
    public static IEnumerable<CheckReport> RunAll(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        yield return FrameAgreementLaw.Run(system, seed, length, workers, progress);
    }
}
