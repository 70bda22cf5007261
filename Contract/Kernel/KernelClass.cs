using System.Collections.Immutable;

namespace PageProof.Contract.Kernel;

/// <summary>What makes one step of a kind differ from another that is answered alike.</summary>
public enum KernelCircumstance : byte
{
    /// <summary>Nothing does.</summary>
    None,
    /// <summary>Nothing changes, or nothing is there.</summary>
    Nothing,
    /// <summary>Memory that is private and anonymous.</summary>
    PrivateAnonymous,
    /// <summary>Memory that is shared and anonymous.</summary>
    SharedAnonymous,
    /// <summary>A file that is mapped privately.</summary>
    PrivateFile,
    /// <summary>A file that is mapped shared.</summary>
    SharedFile,
    /// <summary>The system chooses the place.</summary>
    Chosen,
    /// <summary>Areas were in the place, and are replaced.</summary>
    Replaced,
    /// <summary>An area is cut in two.</summary>
    Split,
    /// <summary>Areas become equal to neighbours.</summary>
    Merged,
    /// <summary>The bytes lie in two pages.</summary>
    AcrossPages,
    /// <summary>A page that no access had touched.</summary>
    FirstTouch,
    /// <summary>The page of zeros was mapped there.</summary>
    AfterZeroPage,
    /// <summary>A private page that a fork had made common.</summary>
    AfterFork,
    /// <summary>A page of a file, of which a private copy is made.</summary>
    CopyOfFile,
    /// <summary>Private pages are given up.</summary>
    Dropped,
    /// <summary>The parent is itself a child.</summary>
    Nested,
    /// <summary>The last process goes.</summary>
    Last,
    /// <summary>Fewer bytes than were asked for.</summary>
    Short,
    /// <summary>The file becomes longer.</summary>
    Longer,
    /// <summary>The file becomes shorter.</summary>
    Shorter,
    /// <summary>Pages that are mapped somewhere are cut off.</summary>
    CutMapped,
    /// <summary>Some of the range was changed before the call failed.</summary>
    Partly,
    /// <summary>The number is taken.</summary>
    Taken,
    /// <summary>Pages are touched for the process in advance.</summary>
    Populated,
    /// <summary>Something is locked that was not, or is locked no more.</summary>
    Locked,
    /// <summary>An area grows in its place.</summary>
    Grown,
    /// <summary>It goes elsewhere.</summary>
    Moved,
    /// <summary>The old place stays mapped, without its pages.</summary>
    LeftMapped,
    /// <summary>It is there in two places.</summary>
    Doubled,
    /// <summary>Memory that the process itself may not store to.</summary>
    NotWritable,
    /// <summary>It stays as it was, since what is asked for cannot be.</summary>
    Refused,
    /// <summary>It stays as it was, since something is in the way.</summary>
    Blocked,
    /// <summary>It is about the memory of another process.</summary>
    OfAnother,
    /// <summary>A stack lies above, which would come too near to what is below it.</summary>
    NearOther,
    /// <summary>A stack lies above, which would be too long.</summary>
    TooLong,
    /// <summary>A stack lies above, which would begin below all addresses that there can be.</summary>
    TooLow,
    /// <summary>The bytes are put behind others in the same buffer.</summary>
    Appended,
    /// <summary>A page is copied for a child, since a device has pinned its parent's, or stays where it is.</summary>
    Pinned,
    /// <summary>More pages are touched than there are frames, and yet the command must find some.</summary>
    Pressed,
}

/// <summary>
/// A class of steps that a run of the laws of kernels has to reach: command, kind of answer, and what
/// tells it from others.
/// </summary>
public readonly record struct KernelClass(
    KernelCommandKind Kind,
    KernelAnswerKind Answer,
    Errno Errno = Errno.None,
    MemorySignal Signal = MemorySignal.None,
    KernelCircumstance Circumstance = KernelCircumstance.None)
{
    /// <summary>All that have to be reached. A step can belong to several of them.</summary>
    public static ImmutableArray<KernelClass> All { get; } =
    [
        .. Done(KernelCommandKind.Mmap, KernelCircumstance.PrivateAnonymous, KernelCircumstance.SharedAnonymous,
            KernelCircumstance.PrivateFile, KernelCircumstance.SharedFile, KernelCircumstance.Chosen,
            KernelCircumstance.Replaced, KernelCircumstance.Merged),
        .. Failed(KernelCommandKind.Mmap, Errno.EINVAL, Errno.ENOMEM, Errno.EEXIST, Errno.EACCES, Errno.EBADF,
            Errno.EOVERFLOW),
        .. Done(KernelCommandKind.Munmap, KernelCircumstance.None, KernelCircumstance.Nothing,
            KernelCircumstance.Split),
        .. Failed(KernelCommandKind.Munmap, Errno.EINVAL),
        .. Done(KernelCommandKind.Mprotect, KernelCircumstance.None, KernelCircumstance.Nothing,
            KernelCircumstance.Split, KernelCircumstance.Merged),
        .. Failed(KernelCommandKind.Mprotect, Errno.EINVAL, Errno.ENOMEM, Errno.EACCES),
        new(KernelCommandKind.Mprotect, KernelAnswerKind.Failed, Errno.ENOMEM, Circumstance: KernelCircumstance.Partly),
        .. Done(KernelCommandKind.Madvise, KernelCircumstance.Nothing, KernelCircumstance.Dropped),
        .. Failed(KernelCommandKind.Madvise, Errno.EINVAL, Errno.ENOMEM),
        .. Done(KernelCommandKind.Load, KernelCircumstance.PrivateAnonymous, KernelCircumstance.SharedAnonymous,
            KernelCircumstance.PrivateFile, KernelCircumstance.SharedFile, KernelCircumstance.FirstTouch,
            KernelCircumstance.AcrossPages),
        .. Signals(KernelCommandKind.Load),
        .. Done(KernelCommandKind.Store, KernelCircumstance.PrivateAnonymous, KernelCircumstance.SharedAnonymous,
            KernelCircumstance.PrivateFile, KernelCircumstance.SharedFile, KernelCircumstance.FirstTouch,
            KernelCircumstance.AfterZeroPage, KernelCircumstance.AfterFork, KernelCircumstance.CopyOfFile,
            KernelCircumstance.AcrossPages),
        .. Signals(KernelCommandKind.Store),
        .. Done(KernelCommandKind.Checksum, KernelCircumstance.None, KernelCircumstance.Short,
            KernelCircumstance.Nothing),
        .. Done(KernelCommandKind.Fork, KernelCircumstance.None, KernelCircumstance.Nested),
        NotPossible(KernelCommandKind.Fork, KernelCircumstance.Taken),
        .. Done(KernelCommandKind.Exit, KernelCircumstance.None, KernelCircumstance.Last),
        .. Done(KernelCommandKind.FileRead, KernelCircumstance.None, KernelCircumstance.Short,
            KernelCircumstance.Nothing),
        .. Failed(KernelCommandKind.FileRead, Errno.EINVAL, Errno.EBADF),
        .. Done(KernelCommandKind.FileWrite, KernelCircumstance.None, KernelCircumstance.Longer,
            KernelCircumstance.Nothing),
        .. Failed(KernelCommandKind.FileWrite, Errno.EINVAL, Errno.EBADF, Errno.EFBIG),
        .. Done(KernelCommandKind.Truncate, KernelCircumstance.Nothing, KernelCircumstance.Longer,
            KernelCircumstance.Shorter, KernelCircumstance.CutMapped),
        .. Failed(KernelCommandKind.Truncate, Errno.EINVAL, Errno.EBADF, Errno.EFBIG),
        .. Done(KernelCommandKind.Maps, KernelCircumstance.None, KernelCircumstance.Nothing),
        .. Done(KernelCommandKind.Mmap, KernelCircumstance.Populated, KernelCircumstance.Locked),
        .. Done(KernelCommandKind.Load, KernelCircumstance.Grown),
        .. Done(KernelCommandKind.Store, KernelCircumstance.Grown),
        .. Done(KernelCommandKind.Mprotect, KernelCircumstance.Populated),
        .. Done(KernelCommandKind.Madvise, KernelCircumstance.Populated),
        .. Failed(KernelCommandKind.Madvise, Errno.EFAULT),
        .. Done(KernelCommandKind.Mremap, KernelCircumstance.Nothing, KernelCircumstance.Shorter,
            KernelCircumstance.Grown, KernelCircumstance.Moved, KernelCircumstance.Chosen,
            KernelCircumstance.Replaced, KernelCircumstance.LeftMapped, KernelCircumstance.Doubled,
            KernelCircumstance.Merged),
        .. Failed(KernelCommandKind.Mremap, Errno.EINVAL, Errno.EFAULT, Errno.ENOMEM),
        .. Done(KernelCommandKind.Mlock, KernelCircumstance.Nothing, KernelCircumstance.Locked,
            KernelCircumstance.Populated),
        .. Failed(KernelCommandKind.Mlock, Errno.EINVAL, Errno.ENOMEM),
        .. Done(KernelCommandKind.Munlock, KernelCircumstance.Nothing, KernelCircumstance.Locked),
        .. Failed(KernelCommandKind.Munlock, Errno.EINVAL, Errno.ENOMEM),
        .. Done(KernelCommandKind.Msync, KernelCircumstance.None),
        .. Failed(KernelCommandKind.Msync, Errno.EINVAL, Errno.ENOMEM, Errno.EBUSY),
        .. Done(KernelCommandKind.PunchHole, KernelCircumstance.None),
        .. Failed(KernelCommandKind.PunchHole, Errno.EINVAL, Errno.EBADF, Errno.EFBIG),
        .. Done(KernelCommandKind.Fsync, KernelCircumstance.None),
        .. Failed(KernelCommandKind.Fsync, Errno.EBADF),
        .. Done(KernelCommandKind.ForceWrite, KernelCircumstance.None, KernelCircumstance.NotWritable,
            KernelCircumstance.Short),
        .. Failed(KernelCommandKind.ForceWrite, Errno.EIO, Errno.EINVAL),
        .. Done(KernelCommandKind.Presence, KernelCircumstance.None, KernelCircumstance.Nothing),
        .. Done(KernelCommandKind.Brk, KernelCircumstance.Nothing, KernelCircumstance.Grown,
            KernelCircumstance.Shorter, KernelCircumstance.Merged, KernelCircumstance.Refused,
            KernelCircumstance.Blocked),
        .. Done(KernelCommandKind.MadviseOther, KernelCircumstance.OfAnother, KernelCircumstance.Nothing,
            KernelCircumstance.Dropped, KernelCircumstance.Populated),
        .. Failed(KernelCommandKind.MadviseOther, Errno.EINVAL, Errno.ENOMEM, Errno.EFAULT, Errno.ESRCH, Errno.EPERM),
        .. Done(KernelCommandKind.Exec, KernelCircumstance.None, KernelCircumstance.CopyOfFile),
        .. Failed(KernelCommandKind.Exec, Errno.EBADF, Errno.EACCES, Errno.EFAULT),
        .. from kind in (KernelCommandKind[])[KernelCommandKind.Load, KernelCommandKind.Store]
           from each in (KernelCircumstance[])[KernelCircumstance.NearOther, KernelCircumstance.TooLong,
               KernelCircumstance.TooLow]
           select new KernelClass(kind, KernelAnswerKind.Signal, Signal: MemorySignal.NoArea, Circumstance: each),
        .. Done(KernelCommandKind.PipeWrite, KernelCircumstance.None, KernelCircumstance.Appended,
            KernelCircumstance.Short, KernelCircumstance.Nothing),
        .. Failed(KernelCommandKind.PipeWrite, Errno.EAGAIN),
        .. Done(KernelCommandKind.PipeRead, KernelCircumstance.None, KernelCircumstance.Short,
            KernelCircumstance.Nothing, KernelCircumstance.SharedFile, KernelCircumstance.PrivateAnonymous),
        .. Failed(KernelCommandKind.PipeRead, Errno.EAGAIN),
        .. Done(KernelCommandKind.Splice, KernelCircumstance.None, KernelCircumstance.Short,
            KernelCircumstance.Nothing),
        .. Failed(KernelCommandKind.Splice, Errno.EAGAIN, Errno.EBADF, Errno.EINVAL),
        .. Done(KernelCommandKind.VmSplice, KernelCircumstance.PrivateAnonymous,
            KernelCircumstance.SharedAnonymous, KernelCircumstance.PrivateFile, KernelCircumstance.SharedFile,
            KernelCircumstance.AfterFork, KernelCircumstance.Short, KernelCircumstance.Nothing),
        .. Failed(KernelCommandKind.VmSplice, Errno.EAGAIN, Errno.EFAULT),
        .. Done(KernelCommandKind.ForceRaced, KernelCircumstance.None, KernelCircumstance.NotWritable),
        .. Failed(KernelCommandKind.ForceRaced, Errno.EIO),
        .. Done(KernelCommandKind.Fork, KernelCircumstance.Pinned),
        .. Done(KernelCommandKind.Pin, KernelCircumstance.PrivateAnonymous, KernelCircumstance.SharedAnonymous,
            KernelCircumstance.PrivateFile, KernelCircumstance.SharedFile, KernelCircumstance.AfterFork,
            KernelCircumstance.AfterZeroPage, KernelCircumstance.CopyOfFile),
        .. Failed(KernelCommandKind.Pin, Errno.EFAULT, Errno.EBUSY, Errno.EOVERFLOW),
        .. from kind in (KernelCommandKind[])[KernelCommandKind.Unpin, KernelCommandKind.PinLoad,
               KernelCommandKind.PinStore]
           from each in (KernelCircumstance[])[KernelCircumstance.PrivateAnonymous, KernelCircumstance.SharedFile,
               KernelCircumstance.Dropped]
           select new KernelClass(kind, KernelAnswerKind.Done, Circumstance: each),
        .. Failed(KernelCommandKind.Unpin, Errno.ENXIO),
        .. Failed(KernelCommandKind.PinLoad, Errno.EFAULT),
        .. Failed(KernelCommandKind.PinStore, Errno.EFAULT, Errno.EACCES),
        .. Done(KernelCommandKind.SwapOn, KernelCircumstance.None),
        .. Failed(KernelCommandKind.SwapOn, Errno.EBUSY),
        .. Done(KernelCommandKind.SwapOff, KernelCircumstance.None),
        .. Failed(KernelCommandKind.SwapOff, Errno.EINVAL, Errno.ENOMEM, Errno.EIO),
        .. Done(KernelCommandKind.Reclaim, KernelCircumstance.None),
        .. Done(KernelCommandKind.SwapFault, KernelCircumstance.None),
        .. Done(KernelCommandKind.Zswap, KernelCircumstance.None, KernelCircumstance.Nothing),
        .. Done(KernelCommandKind.Compact, KernelCircumstance.None, KernelCircumstance.Nothing,
            KernelCircumstance.PrivateAnonymous, KernelCircumstance.SharedAnonymous, KernelCircumstance.PrivateFile,
            KernelCircumstance.SharedFile, KernelCircumstance.AfterFork, KernelCircumstance.Locked,
            KernelCircumstance.Pinned),
        .. from kind in (KernelCommandKind[])[KernelCommandKind.Load, KernelCommandKind.Store,
               KernelCommandKind.Checksum, KernelCommandKind.Fork]
           select new KernelClass(kind, KernelAnswerKind.Done, Circumstance: KernelCircumstance.Pressed),
        .. from kind in Enum.GetValues<KernelCommandKind>() select NotPossible(kind, KernelCircumstance.None),
    ];

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', ((string[])[
        Kind.ToString(),
        Answer.ToString(),
        Errno == Errno.None ? "" : Errno.ToString(),
        Signal == MemorySignal.None ? "" : Signal.ToString(),
        Circumstance == KernelCircumstance.None ? "" : Circumstance.ToString(),
    ]).Where(word => word.Length > 0));

    private static IEnumerable<KernelClass> Done(
        KernelCommandKind kind, params IEnumerable<KernelCircumstance> circumstances) =>
        from each in circumstances select new KernelClass(kind, KernelAnswerKind.Done, Circumstance: each);

    private static IEnumerable<KernelClass> Failed(KernelCommandKind kind, params IEnumerable<Errno> errors) =>
        from each in errors select new KernelClass(kind, KernelAnswerKind.Failed, each);

    private static IEnumerable<KernelClass> Signals(KernelCommandKind kind) =>
        from each in (MemorySignal[])[MemorySignal.NoArea, MemorySignal.Forbidden, MemorySignal.BeyondFile]
        select new KernelClass(kind, KernelAnswerKind.Signal, Signal: each);

    private static KernelClass NotPossible(KernelCommandKind kind, KernelCircumstance circumstance) =>
        new(kind, KernelAnswerKind.NotPossible, Circumstance: circumstance);
}
