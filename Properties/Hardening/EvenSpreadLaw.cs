using System.Diagnostics;
using PageProof.Contract;
using PageProof.Contract.Hardening;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Hardening;

/// <summary>
/// The layouts of seeds look as if they were drawn: a seed always stands for the same words, and over fixed
/// seeds each region's places are spread evenly, by their lowest and by their highest bits, as are the
/// differences between any two regions. Each is a chi-square test over 256 classes, to both sides.
/// Source: Knuth, The Art of Computer Programming, vol. 2, 3.3.1.
/// </summary>
public static class EvenSpreadLaw
{
    /// <summary>The law in plain words.</summary>
    public const string Title = "the places of seeds are spread evenly, independent, and the same for the same seed";

    /// <summary>How many seeds, from zero on, are looked at.</summary>
    public const int SeedsAll = 1 << 15;

    /// <summary>Runs it. The seeds are fixed, so that what it says does not depend on luck.</summary>
    public static CheckReport Run(ISystem system, int seeds = SeedsAll, Action<long>? progress = null)
    {
        var clock = Stopwatch.StartNew();
        using var door = AslrDoor.Open(system);
        var request = EntropyProbe.All[^1].Request with { MappingSize = default };
        SpreadTally tally = new();
        string? refusal = null;
        int done = 0;
        for (ulong seed = 0; seed < (ulong)seeds && refusal is null; seed++, done++)
        {
            var draws = door.Draw(seed);
            refusal = draws == door.Draw(seed)
                ? tally.Count(request with { Draws = draws }, door.Place(request with { Draws = draws }))
                : $"Seed {seed} does not give the same words twice";
        }

        // Once more the first seeds, when others have come between.
        refusal ??= tally.Agrees(door) ?? tally.Refusal();
        progress?.Invoke(done);
        var failure = refusal is null ? null
            : new CheckFailure(done - 1, $"{refusal}.", LayoutText.Print(request), 0);
        return new(Title, system.Name, 0, done, clock.Elapsed, failure);
    }
}
