using PageProof.Contract.Hardening;

namespace PageProof.Implementation.Hardening;

/// <summary>
/// The door of <see cref="LayoutPlacer"/>: words are drawn from a seed by SplitMix64, whose state for the n-th
/// word is known without the words before it.
/// </summary>
public sealed class AslrMachine : IAslr
{
    private const ulong Gamma = 0x9E37_79B9_7F4A_7C15;

    public LayoutDraws Draw(ulong seed)
    {
        ulong state = Mix(seed + Gamma);
        return new(
            Word(state, 1), Word(state, 2), Word(state, 3), Word(state, 4), Word(state, 5), Word(state, 6),
            Word(state, 7), Word(state, 8));
    }

    public void Place(ReadOnlySpan<LayoutRequest> requests, Span<AddressSpaceLayout> layouts)
    {
        for (int place = 0; place < requests.Length; place++)
        {
            layouts[place] = LayoutPlacer.Place(requests[place]);
        }
    }

    public void Dispose()
    {
    }

    private static RandomWord Word(ulong state, ulong number) => new(Mix(state + number * Gamma));

    private static ulong Mix(ulong word)
    {
        word = (word ^ word >> 30) * 0xBF58_476D_1CE4_E5B9;
        word = (word ^ word >> 27) * 0x94D0_49BB_1331_11EB;
        return word ^ word >> 31;
    }
}
