using System.Buffers.Binary;
using System.Collections.Immutable;
using PageProof.Contract.Swap;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Swap;

/// <summary>
/// Sequences for swap devices, unfolded from a seed and a number. Each has few frames and small areas, most of them
/// made smaller by bad pages, so that they fill up; switches some commands off and weighs the others anew. Scenes
/// bring what single commands seldom do: a slot that is taken again while somebody reads, a header that is spoilt.
/// </summary>
public sealed partial class SwapGenerator(SwapCapabilities capabilities)
{
    private const int LengthLeast = 4;
    private const int LengthMost = 40;
    private const int CasesPerLength = 20;
    private const int MakeLeast = 10;
    private static readonly int[] Weights = [0, 1, 2, 2, 4, 6];

    /// <summary>The sequence of this number.</summary>
    public SwapSequence Generate(ulong seed, long index)
    {
        CaseRandom random = new(seed, index);
        return Unfold(ref random, index, RandomStart(ref random), priorities: 3);
    }

    /// <summary>The same with several areas, most of them of one priority.</summary>
    public SwapSequence GenerateForTurns(ulong seed, long index)
    {
        CaseRandom random = new(seed, index);
        var start = RandomStart(ref random);
        var devices = Enumerable.Range(0, 2 + random.Below(capabilities.Devices - 1)).Select(_ =>
            new SwapDevice(KindOf(ref random), MakeLeast + random.Below(8), 1, 0, false)).ToImmutableArray();
        start = start with { Devices = devices, AreasMost = SwapAreaNumber.Most + 1, Frames = 2 + random.Below(8) };
        return Unfold(ref random, index, start, priorities: 1 + random.Below(2));
    }

    // What a sequence is mostly about.
    private readonly record struct Focus(int Processes, int Pages, int Priorities);

    private SwapSequence Unfold(ref CaseRandom random, long index, SwapStart start, int priorities)
    {
        var weights = RandomWeights(ref random);
        Focus focus = new(
            1 + random.Below(capabilities.Processes), 1 + random.Below(random.OneIn(2) ? 4 : capabilities.Pages),
            priorities);
        var commands = ImmutableArray.CreateBuilder<SwapCommand>();
        for (byte device = 0; device < start.Devices.Length; device++)
        {
            if (!random.OneIn(8))
            {
                commands.Add(Make(ref random, start, device));
                Spoil(ref random, start, commands);
                commands.Add(On(ref random, device, focus));
            }
        }

        int growth = (int)Math.Min(LengthMost - LengthLeast, 8 + index / CasesPerLength);
        int until = commands.Count + LengthLeast + random.Below(growth + 1);
        while (commands.Count < until)
        {
            if (random.OneIn(12))
            {
                Scene(ref random, start, focus, commands);
            }
            else
            {
                commands.Add(RandomCommand(ref random, start, focus, weights));
            }
        }

        if (random.OneIn(2))
        {
            LookAtAll(focus, commands);
        }

        return new(start, commands.ToImmutable());
    }

    private SwapDeviceKind KindOf(ref CaseRandom random) =>
        !capabilities.Partitions || random.OneIn(2) ? SwapDeviceKind.File : SwapDeviceKind.Partition;

    private SwapStart RandomStart(ref CaseRandom random)
    {
        var devices = ImmutableArray.CreateBuilder<SwapDevice>();
        for (int left = 1 + random.Below(capabilities.Devices); left > 0; left--)
        {
            var kind = KindOf(ref random);
            bool isFile = kind == SwapDeviceKind.File;
            int pages = random.OneIn(6) ? 1 + random.Below(MakeLeast) : MakeLeast + random.Below(12);
            int pieces = isFile ? 1 + random.Below(Math.Min(4, pages)) : 1;
            int hole = isFile && random.OneIn(6) ? random.Below(pages) : 0;
            devices.Add(new(kind, pages, pieces, hole, capabilities.Fails && random.OneIn(12)));
        }

        return new(
            random.OneIn(3) ? random.Below(4) : 2 + random.Below(16), random.Below(4),
            random.OneIn(6) ? 1 + random.Below(2) : SwapAreaNumber.Most + 1,
            random.OneIn(4) ? 1 + random.Below(2) : 1000, devices.ToImmutable());
    }

    private int[] RandomWeights(ref CaseRandom random)
    {
        var weights = new int[Enum.GetValues<SwapCommandKind>().Length];
        for (int kind = 0; kind < weights.Length; kind++)
        {
            weights[kind] = random.Of(Weights);
        }

        weights[(int)SwapCommandKind.Store] += 4;
        weights[(int)SwapCommandKind.PageOut] += 4;
        weights[(int)SwapCommandKind.MakeSwap] /= 2;
        weights[(int)SwapCommandKind.Poke] /= 3;
        weights[(int)SwapCommandKind.ClearMarks] /= 2;
        foreach (var kind in (SwapCommandKind[])[SwapCommandKind.FailRead, SwapCommandKind.FailWrite])
        {
            weights[(int)kind] = capabilities.Fails ? weights[(int)kind] / 2 : 0;
        }

        return weights;
    }

    private SwapCommand RandomCommand(ref CaseRandom random, SwapStart start, Focus focus, int[] weights)
    {
        int drawn = random.Below(weights.Sum()), kind = 0;
        while (drawn >= weights[kind])
        {
            drawn -= weights[kind++];
        }

        byte device = (byte)random.Below(start.Devices.Length);
        SwapCommand command = new() { Kind = (SwapCommandKind)kind };
        return command.Kind switch
        {
            SwapCommandKind.MakeSwap => Make(ref random, start, device),
            SwapCommandKind.Poke => Poke(ref random, start, device),
            SwapCommandKind.SwapOn => On(ref random, device, focus),
            SwapCommandKind.SwapOff => command with { Device = new(device) },
            SwapCommandKind.Store => Store(ref random, PageIn(ref random, focus)),
            SwapCommandKind.BeginRead => command with
            {
                Page = PageIn(ref random, focus),
                Reader = (byte)random.Below(capabilities.Readers),
            },
            SwapCommandKind.EndRead => command with { Reader = (byte)random.Below(capabilities.Readers) },
            SwapCommandKind.Fork => command with
            {
                Page = new((byte)random.Below(focus.Processes), 0),
                Child = (byte)random.Below(capabilities.Processes),
            },
            SwapCommandKind.ClearMarks => command with { Page = new((byte)random.Below(focus.Processes), 0) },
            SwapCommandKind.FailRead or SwapCommandKind.FailWrite =>
                command with { Value = (uint)random.Below(4) },
            _ => command with { Page = PageIn(ref random, focus) },
        };
    }

    private static SwapCommand Make(ref CaseRandom random, SwapStart start, byte number)
    {
        var device = start.Devices[number];
        int pages = random.OneIn(6) ? MakeLeast - 1 + random.Below(4)
            : random.OneIn(12) ? device.Pages + 1 : device.Pages;
        bool isBad = device.Kind == SwapDeviceKind.Partition ? !random.OneIn(3) : random.OneIn(12);
        int first = random.OneIn(12) ? 0 : 1 + random.Below(Math.Max(1, Math.Min(pages, 3)));
        int left = random.OneIn(8) ? 0 : random.Below(8);
        SlotRange bad = isBad ? new(first, Math.Max(1, pages - first - left)) : default;
        return new()
        {
            Kind = SwapCommandKind.MakeSwap,
            Device = new(number),
            Pages = Math.Min(pages, SwapDevice.PagesMax),
            Bad = isBad && random.OneIn(12) ? bad with { Count = bad.Count + 1 } : bad,
            Uuid = random.OneIn(2) ? Guid.Empty : UuidOf(ref random),
            Label = random.OneIn(3) ? "swap" + new string('x', random.Below(12)) : null,
        };
    }

    private static Guid UuidOf(ref CaseRandom random)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, random.Next());
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], random.Next());
        return new(bytes, bigEndian: true);
    }

    private static SwapCommand On(ref CaseRandom random, byte device, Focus focus) => new()
    {
        Kind = SwapCommandKind.SwapOn,
        Device = new(device),
        Priority = random.OneIn(3) ? SwapCommand.NoPriority : (short)random.Below(focus.Priorities),
    };

    private static SwapCommand Store(ref CaseRandom random, ProcessPage page) => new()
    {
        Kind = SwapCommandKind.Store,
        Page = page,
        Half = (byte)random.Below(2),
        Value = random.OneIn(12) ? 0 : 1 + (uint)random.Below(255),
    };

    private static ProcessPage PageIn(ref CaseRandom random, Focus focus) =>
        new((byte)random.Below(focus.Processes), (ushort)random.Below(focus.Pages));
}
