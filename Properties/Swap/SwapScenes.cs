using System.Buffers.Binary;
using System.Collections.Immutable;
using PageProof.Contract.Swap;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Swap;

/// <summary>Runs of commands that belong together, and headers that are spoilt.</summary>
public sealed partial class SwapGenerator
{
    private const int Version = 1024, LastPage = 1028, BadCount = 1032, BadPages = 1536, Signature = 4086;

    private int Most => capabilities.Pages;

    private void Scene(
        ref CaseRandom random, SwapStart start, Focus focus, ImmutableArray<SwapCommand>.Builder commands)
    {
        var page = PageIn(ref random, focus);
        byte device = (byte)random.Below(start.Devices.Length), reader = (byte)random.Below(capabilities.Readers);
        SwapCommand Of(SwapCommandKind kind) => kind switch
        {
            SwapCommandKind.SwapOff => new() { Kind = kind, Device = new(device) },
            SwapCommandKind.BeginRead => new() { Kind = kind, Page = page, Reader = reader },
            SwapCommandKind.EndRead => new() { Kind = kind, Reader = reader },
            _ => new() { Kind = kind, Page = page },
        };
        commands.Add(Store(ref random, page));
        commands.Add(Of(SwapCommandKind.PageOut));
        switch (random.Below(7))
        {
            case 0:
                // The slot is free and taken again, by the same page, while somebody reads.
                commands.Add(Of(SwapCommandKind.BeginRead));
                commands.Add(Store(ref random, page));
                commands.Add(Of(SwapCommandKind.PageOut));
                commands.Add(Of(SwapCommandKind.EndRead));
                break;
            case 1:
                // So is the whole area.
                commands.Add(Of(SwapCommandKind.BeginRead));
                commands.Add(Of(SwapCommandKind.SwapOff));
                commands.Add(Store(ref random, page));
                commands.Add(On(ref random, device, focus));
                commands.Add(Of(SwapCommandKind.PageOut));
                commands.Add(Of(SwapCommandKind.EndRead));
                break;
            case 2 when capabilities.Fails:
                commands.Add(new() { Kind = SwapCommandKind.FailRead, Value = 1 + (uint)random.Below(3) });
                commands.Add(Of(SwapCommandKind.SwapOff));
                commands.Add(random.Below(5) switch
                {
                    0 => Of(SwapCommandKind.Load),
                    1 => Of(SwapCommandKind.Drop),
                    _ => Of(SwapCommandKind.Fork) with
                    {
                        Page = page with { Index = 0 },
                        Child = (byte)((page.Process + 1) % capabilities.Processes),
                    },
                });
                break;
            case 3 when capabilities.Fails:
                commands.Add(new() { Kind = SwapCommandKind.FailRead, Value = 1 });
                commands.Add(Of(SwapCommandKind.BeginRead));
                commands.Add(Of(SwapCommandKind.EndRead));
                break;
            case 4:
                // Others take the frames meanwhile.
                commands.Add(Of(SwapCommandKind.BeginRead));
                for (ushort other = 0; other < Math.Min(start.Frames, Most - 1); other++)
                {
                    commands.Add(Store(ref random, page with { Index = (ushort)((page.Index + 1 + other) % Most) }));
                }

                commands.Add(Of(SwapCommandKind.EndRead));
                break;
            case 5:
                Flood(ref random, focus, commands);
                break;
            default:
                // A page comes back, and goes as it is.
                commands.Add(Of(SwapCommandKind.Load));
                commands.Add(Of(SwapCommandKind.PageOut));
                break;
        }
    }

    // More pages go out than some areas have room for.
    private void Flood(ref CaseRandom random, Focus focus, ImmutableArray<SwapCommand>.Builder commands)
    {
        byte process = (byte)random.Below(focus.Processes);
        for (ushort page = 0; page < capabilities.Pages; page++)
        {
            commands.Add(Store(ref random, new(process, page)));
            commands.Add(new() { Kind = SwapCommandKind.PageOut, Page = new(process, page) });
        }
    }

    private void LookAtAll(Focus focus, ImmutableArray<SwapCommand>.Builder commands)
    {
        for (byte process = 0; process < focus.Processes; process++)
        {
            for (ushort page = 0; page < Math.Min(focus.Pages, capabilities.Pages); page++)
            {
                ProcessPage each = new(process, page);
                commands.Add(new() { Kind = SwapCommandKind.Load, Page = each });
                commands.Add(new() { Kind = SwapCommandKind.Drop, Page = each });
            }
        }
    }

    private static SwapCommand Poke(ref CaseRandom random, SwapStart start, byte number)
    {
        uint pages = (uint)start.Devices[number].Pages;
        (int offset, uint value) = random.Below(6) switch
        {
            0 => (Version, random.Of<uint>([0, 1, 2, 0x0100_0000])),
            1 => (LastPage, random.Of<uint>([0, 1, 2, pages - 1, pages, uint.MaxValue, 0x0500_0000])),
            2 => (BadCount, random.Of<uint>([0, 1, 2, 637, 638, uint.MaxValue, 0x0100_0000])),
            3 => (BadPages + (4 * random.Below(2)), random.Of<uint>([0, 1, 2, pages - 1, pages, 0x0100_0000])),
            4 => (Signature + random.Below(7), (uint)random.Next()),
            _ => (random.Below(HeaderOffset.Most + 1), (uint)random.Next()),
        };
        return At(number, offset, value);
    }

    // A header that was just made, as another machine would have written it, or with a field that is wrong.
    private static void Spoil(
        ref CaseRandom random, SwapStart start, ImmutableArray<SwapCommand>.Builder commands)
    {
        var made = commands[^1];
        byte device = made.Device.Value;
        if (random.OneIn(4))
        {
            commands.Add(Poke(ref random, start, device));
        }

        if (!random.OneIn(6))
        {
            return;
        }

        uint bad = random.OneIn(6) ? 638 : (uint)made.Bad.Count;
        commands.Add(At(device, Version, BinaryPrimitives.ReverseEndianness(1u)));
        commands.Add(At(device, LastPage, BinaryPrimitives.ReverseEndianness((uint)made.Pages - 1)));
        commands.Add(At(device, BadCount, BinaryPrimitives.ReverseEndianness(bad)));
        for (int index = 0; index < made.Bad.Count; index++)
        {
            uint page = BinaryPrimitives.ReverseEndianness((uint)(made.Bad.First + index));
            commands.Add(At(device, BadPages + (4 * index), page));
        }
    }

    private static SwapCommand At(byte device, int offset, uint value) => new()
    {
        Kind = SwapCommandKind.Poke,
        Device = new(device),
        Offset = new((ushort)offset),
        Value = value,
    };
}
