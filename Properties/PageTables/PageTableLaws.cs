using PageProof.Contract;
using PageProof.Contract.PageTables;
using PageProof.Properties.Harness;

namespace PageProof.Properties.PageTables;

/// <summary>The laws of page tables, as they are listed, run and reported.</summary>
public static class PageTableLaws
{
    /// <summary>The story of how the system answers a sequence wrongly, or null when it does not.</summary>
    /// <exception cref="UserError">The system cannot be asked the sequence.</exception>
    public static string? Refutation(ISystem system, in PageTableSequence asked)
    {
        var capabilities = PageTableDoor.CapabilitiesOf(system);
        bool five = asked.Start.Control.Cr4.HasFlag(Contract.Paging.Cr4.FiveLevelPaging);
        if (asked.Start.Tables > capabilities.Tables || (five && !capabilities.FiveLevels))
        {
            throw new UserError($"{system.Name} cannot be asked this sequence: it is outside what it offers.");
        }

        using var judge = new PageTableAgreementLaw(system).OpenJudge();
        return judge.FirstFailure([asked]) < 0 ? null : judge.Tell(asked);
    }

    /// <summary>Every law put to the system.</summary>
    public static IEnumerable<CheckReport> RunAll(
        ISystem system, ulong seed, RunLength length, int workers = 1, Action<long>? progress = null)
    {
        yield return PageTableAgreementLaw.Run(system, seed, length, workers, progress);
    }
}
