using PageProof.Cli.Mutate;
using PageProof.Contract;

namespace PageProof.Cli.Verify;

/// <summary>
/// The alarm rings: the Implementation with each small fault of mutation-config/canaries is refuted,
/// and without any it is not. Needs the sources beside the tool.
/// </summary>
internal static class CanaryChecks
{
    public static IReadOnlyList<VerifyLine> Run(string domain, ulong seed, Action<long> progress)
    {
        try
        {
            return [RunAll(domain, seed, progress)];
        }
        catch (UserError reason)
        {
            return
            [
                VerifyLine.Skipped(
                    $"every canary of {domain} is caught", "patched implementations", reason.Message),
            ];
        }
    }

    private static VerifyLine RunAll(string domain, ulong seed, Action<long> progress)
    {
        var hunt = CanaryHunt.Run(domain, seed, progress);
        var escaped = hunt.Outcomes.Where(outcome => !outcome.IsCaught)
            .Select(outcome => outcome.Patch.Name).ToList();
        escaped.AddRange(hunt.Controls.Where(control => control.Failure is not null)
            .Select(control => $"the control {control.System}, without a fault, was refuted"));

        return new(
            $"{hunt.Outcomes.Count} canaries of {domain} are caught, the controls are not",
            "patched implementations",
            hunt.Outcomes.Count + hunt.Controls.Count,
            hunt.Elapsed.TotalSeconds,
            hunt.Holds ? VerifyResult.Holds : VerifyResult.Refuted,
            hunt.Holds ? "" : "not as expected: " + string.Join("; ", escaped));
    }
}
