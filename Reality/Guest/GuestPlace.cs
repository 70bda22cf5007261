namespace PageProof.Reality.Guest;

/// <summary>The places of the guest program that its host has to know.</summary>
internal enum GuestPlace
{
    Start,
    Load,
    LoadEnd,
    Store,
    StoreEnd,
    StackLoad,
    StackLoadEnd,
    StackStore,
    StackStoreEnd,
    Jump,
    ProbeStore,
    ProbeFetch,
    Home,
    UndoStore,
    Advance,

    /// <summary>Ends the run.</summary>
    Finish,

    /// <summary>Leaves this paging mode for that of the next boot block.</summary>
    Leave,
    LeaveInPlace,

    /// <summary>Holds the linear address of the first record.</summary>
    First,

    /// <summary>Holds the physical address of the next boot block.</summary>
    NextBootBlock,
    BootPointer,

    /// <summary>The number of places.</summary>
    Count,
}
