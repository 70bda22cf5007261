using System.Collections.Immutable;
using PageProof.Contract.Tlb;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Tlb;

/// <summary>
/// Unfolds short programs for two to four CPUs, which meet on two or three pages. Each case draws weights of
/// its own and leaves some commands out.
/// </summary>
internal sealed class ShootdownGenerator(ShootdownCapabilities capabilities, ScheduleKind kind)
{
    private const int CommandsLeast = 3;
    private const int CommandsMost = 14;

    // In the order of the kinds: accesses come most often, since each shows what is kept.
    private static readonly int[] Weights = [3, 3, 6, 5, 2, 3, 6, 7, 2, 2, 7, 4];

    public ShootdownCase Generate(ulong seed, long index)
    {
        CaseRandom random = new(seed, index);
        int cpus = Math.Min(random.OneIn(2) ? 2 : 3 + random.Below(2), capabilities.Cpus);
        int spaces = Math.Min(1 + random.Below(3), capabilities.Spaces);
        byte[] pages =
        [
            (byte)random.Below(ShootdownCommand.Pages),
            (byte)random.Below(ShootdownCommand.Pages),
            (byte)random.Below(ShootdownCommand.Pages),
        ];
        int mapped = random.Below(4) == 0 ? (int)(random.Next() & byte.MaxValue) : 1 << pages[0] | 1 << pages[1];
        var weights = Swarm(ref random, spaces);
        var commands = ImmutableArray.CreateBuilder<ShootdownCommand>();
        int count = CommandsLeast + random.Below(CommandsMost - CommandsLeast + 1);
        for (int number = 0; number < count; number++)
        {
            var command = Command(ref random, weights, cpus, spaces, pages);
            commands.Add(command);
            if (command is { Kind: ShootdownCommandKind.Protect, Writable: false } && random.OneIn(3))
            {
                AddRegain(commands, command);
            }
        }

        var drawn = kind != ScheduleKind.Mixed ? kind : index % 2 == 0 ? ScheduleKind.Random : ScheduleKind.Priority;
        return new(new(new(cpus, spaces, (byte)mapped), commands.DrainToImmutable()), random.Next(), drawn, default);
    }

    // Rights that come back need no flush: the old ones are found once more, and a fault drops them.
    private static void AddRegain(ImmutableArray<ShootdownCommand>.Builder commands, in ShootdownCommand protect)
    {
        commands.Add(protect with { Kind = ShootdownCommandKind.Load });
        commands.Add(protect with { Writable = true });
        commands.Add(protect with { Kind = ShootdownCommandKind.Store });
    }

    private static int[] Swarm(ref CaseRandom random, int spaces)
    {
        int[] weights = [.. Weights];
        for (int each = 0; each < weights.Length; each++)
        {
            weights[each] = random.OneIn(4) ? 0 : weights[each] * (1 + random.Below(3));
        }

        weights[(int)ShootdownCommandKind.Store] += 2;
        if (spaces > 1)
        {
            weights[(int)ShootdownCommandKind.Run] *= 2;
        }

        return weights;
    }

    private static ShootdownCommand Command(
        ref CaseRandom random, int[] weights, int cpus, int spaces, byte[] pages)
    {
        int drawn = random.Below(weights.Sum());
        int kind = 0;
        while (drawn >= weights[kind])
        {
            drawn -= weights[kind++];
        }

        ShootdownCommand command = new() { Kind = (ShootdownCommandKind)kind, Cpu = new((byte)random.Below(cpus)) };
        byte page = random.OneIn(2) ? pages[0] : random.Of(pages);
        int room = ShootdownCommand.Pages - page;
        int count = 1 + (random.OneIn(3) ? random.Below(Math.Min(room, 3)) : 0);
        count = random.OneIn(16) ? room : count;
        return command.Kind switch
        {
            ShootdownCommandKind.Run => command with { Space = new((byte)random.Below(spaces)) },
            ShootdownCommandKind.Idle => command,
            ShootdownCommandKind.Load or ShootdownCommandKind.Store or ShootdownCommandKind.Fetch
                or ShootdownCommandKind.Prefetch => command with { Page = page },
            ShootdownCommandKind.Protect => command with
            {
                Page = page,
                Count = (byte)count,
                Writable = random.OneIn(3),
            },
            ShootdownCommandKind.Move => command with
            {
                Page = page,
                Count = (byte)count,
                To = (byte)random.Below(ShootdownCommand.Pages - count + 1),
            },
            _ => command with { Page = page, Count = (byte)count },
        };
    }
}
