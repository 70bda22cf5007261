using System.Collections.Immutable;
using PageProof.Contract.Frames;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Frames;

/// <summary>
/// Sequences for an allocator, unfolded from a seed and a number. Each switches some commands off and weighs
/// the others anew; most have few frames, so that memory runs out and lies in pieces. Blocks are named by
/// their age, so nothing here knows which frames are chosen.
/// </summary>
public sealed class FrameGenerator(FrameCapabilities capabilities)
{
    private const int LengthLeast = 4;
    private const int LengthMost = 40;
    private const int CasesPerLength = 20;
    private const int ManyFrames = 2048;
    private static readonly int[] Weights = [0, 1, 2, 2, 4, 6];
    private static readonly FrameKind[] Uses =
    [
        FrameKind.Table, FrameKind.Kernel, FrameKind.Anonymous, FrameKind.Anonymous, FrameKind.Anonymous,
        FrameKind.File, FrameKind.File, FrameKind.File, FrameKind.Zero,
    ];

    /// <summary>The sequence of this number.</summary>
    public FrameSequence Generate(ulong seed, long index)
    {
        CaseRandom random = new(seed, index);
        var start = RandomStart(ref random);
        var weights = RandomWeights(ref random);
        Focus focus = new(
            1 + random.Below(capabilities.Spaces), 1 + random.Below(capabilities.Pages), 1 + random.Below(8),
            LargestOrder(start.Frames.Count));
        long growth = Math.Min(LengthMost - LengthLeast, 8 + index / CasesPerLength);
        int length = LengthLeast + random.Below((int)growth + 1);
        var commands = ImmutableArray.CreateBuilder<FrameCommand>();
        if (start.Frames.Count < ManyFrames && random.OneIn(3))
        {
            Fill(ref random, start, focus, commands);
        }

        if (random.OneIn(8))
        {
            PinAlone(ref random, commands);
        }

        int until = commands.Count + length;
        while (commands.Count < until)
        {
            commands.Add(RandomCommand(ref random, start, focus, weights));
        }

        return new(start, commands.ToImmutable());
    }

    // What a sequence is mostly about.
    private readonly record struct Focus(int Spaces, int Pages, int Blocks, int LargestOrder);

    private FrameStart RandomStart(ref CaseRandom random)
    {
        int cpus = 1 + random.Below(capabilities.Cpus);
        bool isLarge = random.OneIn(32);
        int count = isLarge ? ManyFrames + random.Below(64) : 1 + random.Below(random.OneIn(3) ? 64 : 20);
        int first = isLarge ? random.Below(2) * 1000 : random.OneIn(2) ? 0 : random.Below(40);
        var reserved = ImmutableArray.CreateBuilder<FrameRange>();
        for (int left = random.OneIn(3) ? random.Below(3) : 0; left > 0; left--)
        {
            int from = random.Below(count);
            reserved.Add(new(new(first + from), Math.Min(count - from, random.Below(3))));
        }

        return new(
            new(new(first), count), reserved.ToImmutable(), cpus, random.OneIn(4) ? 0 : 1 + random.Below(6),
            1 + random.Below(5), random.OneIn(2) ? 1 + random.Below(4) : 1000,
            random.OneIn(3) ? random.Below(4) : 1000);
    }

    private static int LargestOrder(int frames) =>
        Math.Min(FrameOrder.Most, int.Log2(frames) + 1);

    private static int[] RandomWeights(ref CaseRandom random)
    {
        var weights = new int[Enum.GetValues<FrameCommandKind>().Length];
        for (int kind = 0; kind < weights.Length; kind++)
        {
            weights[kind] = random.Of(Weights);
        }

        weights[(int)FrameCommandKind.Allocate] += 6;
        weights[(int)FrameCommandKind.Release] += 2;
        weights[(int)FrameCommandKind.Drain] /= 2;
        weights[(int)FrameCommandKind.DrainAll] /= 2;
        weights[(int)FrameCommandKind.Fail] /= 2;
        return weights;
    }

    // Memory full of frames that can be moved, of which some are given up again.
    private void Fill(
        ref CaseRandom random, FrameStart start, Focus focus, ImmutableArray<FrameCommand>.Builder commands)
    {
        int count = 1 + random.Below(Math.Min(24, start.Frames.Count));
        FrameCommand plain = new() { Target = new(IsInUse: true, 0) };
        for (int frame = 0; frame < count; frame++)
        {
            bool isFile = random.OneIn(2);
            var use = isFile ? FrameKind.File : FrameKind.Anonymous;
            commands.Add(new() { Kind = FrameCommandKind.Allocate, Use = use });
            if (isFile)
            {
                var page = new CachedPage(random.Below(4), (uint)frame);
                commands.Add(plain with { Kind = FrameCommandKind.EnterCache, Page = page });
                commands.Add(plain with { Kind = FrameCommandKind.Release });
            }
            else
            {
                commands.Add(plain with { Kind = FrameCommandKind.MapFromHold, Place = PlaceIn(ref random, focus) });
            }

            if (random.OneIn(3))
            {
                commands.Add(plain with { Kind = FrameCommandKind.Write, Value = 1 + (uint)random.Below(255) });
            }
        }

        for (int left = random.Below(count + 1); left > 0; left--)
        {
            var target = new FrameTarget(IsInUse: true, (ushort)random.Below(count));
            commands.Add(random.OneIn(2)
                ? plain with { Kind = FrameCommandKind.LeaveCache, Target = target }
                : new() { Kind = FrameCommandKind.Unmap, Place = PlaceIn(ref random, focus) });
        }

        FrameOrder order = new((byte)random.Below(focus.LargestOrder));
        commands.Add(new() { Kind = FrameCommandKind.Compact, Order = order });
    }

    // What nobody refers to but who pins it.
    private static void PinAlone(ref CaseRandom random, ImmutableArray<FrameCommand>.Builder commands)
    {
        FrameCommand plain = new() { Target = new(IsInUse: true, 0) };
        FrameOrder order = new((byte)random.Below(2));
        commands.Add(new() { Kind = FrameCommandKind.Allocate, Use = FrameKind.Anonymous, Order = order });
        commands.Add(plain with { Kind = FrameCommandKind.Pin });
        commands.Add(plain with { Kind = FrameCommandKind.Release });
        if (random.OneIn(2))
        {
            commands.Add(plain with { Kind = FrameCommandKind.Unpin });
        }
    }

    private FrameCommand RandomCommand(ref CaseRandom random, FrameStart start, Focus focus, int[] weights)
    {
        int drawn = random.Below(weights.Sum()), kind = 0;
        while (drawn >= weights[kind])
        {
            drawn -= weights[kind++];
        }

        FrameCommand command = new()
        {
            Kind = (FrameCommandKind)kind,
            Cpu = new((byte)random.Below(start.Cpus)),
        };
        switch (command.Kind)
        {
            case FrameCommandKind.Allocate:
                return command with { Order = OrderIn(ref random, focus), Use = random.Of(Uses) };
            case FrameCommandKind.Compact or FrameCommandKind.Measure:
                return command with { Order = new((byte)random.Below(focus.LargestOrder + 1)) };
            case FrameCommandKind.Unmap or FrameCommandKind.UnmapToHold:
                return command with { Place = PlaceIn(ref random, focus) };
            case FrameCommandKind.Drain or FrameCommandKind.DrainAll:
                return command;
            case FrameCommandKind.Fail:
                return command with { Value = (uint)random.Below(4) };
        }

        bool isAny = random.OneIn(12);
        FrameTarget target = new(!isAny, (ushort)random.Below(isAny ? start.Frames.Count : focus.Blocks));
        return WithRest(ref random, focus, command with { Target = target });
    }

    private static FrameCommand WithRest(ref CaseRandom random, Focus focus, FrameCommand command) =>
        command.Kind switch
        {
            FrameCommandKind.Map or FrameCommandKind.MapFromHold =>
                command with { Place = PlaceIn(ref random, focus) },
            FrameCommandKind.EnterCache =>
                command with { Page = new(random.Below(4), (uint)random.Below(16)) },
            FrameCommandKind.Mark => command with { Flags = (FrameFlags)random.Below((int)FrameFlags.Cached) },
            FrameCommandKind.Write => command with { Value = 1 + (uint)random.Below(255) },
            _ => command,
        };

    // Mostly single frames; where there are many frames, often as large a block as there is.
    private static FrameOrder OrderIn(ref CaseRandom random, Focus focus)
    {
        bool isMany = focus.LargestOrder == FrameOrder.Most;
        int order = isMany && random.OneIn(3) ? FrameOrder.Most - random.Below(2)
            : random.OneIn(3) ? random.Below(focus.LargestOrder + 1) : 0;
        return new((byte)order);
    }

    private static FramePlace PlaceIn(ref CaseRandom random, Focus focus) =>
        new(random.Below(focus.Spaces), (ulong)random.Below(focus.Pages));
}
