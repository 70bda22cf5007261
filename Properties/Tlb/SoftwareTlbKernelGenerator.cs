using System.Collections.Immutable;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Tlb;

/// <summary>
/// Sequences for a kernel that fills its TLB: few entries, few ASIDs and some processes, so that entries are
/// evicted and ASIDs recycled all the time; mostly about the page and the process that were used last.
/// </summary>
public static class SoftwareTlbKernelGenerator
{
    private const int LengthLeast = 4;
    private const int LengthMost = 56;
    private const int CasesPerLength = 40;
    private static readonly int[] Weights = [0, 1, 1, 2, 4];

    /// <summary>The sequence of this number.</summary>
    public static SoftwareTlbKernelSequence Generate(ulong seed, long index)
    {
        CaseRandom random = new(seed, index);
        var start = RandomStart(ref random);
        var weights = new int[Enum.GetValues<SoftwareTlbKernelCommandKind>().Length];
        for (int kind = 0; kind < weights.Length; kind++)
        {
            weights[kind] = random.Of(Weights);
        }

        weights[(int)SoftwareTlbKernelCommandKind.Access] += 8;
        weights[(int)SoftwareTlbKernelCommandKind.Map] += 4;
        int growth = (int)Math.Min(LengthMost - LengthLeast, 8 + index / CasesPerLength);
        int length = LengthLeast + random.Below(growth + 1);
        var commands = ImmutableArray.CreateBuilder<SoftwareTlbKernelCommand>();
        byte process = 0, page = (byte)random.Below(SoftwareTlbKernelStart.Pages), current = 0, previous = 0;
        while (commands.Count < length)
        {
            process = random.Below(4) switch
            {
                0 => (byte)random.Below(start.Processes),
                1 => current,
                2 => previous,
                _ => process,
            };
            page = random.OneIn(8) ? (byte)random.Below(SoftwareTlbKernelStart.Pages)
                : random.OneIn(4) ? (byte)(page ^ 1) : page;
            Add(RandomCommand(ref random, start, weights, process, page));

            // What was done to a page shows when its process comes back to it.
            if (commands[^1].Page.Value == page && random.OneIn(3))
            {
                if (process != current)
                {
                    Add(new() { Kind = SoftwareTlbKernelCommandKind.Switch, Process = process });
                }

                Add(new()
                {
                    Kind = SoftwareTlbKernelCommandKind.Access,
                    Page = new(page),
                    Access = random.OneIn(2) ? AccessKind.Write : AccessKind.Read,
                });
            }
        }

        return new(start, commands.ToImmutable());

        void Add(SoftwareTlbKernelCommand command)
        {
            commands.Add(command);
            if (command.Kind == SoftwareTlbKernelCommandKind.Switch && command.Process != current)
            {
                (previous, current) = (current, command.Process);
            }
        }
    }

    private static SoftwareTlbKernelStart RandomStart(ref CaseRandom random)
    {
        int entries = random.OneIn(6)
            ? SoftwareTlbSequence.EntriesMost
            : SoftwareTlbSequence.EntriesLeast + random.Below(7);
        return new(
            entries,
            random.Below(Math.Min(4, entries)),
            random.OneIn(6) ? SoftwareTlbKernelStart.AsidsMost : 2 + random.Below(4),
            1 + random.Below(6));
    }

    private static SoftwareTlbKernelCommand RandomCommand(
        ref CaseRandom random, SoftwareTlbKernelStart start, int[] weights, byte process, byte page)
    {
        int drawn = random.Below(weights.Sum());
        int kind = 0;
        while (drawn >= weights[kind])
        {
            drawn -= weights[kind++];
        }

        var access = random.Below(8) switch
        {
            < 4 => AccessKind.Read,
            < 7 => AccessKind.Write,
            _ => AccessKind.Fetch,
        };
        SoftwareTlbKernelCommand command = new()
        {
            Kind = (SoftwareTlbKernelCommandKind)kind,
            Process = process,
            Page = new(page),
        };
        return command.Kind switch
        {
            SoftwareTlbKernelCommandKind.Map => command with
            {
                Frame = new((uint)(random.OneIn(4) ? random.Below(1 << 24) : 1 + random.Below(6))),
                Writable = !random.OneIn(4),
            },
            SoftwareTlbKernelCommandKind.Switch or SoftwareTlbKernelCommandKind.Exit => command with { Page = default },
            SoftwareTlbKernelCommandKind.AccessWired when start.Wired > 0 => command with
            {
                Process = 0,
                Page = new((byte)random.Below(start.Wired)),
                Access = access,
            },
            SoftwareTlbKernelCommandKind.Access or SoftwareTlbKernelCommandKind.AccessWired => command with
            {
                Kind = SoftwareTlbKernelCommandKind.Access,
                Process = 0,
                Access = access,
            },
            _ => command,
        };
    }
}
