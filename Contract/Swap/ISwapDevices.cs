namespace PageProof.Contract.Swap;

/// <summary>
/// The door of swap devices: devices that become swap areas, processes whose pages go there and come back, and
/// reads and writes that can fail. It chooses the slots.
/// </summary>
public interface ISwapDevices : IDisposable
{
    /// <summary>What this system can be asked.</summary>
    SwapCapabilities Capabilities { get; }

    /// <summary>How many frames hold no page.</summary>
    int FramesFree { get; }

    /// <summary>Begins anew: no areas, no pages, and devices full of zeros.</summary>
    void Reset(SwapStart start);

    /// <summary>Carries a command out.</summary>
    SwapAnswer Do(in SwapCommand command);

    /// <summary>The areas that are on, by their numbers; how many there are.</summary>
    int ShowAreas(Span<SwapAreaView> areas);

    /// <summary>How many refer to each slot of an area; -1 for those that cannot be used.</summary>
    void ShowSlots(SwapAreaNumber area, Span<int> references);

    /// <summary>What is known of a page of a process.</summary>
    ProcessPageView ShowPage(ProcessPage page);

    /// <summary>The first page of a device, as it is there.</summary>
    void ShowHeader(DeviceNumber device, Span<byte> header);
}
