using PageProof.Contract.Paging;
using PageProof.Contract.Swap;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation.Swap;

/// <summary>
/// Swap devices behind their door: simulated ones on one disk, or real files in a folder, the pages of processes, and
/// readers who bring a page back in two steps.
/// </summary>
public sealed class SwapMachine : ISwapDevices
{
    private readonly string? _folder;
    private readonly Reader[] _readers;
    private SimulatedDisk _disk = new(0);
    private ISwapDevice[] _all = [];
    private SwapSpace _space = new();
    private SwapDevices _devices = new([], new());
    private SwapMemory _memory = new(new(), 0, 0);

    /// <param name="folder">Where devices are made as real files; null for simulated ones.</param>
    public SwapMachine(string? folder = null)
    {
        _folder = folder;
        Capabilities = folder is null ? new() : new() { Fails = false, Partitions = false };
        _readers = [.. Enumerable.Range(0, Capabilities.Readers).Select(_ => new Reader())];
    }

    public SwapCapabilities Capabilities { get; }

    public int FramesFree => _memory.FramesFree;

    public void Reset(SwapStart start)
    {
        Dispose();
        _disk = new(_folder is null ? start.Devices.Sum(device => device.Pages) : 0);
        _all = new ISwapDevice[start.Devices.Length];
        int block = 0;
        for (int number = 0; number < _all.Length; number++)
        {
            var device = start.Devices[number];
            _all[number] = _folder is null
                ? new SimulatedDevice(_disk, device, block)
                : SwapFile.Make(Path.Combine(_folder, $"swap{number}"), device);
            block += device.Pages;
        }

        _space = new(start.ClusterShift, start.ReferencesMost, start.AreasMost);
        _devices = new(_all, _space);
        _memory = new(_space, Capabilities.Processes * Capabilities.Pages, start.Frames);
        foreach (var reader in _readers)
        {
            reader.IsBusy = false;
        }
    }

    public SwapAnswer Do(in SwapCommand command)
    {
        int page = PageOf(command.Page);
        switch (command.Kind)
        {
            case SwapCommandKind.MakeSwap:
                return _devices.Make(command);
            case SwapCommandKind.Poke:
                return _devices.Poke(command);
            case SwapCommandKind.SwapOn:
                return _devices.On(command);
            case SwapCommandKind.SwapOff:
                return _devices.Off(command, _memory);
            case SwapCommandKind.Store:
                return Ends(_memory.Store(page, command.Half, command.Value));
            case SwapCommandKind.Load:
                return Load(page);
            case SwapCommandKind.PageOut:
                var outcome = _memory.Out(page, out var place);
                return Ends(outcome) with { Place = place };
            case SwapCommandKind.BeginRead:
                return Ends(Begin(_readers[command.Reader], page));
            case SwapCommandKind.EndRead:
                return End(_readers[command.Reader]);
            case SwapCommandKind.Drop:
                return Ends(_memory.Drop(page) ? SwapOutcome.Done : SwapOutcome.Refused);
            case SwapCommandKind.Fork:
                return Ends(Fork(PageOf(new(command.Page.Process, 0)), PageOf(new(command.Child, 0))));
            case SwapCommandKind.ClearMarks:
                _memory.ClearMarks(PageOf(new(command.Page.Process, 0)), Capabilities.Pages);
                return Ends(SwapOutcome.Done);
            case SwapCommandKind.FailRead:
                _disk.ReadFailsIn = command.Value;
                return Ends(SwapOutcome.Done);
            default:
                _disk.WriteFailsIn = command.Value;
                return Ends(SwapOutcome.Done);
        }
    }

    public int ShowAreas(Span<SwapAreaView> areas)
    {
        int count = 0;
        for (byte number = 0; number < SwapSpace.AreasMost; number++)
        {
            if (_space.AreaOf(new(number)) is { } area)
            {
                DeviceNumber device = new((byte)_devices.DeviceOf(new(number)));
                areas[count++] = new(
                    new(number), device, area.Slots, area.Usable, area.Used, (short)area.Priority);
            }
        }

        return count;
    }

    public void ShowSlots(SwapAreaNumber area, Span<int> references)
    {
        var shown = _space.AreaOf(area)!;
        for (int slot = 0; slot < shown.Slots; slot++)
        {
            references[slot] = shown.ReferencesOf(slot);
        }
    }

    public ProcessPageView ShowPage(ProcessPage page)
    {
        int number = PageOf(page);
        ulong leaf = _memory[number];
        var kind = AbsentLeaf.KindOf(leaf);
        if (kind != LeafKind.Present)
        {
            bool isMarked = kind == LeafKind.Swap && SwapLeaf.IsMarked(leaf);
            return new() { Kind = kind, Entry = new PagingEntry(leaf), IsMarked = isMarked };
        }

        var note = _memory.NoteOf(number);
        return new()
        {
            Kind = kind,
            Content = PagePattern.Read(_memory.BytesOf(number)),
            IsDirty = (leaf & EntryBits.Dirty) != 0,
            IsMarked = SwapLeaf.IsLeafMarked(leaf),
            Place = note.HasPlace ? note.Place : null,
        };
    }

    public void ShowHeader(DeviceNumber device, Span<byte> header) => _all[device.Value].ShowHeader(header);

    public void Dispose()
    {
        foreach (var device in _all)
        {
            (device as IDisposable)?.Dispose();
        }
    }

    private static SwapAnswer Ends(SwapOutcome outcome) => new() { Outcome = outcome };

    private int PageOf(ProcessPage page) => page.Process * Capabilities.Pages + page.Index;

    private SwapAnswer Load(int page)
    {
        if (_memory[page] == 0)
        {
            return Ends(SwapOutcome.Done) with { Content = PageContent.Zeros };
        }

        var outcome = _memory.Bring(page);
        return outcome == SwapOutcome.Done
            ? Ends(outcome) with { Content = PagePattern.Read(_memory.BytesOf(page)) } : Ends(outcome);
    }

    private SwapOutcome Begin(Reader reader, int page)
    {
        ulong leaf = _memory[page];
        if (AbsentLeaf.KindOf(leaf) != LeafKind.Swap)
        {
            return SwapOutcome.Refused;
        }

        var place = SwapMemory.PlaceOf(leaf);
        (reader.IsBusy, reader.Page, reader.Leaf) = (true, page, leaf);
        reader.Generation = _space.GenerationOf(place);
        reader.HasFailed = !_space.TryRead(place, reader.Bytes);
        return SwapOutcome.Done;
    }

    private SwapAnswer End(Reader reader)
    {
        if (!reader.IsBusy)
        {
            return Ends(SwapOutcome.Refused);
        }

        reader.IsBusy = false;
        if (_memory[reader.Page] != reader.Leaf
            || _space.GenerationOf(SwapMemory.PlaceOf(reader.Leaf)) != reader.Generation)
        {
            return Ends(SwapOutcome.Stale);
        }

        var outcome = _memory.FramesFree == 0 ? SwapOutcome.OutOfMemory
            : reader.HasFailed ? SwapOutcome.ReadError : _memory.Install(reader.Page, reader.Bytes);
        return outcome == SwapOutcome.Done ? Load(reader.Page) : Ends(outcome);
    }

    private SwapOutcome Fork(int parent, int child)
    {
        for (int page = child; page < child + Capabilities.Pages; page++)
        {
            if (_memory[page] != 0)
            {
                return SwapOutcome.Refused;
            }
        }

        return _memory.TryFork(parent, child, Capabilities.Pages) ? SwapOutcome.Done : SwapOutcome.OutOfMemory;
    }

    private sealed class Reader
    {
        public readonly byte[] Bytes = new byte[SimulatedDisk.BlockBytes];
        public bool IsBusy;
        public int Page;
        public ulong Leaf;
        public uint Generation;
        public bool HasFailed;
    }
}
