using PageProof.Contract;
using PageProof.Contract.Reclaim;
using PageProof.Properties.Harness;
using PageProof.Spec.Reclaim;

namespace PageProof.Properties.Reclaim;

/// <summary>
/// The lockstep law: at every reference each policy does what its plain Spec says, victim by victim, and at the end
/// all pages in memory are marked as it says.
/// </summary>
public sealed class PolicyAgreementLaw(ISystem system) : PolicyLaw(system)
{
    /// <summary>The law in plain words.</summary>
    public const string Title = "each policy evicts what its algorithm says, victim by victim";

    private readonly Lock _lock = new();
    private readonly ReplacementCapabilities _capabilities = PolicyDoor.CapabilitiesOf(system);

    public override string Name => Title;

    /// <summary>What was counted.</summary>
    public ReplacementCoverage Coverage { get; } = new();

    protected override long References => Coverage.References;

    internal override string? Refusal(IReplacementPolicy door, in ReplacementSequence asked)
    {
        var answers = door.Ask(asked);
        var state = PolicySpec.Begin(asked.Settings, asked.References.AsSpan());
        ReplacementCoverage seen = new();
        for (int place = 0; place < answers.Length; place++)
        {
            var step = PolicySpec.Next(state, asked.References[place]);
            if (step.Answer != answers[place])
            {
                return $"reference {place + 1} is answered: {answers[place]}; it should be: {step.Answer}";
            }

            seen.Count(asked.Settings.Kind, state, asked.References[place], step.Answer);
            state = step.State;
        }

        var shown = door.Shown(asked);
        var said = state.Resident.OrderBy(each => each.Page.Value).ToList();
        if (!shown.SequenceEqual(said))
        {
            return $"at the end there should be {string.Join(", ", said)}, and not {string.Join(", ", shown)}";
        }

        lock (_lock)
        {
            Coverage.Add(seen);
        }

        return null;
    }

    protected override CoverageReport? Judged(long cases) => Coverage.Judge(cases, _capabilities);
}
