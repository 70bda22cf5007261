using PageProof.Contract;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Spec.AddressSpaces;

namespace PageProof.Properties.Kernel;

/// <summary>Addresses from one up to another.</summary>
internal readonly record struct AddressRange(ulong Start, ulong End);

/// <summary>
/// What a generator remembers: which processes there are, where they have mapped something of late, and how long
/// files were made. It need not be right, but for the processes.
/// </summary>
internal sealed class KernelWorld
{
    private const int RangesMost = 6;

    private readonly List<AddressRange>?[] _ranges;
    private readonly AddressRange?[] _stacks;
    private readonly ulong[] _lengths;
    private readonly ulong _heap;

    public KernelWorld(KernelStart start, ulong heap)
    {
        _heap = heap;
        _ranges = new List<AddressRange>?[start.Processes];
        _ranges[0] = [];
        _stacks = new AddressRange?[start.Processes];
        _lengths = [.. start.Files.Select(file => file.Length.Value)];
    }

    /// <summary>How many pages of the arena the sequence uses.</summary>
    public int Width { get; set; }

    /// <summary>The numbers of the processes that there are.</summary>
    public List<byte> Alive { get; } = [0];

    /// <summary>Where a process has mapped something.</summary>
    public IReadOnlyList<AddressRange> RangesOf(byte process) => _ranges[process] ?? [];

    /// <summary>What a process has mapped last that grows down, if anything.</summary>
    public AddressRange? StackOf(byte process) => process < _stacks.Length ? _stacks[process] : null;

    /// <summary>How long a file was made.</summary>
    public ulong LengthOf(int file) => file < _lengths.Length ? _lengths[file] : 0;

    /// <summary>How many bytes are pinned, by the numbers of pins.</summary>
    public ulong[] Pinned { get; } = new ulong[KernelSequence.Pins];

    /// <summary>Where somebody stored last, at an address that was told as it is.</summary>
    public LinearAddress LastStored { get; private set; }

    /// <summary>Which process did that.</summary>
    public byte LastStorer { get; private set; }

    /// <summary>Remembers what a command does.</summary>
    public void Note(in KernelCommand command)
    {
        byte process = command.Process.Value;
        if (_ranges[process] is not { } ranges)
        {
            return;
        }

        switch (command.Kind)
        {
            case KernelCommandKind.Mmap when IsLikely(command):
                ranges.Add(new(command.Address.Value, command.Address.Value + command.Length.Value));
                ranges.RemoveRange(0, Math.Max(0, ranges.Count - RangesMost));
                _stacks[process] = command.Flags.HasFlag(MmapFlags.GrowsDown) ? ranges[^1] : _stacks[process];
                break;
            case KernelCommandKind.Mremap when command.Remap.HasFlag(MremapFlags.Fixed):
                ranges.Add(new(command.Target.Value, command.Target.Value + command.NewLength.Value));
                ranges.RemoveRange(0, Math.Max(0, ranges.Count - RangesMost));
                break;
            case KernelCommandKind.Fork when command.Other.Value < _ranges.Length:
                if (_ranges[command.Other.Value] is null)
                {
                    _ranges[command.Other.Value] = [.. ranges];
                    _stacks[command.Other.Value] = _stacks[process];
                    Alive.Add(command.Other.Value);
                }

                break;
            case KernelCommandKind.Store when !command.FromLast:
                (LastStored, LastStorer) = (command.Address, process);
                break;
            case KernelCommandKind.Pin when Pinned[command.Pin.Value] == 0:
                Pinned[command.Pin.Value] = command.Length.Value;
                break;
            case KernelCommandKind.Unpin:
                Pinned[command.Pin.Value] = 0;
                break;
            case KernelCommandKind.Exit:
                _ranges[process] = null;
                Alive.Remove(process);
                break;
            case KernelCommandKind.Brk when command.Address.Value is > 0 and <= AddressSpaceSpec.UserEnd:
                ulong end = AddressSpaceSpec.PageAlign(command.Address.Value);
                ranges.RemoveAll(range => range.Start == _heap);
                ranges.Add(new(_heap, Math.Max(end, _heap + 1)));
                break;
            case KernelCommandKind.Exec:
                ulong data = command.Target.Value;
                ranges.Clear();
                ranges.Add(new(command.Address.Value, command.Address.Value + command.Length.Value));
                ranges.Add(new(data, data + command.NewLength.Value + command.Value + 1));
                break;
            case KernelCommandKind.Truncate when command.File.Value < _lengths.Length
                && command.Offset <= KernelStart.FileLengthMax:
                _lengths[command.File.Value] = command.Offset;
                break;
        }
    }

    // What cannot be mapped is of no use to what follows.
    private static bool IsLikely(in KernelCommand command) => !command.FromLast
        && command.Address.Value != 0 && command.Address.Value % 0x1000 == 0
        && command.Length.Value is > 0 and < KernelStart.FileLengthMax
        && (command.Flags & (MmapFlags.Shared | MmapFlags.Private)) is MmapFlags.Shared or MmapFlags.Private;
}
