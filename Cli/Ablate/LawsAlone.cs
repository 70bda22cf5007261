using PageProof.Cli.Check;
using PageProof.Contract;
using PageProof.Properties.Harness;

namespace PageProof.Cli.Ablate;

/// <summary>Puts each law of a domain to a system as if it were the only one: no law ends the run of another.</summary>
public static class LawsAlone
{
    /// <summary>
    /// The name of each law, and the case at which it was refuted or null. The types are of the framework and of
    /// Contract alone, so that another copy of the laws can be asked in the same way: see <see cref="SpecContext"/>.
    /// </summary>
    public static IEnumerable<KeyValuePair<string, long?>> Put(ISystem system, string domain, ulong seed, long cases) =>
        DomainLaws.Of(domain).RunAll(system, seed, RunLength.Of(cases))
            .Select(report => KeyValuePair.Create(report.Law, report.Failure?.Index));
}
