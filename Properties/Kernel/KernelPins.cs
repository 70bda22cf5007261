using PageProof.Contract.Kernel;
using PageProof.Properties.Harness;
using PageProof.Spec.AddressSpaces;
using PageProof.Spec.Kernel;

namespace PageProof.Properties.Kernel;

/// <summary>What devices are told to do, and what those that succeeded have done.</summary>
internal static class KernelPins
{
    private const ulong Page = 4096;

    /// <summary>Whether a command is about a pin.</summary>
    public static bool IsOfDevice(KernelCommandKind kind) => kind is KernelCommandKind.Pin or KernelCommandKind.Unpin
        or KernelCommandKind.PinLoad or KernelCommandKind.PinStore;

    /// <summary>A command with a pin, mostly one that can be meant.</summary>
    public static KernelCommand Fill(
        ref CaseRandom random,
        KernelAddresses addresses,
        KernelWorld world,
        KernelCommand command,
        KernelCapabilities capabilities)
    {
        bool pins = command.Kind == KernelCommandKind.Pin;
        byte number = (byte)random.Below(KernelSequence.Pins);
        for (int next = 0; next < KernelSequence.Pins && !random.OneIn(8); next++)
        {
            number = (world.Pinned[number] == 0) == pins ? number : (byte)((number + 1) % KernelSequence.Pins);
        }

        var filled = command with { Pin = new(number) };
        return command.Kind switch
        {
            KernelCommandKind.Unpin => filled,
            KernelCommandKind.Pin => Place(ref random, addresses, world, filled) with
            {
                Pinning = PurposeOf(ref random, capabilities),
            },
            _ => filled with
            {
                Offset = OffsetIn(ref random, world.Pinned[number]),
                Length = new((ulong)random.Below(9)),
                Value = command.Kind == KernelCommandKind.PinStore ? random.Edgy() : 0,
            },
        };
    }

    private static PinFlags PurposeOf(ref CaseRandom random, KernelCapabilities capabilities)
    {
        var drawn = random.OneIn(3) ? PinFlags.Write : (PinFlags)random.Below(4);
        return capabilities.Pinnings.Contains(drawn) ? drawn : capabilities.Pinnings[0];
    }

    // Where somebody has stored, who may have it in common with others, or anywhere; a few bytes, or some pages.
    private static KernelCommand Place(
        ref CaseRandom random, KernelAddresses addresses, KernelWorld world, KernelCommand command)
    {
        bool stored = world.LastStored.Value != 0 && world.Alive.Contains(world.LastStorer);
        var placed = stored && !random.OneIn(3)
            ? command with
            {
                Process = random.OneIn(2) ? command.Process : new(world.LastStorer),
                Address = world.LastStored,
                Length = new(8),
            }
            : random.OneIn(5) ? addresses.Range(ref random, world, command)
            : addresses.Bytes(ref random, world, command);
        ulong length = random.Below(12) switch
        {
            0 => (ulong)random.Below(3) * Page,
            1 => (ulong)random.Below((int)KernelSequence.PinMax + 1),
            _ => Math.Min(placed.Length.Value, KernelSequence.PinMax),
        };
        return placed with { Length = new(length) };
    }

    // Near the first byte, near the next page, near the end or anywhere.
    private static ulong OffsetIn(ref CaseRandom random, ulong length) => random.Below(6) switch
    {
        < 3 => 0,
        3 => (ulong)random.Below(9),
        4 when length >= Page => Page - (ulong)random.Below(9),
        _ => (ulong)random.Below((int)Math.Min(length, KernelSequence.PinMax) + 2),
    };

    public static void Circumstances(KernelState before, in KernelCommand command, List<KernelCircumstance> found)
    {
        if (command.Kind == KernelCommandKind.Pin)
        {
            OfPin(before, command, found);
            return;
        }

        var pin = before.Pins[command.Pin.Value]!;
        ulong place = ((ulong)pin.Start + command.Offset) / Page;
        found.Add(pin.Pages[(int)Math.Min(place, (ulong)pin.Pages.Length - 1)] switch
        {
            PageSource.OfObject => KernelCircumstance.SharedFile,
            PageSource.OfProcess(var loan) => before.Left.Any(page => page.Loan == loan)
                ? KernelCircumstance.Dropped
                : KernelCircumstance.PrivateAnonymous,
            _ => KernelCircumstance.AfterZeroPage,
        });
    }

    // By the first page.
    private static void OfPin(KernelState before, in KernelCommand command, List<KernelCircumstance> found)
    {
        var process = before.Processes[command.Process.Value]!;
        ulong address = command.Address.Value + (command.FromLast ? process.LastMapped : 0);
        Area area = AddressSpaceSpec.AreaAt(process, address)!.Value;
        found.Add(KernelClassifier.BackingOf(area, before.Files));
        if (area.Shared)
        {
            return;
        }

        var known = process.PageAt(AddressSpaceSpec.PageStart(address));
        if (known is { States: PageStates.Common })
        {
            found.Add(KernelCircumstance.AfterFork);
        }
        else if (command.Pinning != PinFlags.None && known is not { IsCopy: true })
        {
            found.Add(area.IsPrivateAnonymous ? KernelCircumstance.AfterZeroPage : KernelCircumstance.CopyOfFile);
        }
    }
}
