using System.Collections.Immutable;
using PageProof.Contract;
using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;
using PageProof.Properties.Harness;

namespace PageProof.Properties.PageTables;

/// <summary>
/// Sequences of edits, unfolded from a seed and a number. Each sequence switches some commands off and
/// weighs the others anew; later ones are longer. What is edited is mostly what was mapped last.
/// </summary>
public sealed class PageTableGenerator(PageTableCapabilities capabilities)
{
    private const int LengthLeast = 3;
    private const int LengthMost = 40;
    private const int CasesPerLength = 40;
    private const int PagesMost = 8;
    private static readonly int[] Weights = [0, 1, 1, 2, 4, 6];

    /// <summary>The sequence of this number.</summary>
    public PageTableSequence Generate(ulong seed, long index)
    {
        CaseRandom random = new(seed, index);
        bool five = capabilities.FiveLevels && random.OneIn(4);
        PageTableWorld world = new(ref random, five ? 5 : 4);
        int tables = random.OneIn(5) ? random.Below(8) : capabilities.Tables;
        PageTableStart start = new(RandomControl(ref random, five), Math.Min(tables, capabilities.Tables));
        var weights = RandomWeights(ref random);
        long growth = Math.Min(LengthMost - LengthLeast, 6 + index / CasesPerLength);
        int length = LengthLeast + random.Below((int)growth + 1);
        var commands = ImmutableArray.CreateBuilder<PageTableCommand>(length);
        while (commands.Count < length)
        {
            commands.Add(RandomCommand(ref random, world, weights));
        }

        return new(start, commands.MoveToImmutable());
    }

    private static int[] RandomWeights(ref CaseRandom random)
    {
        var weights = new int[Enum.GetValues<PageTableCommandKind>().Length];
        for (int kind = 0; kind < weights.Length; kind++)
        {
            weights[kind] = random.Of(Weights);
        }

        weights[(int)PageTableCommandKind.Map] += 6;
        weights[(int)PageTableCommandKind.Access] += 2;
        weights[(int)PageTableCommandKind.Flush] += 2;
        return weights;
    }

    private static ControlState RandomControl(ref CaseRandom random, bool five) => ControlState.LongMode with
    {
        Cr0 = random.OneIn(4) ? Cr0.None : Cr0.WriteProtect,
        Cr4 = Cr4.PhysicalAddressExtension
            | (five ? Cr4.FiveLevelPaging : 0)
            | (random.OneIn(2) ? Cr4.PageGlobalEnable : 0)
            | (random.OneIn(3) ? Cr4.SupervisorExecutionPrevention : 0)
            | (random.OneIn(3) ? Cr4.SupervisorAccessPrevention : 0)
            | (random.OneIn(3) ? Cr4.ProtectionKeys : 0),
        Efer = Efer.LongModeEnable | Efer.NoExecuteEnable,
        Pkru = new(random.OneIn(2) ? 0 : (uint)random.Edgy()),
        Pat = random.OneIn(2) ? PageAttributeTable.AtReset : new(0x0105_0406_0007_0406),
        HasGigabytePages = true,
    };

    private static PageTableCommand RandomCommand(ref CaseRandom random, PageTableWorld world, int[] weights)
    {
        int drawn = random.Below(weights.Sum()), kind = 0;
        while (drawn >= weights[kind])
        {
            drawn -= weights[kind++];
        }

        PageTableCommand command = new() { Kind = (PageTableCommandKind)kind };
        switch (command.Kind)
        {
            case PageTableCommandKind.Flush:
                return command;
            case PageTableCommandKind.Access:
                return command with { Access = RandomAccess(ref random, world, world.UsedRange(ref random)) };
            case PageTableCommandKind.Find:
                var address = world.RandomAddress(ref random, world.UsedRange(ref random));
                return command with { Range = new(address, default) };
            case PageTableCommandKind.Map:
                command = Map(ref random, world, command);
                break;
            case PageTableCommandKind.Move:
                command = Move(ref random, world, command);
                break;
            default:
                command = command with { Range = world.UsedRange(ref random) };
                break;
        }

        if (command.Kind == PageTableCommandKind.Protect)
        {
            command = command with { Rights = RandomRights(ref random, command.Range.Start) };
        }

        return random.OneIn(3) ? Overtaken(ref random, world, command) : command;
    }

    private static PageTableCommand Map(ref CaseRandom random, PageTableWorld world, PageTableCommand command)
    {
        var size = world.RandomSize(ref random);
        var range = random.OneIn(4) ? world.UsedRange(ref random) : world.RandomRange(ref random, size);
        if (range.Length.Value >> (int)size > PagesMost)
        {
            range = range with { Length = new((1 + (ulong)random.Below(PagesMost)) << (int)size) };
        }

        ulong frame = (1 + (ulong)random.Below(8) << 33) + ((ulong)random.Below(16) << (int)size);
        PageMapping mapping = new()
        {
            Frame = new(random.Below(48) switch
            {
                0 => random.Edgy(),
                1 => (1UL << 52) - ((ulong)(1 + random.Below(4)) << (int)size),
                _ => frame,
            }),
            Size = random.OneIn(64) ? (PageSize)random.Below(32) : size,
            Rights = RandomRights(ref random, range.Start),
            Caching = (byte)(random.OneIn(64) ? 8 : random.OneIn(3) ? random.Below(8) : 0),
            Key = new((byte)(random.OneIn(64) ? 16 : random.OneIn(3) ? random.Below(16) : 0)),
            Global = random.OneIn(5),
            Accessed = random.OneIn(4),
            Dirty = random.OneIn(4),
        };
        world.Use(range);
        return command with { Range = range, Mapping = mapping };
    }

    private static PageTableCommand Move(ref CaseRandom random, PageTableWorld world, PageTableCommand command)
    {
        var range = world.UsedRange(ref random);
        var target = world.RandomRange(ref random, world.RandomSize(ref random)).Start;
        world.Use(range with { Start = target });
        return command with { Range = range, Target = target };
    }

    private static PageTableCommand Overtaken(ref CaseRandom random, PageTableWorld world, PageTableCommand command)
    {
        bool target = command.Kind == PageTableCommandKind.Move && random.OneIn(2);
        PageRange range = target ? command.Range with { Start = command.Target } : command.Range;
        return command with
        {
            OvertakenAt = (byte)(1 + random.Below(random.OneIn(2) ? 2 : 10)),
            Access = RandomAccess(ref random, world, range),
        };
    }

    private static Access RandomAccess(ref CaseRandom random, PageTableWorld world, PageRange range)
    {
        var kind = random.Below(8) switch
        {
            < 3 => AccessKind.Read,
            < 7 => AccessKind.Write,
            _ => AccessKind.Fetch,
        };
        var cpl = random.OneIn(2) ? PrivilegeLevel.Ring0 : PrivilegeLevel.Ring3;
        return new(world.RandomAddress(ref random, range), kind, cpl, AlignmentCheck: random.OneIn(2));
    }

    private static PageRights RandomRights(ref CaseRandom random, LinearAddress address)
    {
        var rights = (PageRights)random.Below(8) | (random.OneIn(64) ? PageRights.ShadowStack : 0)
            | (random.OneIn(2) ? PageRights.Write : 0);
        return address.Value >> 63 != 0 && !random.OneIn(12) ? rights & ~PageRights.User : rights;
    }
}
