namespace PageProof.Contract.Hardening;

/// <summary>
/// The classes of steps that a run of the laws of page-table isolation has to reach: command by kind of
/// answer, and the situations in which something stale could be met.
/// </summary>
public enum KptiClass : byte
{
    /// <summary>An address space is made.</summary>
    Created,
    /// <summary>Create: it is there already.</summary>
    CreateRefused,
    /// <summary>An address space is given up.</summary>
    Destroyed,
    /// <summary>Destroy: there is none, or a CPU uses it.</summary>
    DestroyRefused,
    /// <summary>An address space is taken on, and what is cached of it is kept.</summary>
    ScheduledKept,
    /// <summary>An address space is taken on, and a PCID is flushed for it.</summary>
    ScheduledFlushed,
    /// <summary>An address space is taken on by a CPU that knows more of them than it has ASIDs.</summary>
    ScheduledRecycled,
    /// <summary>Schedule: there is no such process, or user mode asks.</summary>
    ScheduleRefused,
    /// <summary>The kernel's own address space is taken on.</summary>
    Idled,
    /// <summary>The kernel is entered.</summary>
    Entered,
    /// <summary>Enter: the CPU is in the kernel.</summary>
    EnterRefused,
    /// <summary>User mode is entered, and what is cached of it is kept.</summary>
    ExitedKept,
    /// <summary>User mode is entered with a flush that was owed.</summary>
    ExitedFlushed,
    /// <summary>Exit: there is no process.</summary>
    ExitRefused,
    /// <summary>Pages of a process are mapped.</summary>
    Mapped,
    /// <summary>Map: refused.</summary>
    MapRefused,
    /// <summary>Pages of a process are unmapped.</summary>
    Unmapped,
    /// <summary>More pages are unmapped than are flushed one by one.</summary>
    UnmappedMany,
    /// <summary>Unmap: refused.</summary>
    UnmapRefused,
    /// <summary>Rights of pages are changed.</summary>
    Protected,
    /// <summary>Protect: refused.</summary>
    ProtectRefused,
    /// <summary>Pages of a process are edited that another CPU runs in user mode.</summary>
    EditedElsewhere,
    /// <summary>Pages of the kernel are mapped.</summary>
    MappedKernel,
    /// <summary>Map-kernel: refused.</summary>
    MapKernelRefused,
    /// <summary>Pages of the kernel are unmapped.</summary>
    UnmappedKernel,
    /// <summary>Unmap-kernel: refused.</summary>
    UnmapKernelRefused,

    /// <summary>User mode reaches a page of its own.</summary>
    UserOwnPage,
    /// <summary>User mode faults, by its rights, on a page of the entry set.</summary>
    UserEntryPage,
    /// <summary>User mode faults on a page that only the kernel has.</summary>
    UserKernelPage,
    /// <summary>User mode faults where nothing is.</summary>
    UserAbsent,
    /// <summary>Supervisor mode reaches the entry set under the user's table, as the first instructions do.</summary>
    EntryUnderUserTable,
    /// <summary>Supervisor mode under the user's table faults on a page that only the kernel's has.</summary>
    KernelPageUnderUserTable,
    /// <summary>The kernel reaches a page of its own.</summary>
    KernelOwnPage,
    /// <summary>The kernel reaches a page of the process.</summary>
    KernelUserPage,
    /// <summary>A fetch of a page of the process faults under the kernel's table, which the user's permits.</summary>
    PoisonedFetch,
    /// <summary>The kernel faults where nothing is.</summary>
    KernelAbsent,
}
