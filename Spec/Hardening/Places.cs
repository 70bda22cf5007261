using PageProof.Contract;
using PageProof.Contract.Hardening;

namespace PageProof.Spec.Hardening;

/// <summary>The places that a region can have, each as likely as any other.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Count">How many.</param>
/// <param name="Step">How many bytes from one to the next.</param>
/// <param name="IsDown">They go down from the first, instead of up.</param>
public readonly record struct Places(LinearAddress First, ulong Count, ByteCount Step, bool IsDown)
{
    /// <summary>The one and only place.</summary>
    public static Places Only(ulong place) => new(new(place), 1, new(AslrFormat.Page), false);

    /// <summary>The place that a random word chooses: by its remainder.</summary>
    public LinearAddress Of(RandomWord word)
    {
        ulong moved = word.Value % Count * Step.Value;
        return new(IsDown ? First.Value - moved : First.Value + moved);
    }

    /// <summary>Whether an address is one of them.</summary>
    public bool Has(LinearAddress place)
    {
        ulong moved = IsDown ? First.Value - place.Value : place.Value - First.Value;
        return moved % Step.Value == 0 && moved / Step.Value < Count;
    }
}
