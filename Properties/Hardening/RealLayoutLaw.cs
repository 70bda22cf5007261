using System.Diagnostics;
using System.Numerics;
using PageProof.Contract.Hardening;
using PageProof.Properties.Harness;
using PageProof.Spec.Hardening;

namespace PageProof.Properties.Hardening;

/// <summary>
/// What is seen of the address spaces of a real kernel is what the Spec permits, and over many starts of one
/// kind every bit that should be random has been both 0 and 1.
/// </summary>
public static class RealLayoutLaw
{
    /// <summary>The law in plain words.</summary>
    public const string Title = "a real layout is one that some random words give, and all of its bits are random";

    /// <summary>So many starts of a kind show every bit, but for one run in a hundred million.</summary>
    public const int StartsToSeeBits = 32;

    /// <summary>Holds starts against the Spec, and tells what was seen of each kind.</summary>
    public static (CheckReport Report, IReadOnlyList<(string Kind, int Starts, string Bits)> Kinds) Judge(
        string system, IReadOnlyList<(string Kind, IReadOnlyList<(LayoutRequest Request, ObservedLayout Seen)>)> all)
    {
        var clock = Stopwatch.StartNew();
        List<(string, int, string)> kinds = [];
        CheckFailure? failure = null;
        long cases = 0;
        foreach (var (kind, starts) in all)
        {
            foreach (var (request, seen) in starts)
            {
                if (AslrSpec.Refusal(request, seen) is { } refusal)
                {
                    failure ??= new(
                        cases, $"{kind}: {refusal}.\n{LayoutText.Print(request)}{seen}", "", 0);
                }

                cases++;
            }

            if (starts.Count > 0)
            {
                var bits = BitsOf(starts).ToList();
                var poor = bits.FirstOrDefault(each => each.Seen < each.Promised);
                if (starts.Count >= StartsToSeeBits && poor.Promised > 0)
                {
                    failure ??= new(
                        cases,
                        $"{kind}: of {poor.Promised} random bits of {poor.Region} "
                            + $"{starts.Count} starts show {poor.Seen}.",
                        "", 0);
                }

                kinds.Add((kind, starts.Count, string.Join(", ", bits.Select(each => $"{each.Region} {each.Seen}"))));
            }
        }

        return (new(Title, system, 0, cases, clock.Elapsed, failure), kinds);
    }

    // Of each region, how many bits of its place have been seen to change, and how many should.
    private static IEnumerable<(LayoutRegion Region, int Seen, int Promised)> BitsOf(
        IReadOnlyList<(LayoutRequest Request, ObservedLayout Seen)> starts)
    {
        var request = starts[0].Request;
        (LayoutRegion Region, Func<ObservedLayout, ulong> Of)[] regions =
        [
            (LayoutRegion.Stack, seen => seen.StackEnd.Value),
            (LayoutRegion.Mmap, seen => seen.Vdso.Value),
            (LayoutRegion.Mapping, seen => seen.Mapping.Value),
            (LayoutRegion.Program, seen => seen.Program.Value),
            (LayoutRegion.Brk, seen => seen.Brk.Value - seen.Program.Value),
        ];
        foreach (var (region, of) in regions)
        {
            // A vdso above the stack says nothing of mappings, nor a program among them of a word of its own.
            bool tells = region != LayoutRegion.Mmap || request.Kind != AddressSpaceKind.Bits64
                || AslrFormat.Since(request, 6, 9);
            var places = region == LayoutRegion.Brk && PlaceSpec.IsHeapAway(request)
                ? starts.Select(start => start.Seen.Brk.Value)
                : starts.Select(start => of(start.Seen));
            var all = EntropySpec.PlacesOf(request, region);
            int promised = BitOperations.Log2(all.Count);
            if (tells && promised > 0)
            {
                yield return (region, Changed(places, all.Step.Value), promised);
            }
        }
    }

    private static int Changed(IEnumerable<ulong> places, ulong step)
    {
        ulong first = places.First();
        var moved = places.Select(place => unchecked((long)(place - first)) / (long)step).ToList();
        ulong least = (ulong)moved.Min();
        // Counted from the lowest, so that no borrow looks like a bit.
        ulong any = moved.Aggregate(0UL, (bits, place) => bits | ((ulong)place - least));
        return BitOperations.PopCount(any);
    }
}
