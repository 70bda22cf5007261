using System.Collections.Immutable;
using PageProof.Contract;
using PageProof.Contract.Hardening;
using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Properties.Harness;
using PageProof.Spec.Hardening;

namespace PageProof.Properties.Hardening;

/// <summary>
/// Sequences for a kernel with page-table isolation, unfolded from a seed and a number. Each switches some
/// commands off and weighs the others anew; most commands are possible where they come. Each is mostly about
/// a page or a few of one or two processes and of the kernel, so that what survives a flush is met again.
/// </summary>
public sealed class KptiGenerator(KptiCapabilities capabilities)
{
    private const int LengthLeast = 4;
    private const int LengthMost = 48;
    private const int CasesPerLength = 40;
    private const ulong KernelStart = 0xFFFF_8800_0000_0000;
    private const ulong EntryStart = 0xFFFF_FF80_0000_1000;
    private const int PagesMany = 40;
    private static readonly int[] Weights = [0, 1, 2, 2, 4, 6];
    private static readonly ulong[] UserPlaces = [0x40_0000, 0x5F_F000, 0x7FFF_FFE0_0000];

    /// <summary>The sequence of this number.</summary>
    public KptiSequence Generate(ulong seed, long index)
    {
        CaseRandom random = new(seed, index);
        var start = RandomStart(ref random);
        var state = KptiSpec.Begin(start, capabilities.Processes);
        var weights = RandomWeights(ref random);
        Focus focus = new(
            1 + (random.OneIn(3) ? random.Below(capabilities.Processes) : random.Below(2)),
            new(new(random.Of(UserPlaces) + 4096 * (ulong)random.Below(2)), FewPages(ref random)),
            new(new(KernelStart + 4096 * (ulong)random.Below(2)), FewPages(ref random)));
        long growth = Math.Min(LengthMost - LengthLeast, 8 + index / CasesPerLength);
        int length = LengthLeast + random.Below((int)growth + 1);
        var commands = ImmutableArray.CreateBuilder<KptiCommand>(length);
        while (commands.Count < length)
        {
            var command = RandomCommand(ref random, state, focus, weights);
            for (int again = 0; again < 6 && !KptiSpec.CanDo(state, command) && !random.OneIn(24); again++)
            {
                command = RandomCommand(ref random, state, focus, weights);
            }

            state = KptiSpec.CanDo(state, command) ? KptiSpec.Next(state, command) : state;
            commands.Add(command);
        }

        return new(start, commands.MoveToImmutable());
    }

    // More than one now and then, so that what a flush of several leaves is met again.
    private static ByteCount FewPages(ref CaseRandom random) =>
        new(random.OneIn(8) ? 2 * 4096UL : 4096);

    private KptiStart RandomStart(ref CaseRandom random)
    {
        var control = ControlState.LongMode with
        {
            Cr0 = Cr0.WriteProtect,
            Cr4 = Cr4.PhysicalAddressExtension
                | (random.OneIn(4) ? 0 : Cr4.ProcessContextIdentifiers)
                | (random.OneIn(2) ? Cr4.PageGlobalEnable : 0)
                | (random.OneIn(2) ? Cr4.SupervisorExecutionPrevention : 0)
                | (random.OneIn(2) ? Cr4.SupervisorAccessPrevention : 0),
            Efer = Efer.LongModeEnable | Efer.NoExecuteEnable,
            HasGigabytePages = true,
        };
        bool global = random.OneIn(2);
        ImmutableArray<MappedPage> entry =
        [
            new(new(EntryStart), EntryPage(1, PageRights.Execute, global)),
            new(new(EntryStart + 0x1000), EntryPage(2, PageRights.Write, global)),
        ];
        return new(
            control, 1 + random.Below(capabilities.Cpus), 1 + random.Below(Math.Min(3, capabilities.Asids)),
            random.OneIn(2), new(new(KernelStart), new(1UL << 39)), entry);
    }

    private static PageMapping EntryPage(ulong frame, PageRights rights, bool global) => new()
    {
        Frame = new(frame << 36),
        Size = PageSize.Size4K,
        Rights = rights,
        Global = global,
    };

    private static int[] RandomWeights(ref CaseRandom random)
    {
        var weights = new int[Enum.GetValues<KptiCommandKind>().Length];
        for (int kind = 0; kind < weights.Length; kind++)
        {
            weights[kind] = random.Of(Weights);
        }

        weights[(int)KptiCommandKind.Create] += 1;
        weights[(int)KptiCommandKind.Schedule] += 3;
        weights[(int)KptiCommandKind.Enter] += 3;
        weights[(int)KptiCommandKind.Exit] += 3;
        weights[(int)KptiCommandKind.Map] += 3;
        weights[(int)KptiCommandKind.Access] += 10;
        return weights;
    }

    // What a sequence is mostly about.
    private readonly record struct Focus(int Processes, PageRange User, PageRange Kernel);

    private static KptiCommand RandomCommand(
        ref CaseRandom random, KptiState state, Focus focus, int[] weights)
    {
        int drawn = random.Below(weights.Sum()), kind = 0;
        while (drawn >= weights[kind])
        {
            drawn -= weights[kind++];
        }

        CpuNumber cpu = new((byte)random.Below(state.Cpus.Length));
        KptiCommand command = new() { Kind = (KptiCommandKind)kind, Cpu = cpu };
        ProcessNumber process = new((byte)random.Below(focus.Processes));
        switch (command.Kind)
        {
            case KptiCommandKind.Access:
                return command with { Access = RandomAccess(ref random, state.Cpus[cpu.Value], focus) };
            case KptiCommandKind.Idle or KptiCommandKind.Enter or KptiCommandKind.Exit:
                return command;
            case <= KptiCommandKind.Schedule:
                return command with { Process = process };
            case KptiCommandKind.MapKernel or KptiCommandKind.UnmapKernel:
                var kernel = random.OneIn(32) ? focus.User : KernelRange(ref random, focus);
                return Edit(ref random, command with { Range = kernel }, PageRights.None);
        }

        // Mostly somebody's pages who runs somewhere.
        process = random.OneIn(3) ? process : random.Of(state.Cpus).Process ?? process;
        var range = random.OneIn(48) ? focus.Kernel : UserRange(ref random, focus);
        return Edit(ref random, command with { Process = process, Range = range }, PageRights.User);
    }

    private static KptiCommand Edit(ref CaseRandom random, KptiCommand command, PageRights user)
    {
        var rights = (PageRights)random.Below(8) & ~PageRights.User | (random.OneIn(8) ? 0 : user);
        if (command.Kind == KptiCommandKind.Protect)
        {
            return command with { Rights = rights };
        }

        if (command.Kind is not (KptiCommandKind.Map or KptiCommandKind.MapKernel))
        {
            return command;
        }

        bool large = command.Range.Length.Value % (2UL << 20) == 0 && command.Range.Start.Value % (2UL << 20) == 0;
        PageMapping mapping = new()
        {
            Frame = new((ulong)(1 + random.Below(15)) << 30),
            Size = large ? PageSize.Size2M : PageSize.Size4K,
            Rights = rights,
            Global = random.OneIn(3),
        };
        return command with { Mapping = mapping };
    }

    private static PageRange UserRange(ref CaseRandom random, Focus focus)
    {
        ulong start = random.OneIn(2) ? focus.User.Start.Value : random.Of(UserPlaces);
        return random.Below(24) switch
        {
            0 => new(new(start & ~0x1F_FFFFUL), new(2UL << 20)),
            1 => new(new(start & ~0x1F_FFFFUL), new(4UL << 20)),
            < 6 => new(new(focus.User.Start.Value), new(PagesMany * 4096)),
            < 10 => new(new(start + 4096 * (ulong)random.Below(3)), new(4096 * (ulong)(1 + random.Below(3)))),
            _ => focus.User,
        };
    }

    private static PageRange KernelRange(ref CaseRandom random, Focus focus) => !random.OneIn(4)
        ? focus.Kernel
        : new(new(KernelStart + 4096 * (ulong)random.Below(4)), new(4096 * (ulong)(1 + random.Below(2))));

    private static Access RandomAccess(ref CaseRandom random, KptiCpuState cpu, Focus focus)
    {
        var range = random.Below(12) switch
        {
            0 => new PageRange(new(EntryStart), new(0x2000)),
            1 => KernelRange(ref random, focus),
            2 => UserRange(ref random, focus),
            < 6 => focus.Kernel,
            _ => focus.User,
        };
        ulong pages = range.Length.Value / 4096;
        ulong address = range.Start.Value + 4096 * (ulong)random.Below((int)pages);
        var kind = random.Below(6) switch
        {
            0 => AccessKind.Write,
            1 => AccessKind.Fetch,
            _ => AccessKind.Read,
        };
        bool asUser = random.OneIn(6) ? !cpu.InUser : cpu.InUser;
        return new(
            new(address), kind, asUser ? PrivilegeLevel.Ring3 : PrivilegeLevel.Ring0, AlignmentCheck: !random.OneIn(4));
    }
}
