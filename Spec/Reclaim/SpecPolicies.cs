using PageProof.Contract.Reclaim;

namespace PageProof.Spec.Reclaim;

/// <summary>The Spec of page replacement behind its door.</summary>
internal sealed class SpecPolicies : IReplacementPolicy
{
    private PolicyState? _state;

    public ReplacementCapabilities Capabilities { get; } = new();

    public void Reset(ReplacementSettings settings, ReadOnlySpan<Reference> foreseen) =>
        _state = PolicySpec.Begin(settings, foreseen);

    public void Refer(ReadOnlySpan<Reference> references, Span<ReferenceAnswer> answers)
    {
        for (int place = 0; place < references.Length; place++)
        {
            (_state, answers[place]) = PolicySpec.Next(_state!, references[place]);
        }
    }

    public int Show(Span<ResidentPage> pages)
    {
        int count = 0;
        foreach (var page in _state!.Resident)
        {
            pages[count++] = page;
        }

        return count;
    }

    public void Dispose()
    {
    }
}
