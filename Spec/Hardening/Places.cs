using PageProof.Contract;
using PageProof.Contract.Hardening;

namespace PageProof.Spec.Hardening;

/// <summary>The places that a region can have, each about as likely as any other.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Count">How many: at most 2^32.</param>
/// <param name="Step">How many bytes from one to the next.</param>
/// <param name="IsDown">They go down from the first, instead of up.</param>
public readonly record struct Places(LinearAddress First, ulong Count, ByteCount Step, bool IsDown)
{
    private const ulong LowerHalf = uint.MaxValue;

    /// <summary>The one and only place.</summary>
    public static Places Only(ulong place) => new(new(place), 1, new(AslrFormat.Page), false);

    /// <summary>
    /// A word is scaled to the places, as it is where these are no power of two, instead of taking its remainder.
    /// Source: Linux, get_random_u32_below in drivers/char/random.c, less the second draw that evens it out.
    /// </summary>
    public bool IsScaled { get; init; }

    /// <summary>
    /// The place that the lower half of a random word chooses. None is likelier than another by more than a
    /// 1800th.
    /// </summary>
    public LinearAddress Of(RandomWord word)
    {
        ulong half = word.Value & LowerHalf;
        ulong moved = (IsScaled ? half * Count >> 32 : half % Count) * Step.Value;
        return new(IsDown ? First.Value - moved : First.Value + moved);
    }

    /// <summary>Whether an address is one of them.</summary>
    public bool Has(LinearAddress place)
    {
        ulong moved = IsDown ? First.Value - place.Value : place.Value - First.Value;
        return moved % Step.Value == 0 && moved / Step.Value < Count;
    }
}
