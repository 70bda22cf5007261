using System.Collections;
using System.Diagnostics;
using System.Numerics;
using PageProof.Contract;
using PageProof.Contract.Hardening;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Hardening;

/// <summary>
/// Each region takes every place that the Spec has for it, and no other. Where there are few places all are
/// counted; where there are many, words that differ below the entropy give different places, and those that
/// differ above it give the same.
/// </summary>
public sealed class EntropyLaw(ISystem system)
{
    /// <summary>The law in plain words.</summary>
    public const string Title = "each region takes every place that its entropy promises, and no other";

    /// <summary>As many words as the stack of 64 bits has: regions of no more are counted in a long run.</summary>
    public const ulong CountedLong = 1UL << 22;

    /// <summary>As many as the heap of 32 bits has: these are counted in any run.</summary>
    public const ulong CountedAlways = 1UL << 13;

    private const int AtOnce = 4096;
    private const int Sampled = 1 << 14;

    private readonly IAslr _door = AslrDoor.Open(system);
    private readonly LayoutRequest[] _requests = new LayoutRequest[AtOnce];
    private readonly AddressSpaceLayout[] _layouts = new AddressSpaceLayout[AtOnce];
    private long _cases;

    /// <summary>Runs it; the places of regions with no more words than these are counted.</summary>
    public static CheckReport Run(
        ISystem system, ulong seed, ulong counted = CountedLong, Action<long>? progress = null)
    {
        var clock = Stopwatch.StartNew();
        EntropyLaw law = new(system);
        using var door = law._door;
        CheckFailure? failure = null;
        foreach (var probe in EntropyProbe.All)
        {
            string? refusal = law.Outside(probe, seed)
                ?? (probe.Words.Words <= counted ? law.Uncounted(probe) : law.Unseen(probe, seed));
            progress?.Invoke(law._cases);
            if (refusal is not null)
            {
                failure = new(
                    law._cases, $"{LayoutText.Print(probe.Request)}{refusal}.", LayoutText.Print(probe.Request), 0);
                break;
            }
        }

        return new(Title, system.Name, seed, law._cases, clock.Elapsed, failure);
    }

    // Words of any size give places that there are.
    private string? Outside(EntropyProbe probe, ulong seed)
    {
        CaseRandom random = new(seed, (long)probe.Region);
        var words = new ulong[512];
        for (int place = 0; place < words.Length; place++)
        {
            words[place] = place < 64 ? 1UL << place : place < 128 ? ulong.MaxValue >> (place - 64) : random.Next();
        }

        foreach (ulong word in words)
        {
            var found = At(probe, word);
            if (!probe.Places.Has(found))
            {
                return $"The word 0x{word:x} of {probe.Region} gives {found}, which is none of its "
                    + $"{probe.Places.Count} places from {probe.Places.First} on";
            }
        }

        return null;
    }

    // The words give as many places as there are.
    private string? Uncounted(EntropyProbe probe)
    {
        ulong words = probe.Words.Words;
        BitArray seen = new((int)probe.Places.Count);
        ulong count = 0, step = probe.Places.Step.Value, first = probe.Places.First.Value;
        for (ulong from = 0; from < words; from += AtOnce)
        {
            int length = (int)Math.Min(AtOnce, words - from);
            for (int place = 0; place < length; place++)
            {
                _requests[place] = probe.With(probe.WordOf(from + (ulong)place));
            }

            Place(length);
            foreach (ref var layout in _layouts.AsSpan(0, length))
            {
                var found = EntropyProbe.Find(layout, probe.Region);
                ulong moved = probe.Places.IsDown ? first - found.Value : found.Value - first;
                if (!probe.Places.Has(found))
                {
                    return $"{found} of {probe.Region} is none of its places";
                }

                int slot = (int)(moved / step);
                count += seen[slot] ? 0UL : 1;
                seen[slot] = true;
            }
        }

        return count == probe.Count ? null
            : $"{words} words of {probe.Region} give {count} places, and {probe.Count} are promised";
    }

    // Bits below the entropy all count, and those above never do; words that differ below give two places.
    private string? Unseen(EntropyProbe probe, ulong seed)
    {
        CaseRandom random = new(seed, -1);
        ulong word = random.Next();
        var place = At(probe, word);
        // Not where a word is scaled, nor where the last bits are meant to be lost.
        bool hasBits = BitOperations.IsPow2(probe.Count) && probe.Words.Stride == 1 && !probe.Places.IsScaled;
        for (int bit = 0; bit < 64; bit++)
        {
            bool counts = probe.Words.Words >> bit > 1;
            if (hasBits && counts != (At(probe, word ^ 1UL << bit) != place))
            {
                return $"Bit {bit} of the word 0x{word:x} of {probe.Region} {(counts ? "is lost" : "counts")}, "
                    + $"and {probe.Count} places are promised";
            }
        }

        Dictionary<LinearAddress, ulong> seen = [];
        for (int sample = 0; sample < Sampled; sample++)
        {
            ulong rest = random.Next() % probe.Count * (probe.Words.Stride > 1 ? 2UL : 1);
            var found = At(probe, probe.WordOf(rest));
            if (seen.TryGetValue(found, out ulong other) && other != rest)
            {
                return $"The words 0x{probe.WordOf(other):x} and 0x{probe.WordOf(rest):x} of {probe.Region} "
                    + $"both give {found}";
            }

            seen[found] = rest;
        }

        return null;
    }

    private LinearAddress At(EntropyProbe probe, ulong word)
    {
        _requests[0] = probe.With(word);
        Place(1);
        return EntropyProbe.Find(_layouts[0], probe.Region);
    }

    private void Place(int length)
    {
        _layouts.AsSpan(0, length).Clear();
        _door.Place(_requests.AsSpan(0, length), _layouts);
        _cases += length;
    }
}
