using System.Collections.Immutable;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Tlb;

/// <summary>
/// Sequences of commands, unfolded from a seed and a number. Each sequence switches some commands off
/// and weighs the others anew; later ones are longer. What is done next mostly concerns the address and
/// the CPU that were used last, and the words on that address's way. All are within what the machine
/// offers.
/// </summary>
public sealed class TlbGenerator(TlbCapabilities capabilities)
{
    private const int LengthLeast = 4;
    private const int LengthMost = 56;
    private const int CasesPerLength = 40;
    private static readonly int[] Weights = [0, 1, 1, 2, 4, 8];

    /// <summary>The sequence of this number.</summary>
    public TlbSequence Generate(ulong seed, long index)
    {
        CaseRandom random = new(seed, index);
        var drawn = OfMachine(seed, index, RandomControl(ref random));
        TlbWorld world = new(ref random, capabilities, drawn);
        int cpus = 1 + (random.OneIn(2) ? 0 : random.Below(capabilities.Cpus));
        var control = drawn with { Cr3 = new(world.RandomCr3(ref random, drawn)) };
        TlbStart start = new(control, cpus, capabilities.Memory, world.Words);
        TlbCourse course = new(world, control, cpus, RandomWeights(ref random));
        long growth = Math.Min(LengthMost - LengthLeast, 8 + index / CasesPerLength);
        int length = LengthLeast + random.Below((int)growth + 1);
        var commands = ImmutableArray.CreateBuilder<TlbCommand>(length);
        while (commands.Count < length)
        {
            commands.Add(course.Next(ref random));
        }

        return new(start, commands.MoveToImmutable());
    }

    private int[] RandomWeights(ref CaseRandom random)
    {
        var weights = new int[Enum.GetValues<TlbCommandKind>().Length];
        for (int kind = 0; kind < weights.Length; kind++)
        {
            int drawn = random.Of(Weights);
            weights[kind] = capabilities.Commands.Contains((TlbCommandKind)kind) ? drawn : 0;
        }

        weights[(int)TlbCommandKind.Access] += 8;
        weights[(int)TlbCommandKind.Store] += 4;
        return weights;
    }

    /// <summary>The registers on the processor that so many sequences share.</summary>
    private ControlState OfMachine(ulong seed, long index, ControlState drawn)
    {
        var offered = capabilities.Translation;
        if (offered.CasesPerMachine == 1)
        {
            return drawn;
        }

        CaseRandom machine = new(~seed, index / offered.CasesPerMachine);
        return drawn with
        {
            MaxPhyAddr = machine.Of(offered.Widths),
            HasGigabytePages = machine.Of(offered.GigabytePages),
            Vendor = machine.Of(offered.Vendors),
        };
    }

    private ControlState RandomControl(ref CaseRandom random)
    {
        var cr4 = (random.OneIn(4) ? 0 : Cr4.PageGlobalEnable)
            | (random.OneIn(4) ? 0 : Cr4.ProcessContextIdentifiers)
            | (random.OneIn(3) ? Cr4.SupervisorExecutionPrevention : 0)
            | (random.OneIn(3) ? Cr4.SupervisorAccessPrevention : 0)
            | (random.OneIn(3) ? Cr4.ProtectionKeys : 0)
            | (random.OneIn(6) ? Cr4.ControlFlowEnforcement : 0)
            | (random.OneIn(8) ? Cr4.FiveLevelPaging : 0);
        cr4 &= capabilities.Cr4;
        bool protects = random.OneIn(2) || cr4.HasFlag(Cr4.ControlFlowEnforcement);
        return ControlState.LongMode with
        {
            Cr0 = protects ? Cr0.WriteProtect : Cr0.None,
            Cr4 = cr4 | Cr4.PhysicalAddressExtension,
            Efer = Efer.LongModeEnable
                | (random.OneIn(4) ? 0 : Efer.NoExecuteEnable & capabilities.Translation.Efer),
            Pkru = new(random.OneIn(2) ? 0 : (uint)random.Edgy()),
            Pat = random.OneIn(2) ? PageAttributeTable.AtReset : new(0x0105_0406_0007_0406),
            MaxPhyAddr = new((byte)(random.OneIn(2) ? PhysicalAddressWidth.Most
                : PhysicalAddressWidth.Least + random.Below(17))),
            HasGigabytePages = random.OneIn(2),
            Vendor = random.OneIn(4) ? Vendor.Amd : Vendor.Intel,
        };
    }
}
