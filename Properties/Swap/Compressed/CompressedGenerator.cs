using System.Collections.Immutable;
using PageProof.Contract.Swap.Compressed;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Swap.Compressed;

/// <summary>
/// Sequences for compressed stores, unfolded from a seed and a number. Each switches some commands off and weighs the
/// others anew. Slots are few, so that they are used again; memory is scarce, so that limits are met; pages are of
/// every kind from one word to random, and many are just about as long as a limit allows.
/// </summary>
public sealed class CompressedGenerator(CompressedCapabilities capabilities)
{
    private const int LengthLeast = 4;
    private const int LengthMost = 48;
    private const int CasesPerLength = 20;
    private const int Seeds = 12;

    private static readonly int[] Weights = [0, 1, 2, 2, 4, 6];
    private static readonly int[] Percents = [0, 20, 50, 90, 100, 100];
    private static readonly ulong[] Words = [0, 0, 0, ulong.MaxValue, 0x0101_0101_0101_0101, 1];
    private static readonly int[] Places = [0, 1, 2, 255, 256, 510, 511];

    // Around these, a page becomes as long as a class of the pool, as one alone, or as it was.
    private static readonly int[] Parts = [1, 3, 8, 60, 120, 250, 300, 400, 448, 452, 453, 454, 470, 500, 511];

    private static readonly CompressedCommandKind[] OfZswap =
    [
        CompressedCommandKind.Store, CompressedCommandKind.Load, CompressedCommandKind.Release,
        CompressedCommandKind.Limit, CompressedCommandKind.Threshold, CompressedCommandKind.Shrink,
        CompressedCommandKind.Compact, CompressedCommandKind.FailRead, CompressedCommandKind.FailWrite,
        CompressedCommandKind.ReadOnly,
    ];

    private static readonly CompressedCommandKind[] OfZram =
    [
        CompressedCommandKind.Store, CompressedCommandKind.Load, CompressedCommandKind.Release,
        CompressedCommandKind.Limit, CompressedCommandKind.WriteBack, CompressedCommandKind.Idle,
        CompressedCommandKind.Compact, CompressedCommandKind.FailRead, CompressedCommandKind.FailWrite,
        CompressedCommandKind.ReadOnly,
    ];

    /// <summary>The sequence of this number.</summary>
    public CompressedSequence Generate(ulong seed, long index)
    {
        CaseRandom random = new(seed, index);
        var start = RandomStart(ref random);
        var kinds = start.Kind == CompressedKind.Zswap ? OfZswap : OfZram;
        var weights = RandomWeights(ref random, kinds);
        var shapes = RandomShapes(ref random);
        long growth = Math.Min(LengthMost - LengthLeast, 8 + index / CasesPerLength);
        int length = LengthLeast + random.Below((int)growth + 1);
        var commands = ImmutableArray.CreateBuilder<CompressedCommand>();
        if (random.OneIn(3))
        {
            Fill(ref random, start, shapes, commands);
        }

        if (start.Kind == CompressedKind.Zram && random.OneIn(4))
        {
            GrowIdle(ref random, start, shapes, commands);
        }
        else if (start.Kind == CompressedKind.Zswap && random.OneIn(5))
        {
            Jam(ref random, start, commands);
        }

        int until = commands.Count + length;
        while (commands.Count < until)
        {
            Add(ref random, start, kinds[Drawn(ref random, weights)], shapes, commands);
        }

        return new(start, commands.ToImmutable());
    }

    private CompressedStart RandomStart(ref CaseRandom random)
    {
        bool isLz4 = capabilities.Lz4 && (!capabilities.Zstd || !random.OneIn(3));
        int slots = Math.Min(capabilities.Slots, 1 + random.Below(random.OneIn(3) ? 40 : 10));
        CompressedStart start = new(
            (CompressedKind)random.Below(2), isLz4 ? CompressorKind.Lz4 : CompressorKind.Zstd,
            1 + random.Below(Math.Min(6, capabilities.LevelMost)), slots);
        return start.Kind == CompressedKind.Zswap
            ? start with
            {
                MemoryPages = 1 + random.Below(random.OneIn(3) ? 100 : 16),
                MaxPoolPercent = random.OneIn(2) ? 100 : random.Of(Percents),
                AcceptPercent = random.Of(Percents),
                ExclusiveLoads = random.OneIn(3),
            }
            : start with
            {
                LimitPages = random.OneIn(2) ? 0 : 1 + random.Below(20),
                BackingPages = random.OneIn(4) ? 0 : 1 + random.Below(slots),
            };
    }

    private static int[] RandomWeights(ref CaseRandom random, CompressedCommandKind[] kinds)
    {
        var weights = new int[kinds.Length];
        for (int kind = 0; kind < weights.Length; kind++)
        {
            weights[kind] = random.Of(Weights);
        }

        weights[0] += 8;
        weights[1] += 4;
        weights[2] += 1;
        return weights;
    }

    private static int[] RandomShapes(ref CaseRandom random)
    {
        var weights = new int[Enum.GetValues<PageShape>().Length];
        for (int shape = 0; shape < weights.Length; shape++)
        {
            weights[shape] = random.Of(Weights);
        }

        weights[(int)PageShape.Part] += 2;
        return weights;
    }

    private static int Drawn(ref CaseRandom random, int[] weights)
    {
        int drawn = random.Below(weights.Sum()), item = 0;
        while (drawn >= weights[item])
        {
            drawn -= weights[item++];
        }

        return item;
    }

    // Every slot holds a page, and then some do not, so that the pool lies in pieces.
    private static void Fill(
        ref CaseRandom random, CompressedStart start, int[] shapes, ImmutableArray<CompressedCommand>.Builder commands)
    {
        // About half as long as it was, so that a zspage holds few.
        DescribedPage page = random.OneIn(2) ? RandomPage(ref random, shapes)
            : new(PageShape.Part, (ulong)random.Below(Seeds), 130 + random.Below(250));
        for (ulong slot = 0; slot < (ulong)start.Slots; slot++)
        {
            page = random.OneIn(10) ? RandomPage(ref random, shapes) : page;
            commands.Add(new() { Kind = CompressedCommandKind.Store, Slot = new(slot), Page = page });
        }

        int keptOf = 2 + random.Below(4);
        for (ulong slot = 0; slot < (ulong)start.Slots; slot++)
        {
            if (!random.OneIn(keptOf))
            {
                commands.Add(new() { Kind = CompressedCommandKind.Release, Slot = new(slot) });
            }
        }

        if (random.OneIn(2))
        {
            commands.Add(new() { Kind = CompressedCommandKind.Compact });
        }
    }

    // The device takes nothing, until the pool is full; then some pages are given up by their owners.
    private static void Jam(
        ref CaseRandom random, CompressedStart start, ImmutableArray<CompressedCommand>.Builder commands)
    {
        commands.Add(new() { Kind = CompressedCommandKind.ReadOnly, Value = 1 });
        for (int left = 4 + random.Below(16); left > 0; left--)
        {
            bool isStore = left > 4 || random.OneIn(2);
            commands.Add(new()
            {
                Kind = isStore ? CompressedCommandKind.Store : CompressedCommandKind.Release,
                Slot = RandomSlot(ref random, start),
                Page = isStore ? new(PageShape.Part, (ulong)random.Below(Seeds), random.Of(Parts)) : default,
            });
        }

        commands.Add(new() { Kind = CompressedCommandKind.ReadOnly });
    }

    // Pages grow idle, some are asked for and some are new, and those that are meant go to the device.
    private static void GrowIdle(
        ref CaseRandom random, CompressedStart start, int[] shapes, ImmutableArray<CompressedCommand>.Builder commands)
    {
        CompressedCommand raw = new() { Kind = CompressedCommandKind.Store, Page = new(PageShape.Random, 0, 0) };
        for (int left = 1 + random.Below(3); left > 0; left--)
        {
            commands.Add(raw with { Slot = RandomSlot(ref random, start) });
            Add(ref random, start, CompressedCommandKind.Store, shapes, commands);
        }

        commands.Add(new() { Kind = CompressedCommandKind.Idle });
        commands.Add(new() { Kind = CompressedCommandKind.Load, Slot = RandomSlot(ref random, start) });
        commands.Add(raw with { Slot = RandomSlot(ref random, start) });
        var which = (WriteBackKinds)(1 + random.Below(3));
        commands.Add(new() { Kind = CompressedCommandKind.WriteBack, Which = which });
        if (random.OneIn(2))
        {
            commands.Add(new() { Kind = CompressedCommandKind.FailRead, Value = 1 });
            commands.Add(new() { Kind = CompressedCommandKind.Load, Slot = RandomSlot(ref random, start) });
        }
    }

    private static void Add(
        ref CaseRandom random,
        CompressedStart start,
        CompressedCommandKind kind,
        int[] shapes,
        ImmutableArray<CompressedCommand>.Builder commands)
    {
        var slot = RandomSlot(ref random, start);
        CompressedCommand command = new() { Kind = kind };
        commands.Add(kind switch
        {
            CompressedCommandKind.Store => command with { Slot = slot, Page = RandomPage(ref random, shapes) },
            CompressedCommandKind.Load or CompressedCommandKind.Release => command with { Slot = slot },
            CompressedCommandKind.Limit when start.Kind == CompressedKind.Zswap =>
                command with { Value = random.OneIn(3) ? random.Below(101) : random.Of(Percents) },
            CompressedCommandKind.Limit => command with { Value = random.OneIn(3) ? 0 : 1 + random.Below(24) },
            CompressedCommandKind.Threshold => command with { Value = random.Of(Percents) },
            CompressedCommandKind.Shrink => command with { Value = random.Below(4) },
            CompressedCommandKind.WriteBack => command with { Which = (WriteBackKinds)(1 + random.Below(3)) },
            CompressedCommandKind.FailRead or CompressedCommandKind.FailWrite =>
                command with { Value = random.Below(4) },
            CompressedCommandKind.ReadOnly => command with { Value = random.Below(2) },
            _ => command,
        });
        if (kind is CompressedCommandKind.Store or CompressedCommandKind.Release or CompressedCommandKind.FailRead
            && random.OneIn(3))
        {
            commands.Add(new() { Kind = CompressedCommandKind.Load, Slot = slot });
        }
    }

    private static Contract.Swap.SwapSlot RandomSlot(ref CaseRandom random, CompressedStart start) =>
        new((ulong)random.Below(start.Slots));

    private static DescribedPage RandomPage(ref CaseRandom random, int[] shapes)
    {
        var shape = (PageShape)Drawn(ref random, shapes);
        ulong seed = (ulong)random.Below(Seeds);
        return shape switch
        {
            PageShape.Fill => new(shape, random.OneIn(4) ? seed << random.Below(61) : random.Of(Words), 0),
            PageShape.Except => new(
                shape, random.Of(Words), random.OneIn(3) ? random.Below(DescribedPage.Words) : random.Of(Places)),
            PageShape.Part => new(shape, seed, random.Of(Parts)),
            _ => new(shape, seed, 0),
        };
    }
}
