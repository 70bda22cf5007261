using PageProof.Contract;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.AddressSpaces;

/// <summary>
/// Leaves of pages that may not be touched at all: not present, so that every access faults as on an empty
/// one, but with all that they said. The frame is inverted, so that a processor which goes on past P finds no
/// memory there.
/// </summary>
internal static class HiddenLeaf
{
    private const ulong Mark = EntryBits.Global;

    /// <summary>The hidden form of a present leaf that is not global.</summary>
    [Lifted("swap.hidden")]
    public static ulong Of(ulong leaf) => (leaf ^ EntryBits.Frame) & ~EntryBits.Present | Mark;

    /// <summary>The leaf that was hidden.</summary>
    [Lifted("swap.shown")]
    public static ulong Shown(ulong hidden) => (hidden ^ EntryBits.Frame) & ~Mark | EntryBits.Present;
}
