using System.Collections.Immutable;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;

namespace PageProof.Properties.Tlb;

/// <summary>
/// Simpler sequences than a failing one: without runs of commands, then without single ones, on fewer
/// CPUs, with fewer words, plainer registers and operands, and in the end fewer bits that are set.
/// </summary>
public static class TlbShrinks
{
    /// <summary>The simpler sequences, the boldest first.</summary>
    public static IEnumerable<TlbSequence> Of(TlbSequence failing) =>
        WithoutCommands(failing)
            .Concat(FewerCpus(failing))
            .Concat(WithoutWords(failing))
            .Concat(PlainerControl(failing))
            .Concat(PlainerCommands(failing))
            .Concat(FewerBits(failing));

    private static IEnumerable<TlbSequence> WithoutCommands(TlbSequence failing)
    {
        int count = failing.Commands.Length;
        for (int run = count; run >= 1; run /= 2)
        {
            for (int from = count - run; from >= 0; from -= run)
            {
                yield return failing with { Commands = failing.Commands.RemoveRange(from, run) };
            }
        }

        // Two that need each other, such as there and back.
        for (int first = 0; first < count; first++)
        {
            for (int second = first + 1; second < count; second++)
            {
                yield return failing with { Commands = failing.Commands.RemoveAt(second).RemoveAt(first) };
            }
        }
    }

    private static IEnumerable<TlbSequence> FewerCpus(TlbSequence failing)
    {
        if (failing.Start.Cpus == 1)
        {
            yield break;
        }

        for (int cpu = failing.Start.Cpus - 1; cpu >= 1; cpu--)
        {
            for (int other = 0; other < cpu; other++)
            {
                var moved = Moved(failing.Commands, cpu, other);
                if (!moved.SequenceEqual(failing.Commands))
                {
                    yield return failing with { Commands = moved };
                }
            }
        }

        int used = failing.Commands.IsEmpty ? 1 : 1 + failing.Commands.Max(command => command.Cpu.Value);
        if (used < failing.Start.Cpus)
        {
            yield return failing with { Start = failing.Start with { Cpus = used } };
        }
    }

    private static ImmutableArray<TlbCommand> Moved(ImmutableArray<TlbCommand> commands, int from, int to) =>
        [.. commands.Select(command =>
            command.Cpu.Value == from ? command with { Cpu = new((byte)to) } : command)];

    private static IEnumerable<TlbSequence> WithoutWords(TlbSequence failing)
    {
        var used = failing.Commands
            .Where(command => command.Kind is TlbCommandKind.Store or TlbCommandKind.Load)
            .Select(command => command.Word.Address).ToHashSet();
        var words = failing.Start.Words;
        for (int index = 0; index < words.Length; index++)
        {
            if (!used.Contains(words[index].Address))
            {
                yield return failing with { Start = failing.Start with { Words = words.RemoveAt(index) } };
            }
        }
    }

    private static IEnumerable<TlbSequence> PlainerControl(TlbSequence failing)
    {
        var control = failing.Start.Control;
        List<ControlState> plainer =
        [
            control with { Pkru = default },
            control with { Pat = PageAttributeTable.AtReset },
            control with { Cr0 = Cr0.None },
            control with { Vendor = Vendor.Intel },
            control with { HasGigabytePages = false },
            control with { MaxPhyAddr = new(PhysicalAddressWidth.Most) },
        ];
        for (int bit = 0; bit < 64; bit++)
        {
            plainer.Add(control with { Cr4 = control.Cr4 & ~(Cr4)(1UL << bit) | Cr4.PhysicalAddressExtension });
            plainer.Add(control with { Pkru = new(control.Pkru.Value & ~(uint)(1UL << bit)) });
            plainer.Add(control with { Cr3 = new(control.Cr3.Value & ~(1UL << bit % 12)) });
        }

        return plainer.Where(each => each != control)
            .Select(each => failing with { Start = failing.Start with { Control = each } });
    }

    private static IEnumerable<TlbSequence> PlainerCommands(TlbSequence failing) =>
        from index in Enumerable.Range(0, failing.Commands.Length)
        let command = failing.Commands[index]
        from plainer in PlainerThan(command)
        where plainer != command
        select failing with { Commands = failing.Commands.SetItem(index, plainer) };

    private static IEnumerable<TlbCommand> PlainerThan(TlbCommand command)
    {
        var access = command.Access;
        switch (command.Kind)
        {
            case TlbCommandKind.Store:
                yield return command with { Word = command.Word with { Entry = default } };
                break;
            case TlbCommandKind.Access:
                yield return command with { Access = access with { AlignmentCheck = false } };
                yield return command with { Access = access with { Implicit = false } };
                yield return command with { Access = access with { StackSegment = false } };
                yield return command with { Access = access with { Kind = AccessKind.Read } };
                yield return command with { Access = access with { Cpl = PrivilegeLevel.Ring0 } };
                yield return command with { Access = access with { Address = new(access.Address.Value & ~0xFFFUL) } };
                break;
            case TlbCommandKind.InvalidatePage:
                yield return command with { Address = new(command.Address.Value & ~0xFFFUL) };
                break;
            case TlbCommandKind.InvalidatePcid:
                yield return command with { Descriptor = default };
                yield return command with { Descriptor = command.Descriptor with { Low = 0 } };
                yield return command with { Descriptor = command.Descriptor with { Address = default } };
                break;
        }
    }

    // Each candidate clears a bit that is set, so there is an end.
    private static IEnumerable<TlbSequence> FewerBits(TlbSequence failing)
    {
        var words = failing.Start.Words;
        for (int index = 0; index < words.Length; index++)
        {
            foreach (ulong entry in WithoutOneBit(words[index].Entry.Value))
            {
                var simpler = words.SetItem(index, words[index] with { Entry = new(entry) });
                yield return failing with { Start = failing.Start with { Words = simpler } };
            }
        }

        for (int index = 0; index < failing.Commands.Length; index++)
        {
            var command = failing.Commands[index];
            foreach (var simpler in Bits(command))
            {
                yield return failing with { Commands = failing.Commands.SetItem(index, simpler) };
            }
        }
    }

    private static IEnumerable<TlbCommand> Bits(TlbCommand command) => command.Kind switch
    {
        TlbCommandKind.Store => WithoutOneBit(command.Word.Entry.Value)
            .Select(entry => command with { Word = command.Word with { Entry = new(entry) } }),
        TlbCommandKind.MoveCr3 => WithoutOneBit(command.Cr3.Value)
            .Select(operand => command with { Cr3 = new(operand) }),
        TlbCommandKind.MoveCr4 => WithoutOneBit((ulong)command.Cr4)
            .Select(operand => command with { Cr4 = (Cr4)operand }),
        TlbCommandKind.WritePkru => WithoutOneBit(command.Pkru.Value)
            .Select(operand => command with { Pkru = new((uint)operand) }),
        TlbCommandKind.InvalidatePcid => WithoutOneBit(command.Descriptor.Low)
            .Select(low => command with { Descriptor = command.Descriptor with { Low = low } }),
        _ => [],
    };

    private static IEnumerable<ulong> WithoutOneBit(ulong word) =>
        from bit in Enumerable.Range(0, 64)
        where (word >> bit & 1) != 0
        select word & ~(1UL << bit);
}
