using PageProof.Contract;
using PageProof.Contract.Swap.Compressed;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Swap.Compressed;

/// <summary>The laws of compressed stores, as they are listed, run and reported.</summary>
public static class CompressedLaws
{
    /// <summary>The story of how the system answers a sequence wrongly, or null when it does not.</summary>
    /// <exception cref="UserError">The system cannot be asked the sequence.</exception>
    public static string? Refutation(ISystem system, in CompressedSequence asked)
    {
        var offered = CompressedDoor.CapabilitiesOf(system);
        var start = asked.Start;
        bool compresses = start.Compressor == CompressorKind.Lz4 ? offered.Lz4 : offered.Zstd;
        if (!compresses || start.Slots > offered.Slots || start.Level > offered.LevelMost)
        {
            throw new UserError($"{system.Name} cannot be asked this sequence: it is outside what it offers.");
        }

        using var judge = new CompressedAgreementLaw(system).OpenJudge();
        return judge.FirstFailure([asked]) < 0 ? null : judge.Tell(asked);
    }

    /// <summary>Every law put to the system.</summary>
    public static IEnumerable<CheckReport> RunAll(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        yield return CompressedAgreementLaw.Run(system, seed, length, workers, progress);
    }
}
