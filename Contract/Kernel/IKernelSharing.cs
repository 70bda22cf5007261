using PageProof.Contract.Frames;

namespace PageProof.Contract.Kernel;

/// <summary>
/// A kernel that tells who comes to share which frame, and who gets a copy, as it happens. Who listens changes
/// nothing.
/// </summary>
public interface IKernelSharing
{
    /// <summary>Who is told; null for nobody.</summary>
    IObserveSharing? Observer { get; set; }

    /// <summary>The frame of zeros that nothing was ever written to.</summary>
    FrameNumber Zeros { get; }

    /// <summary>A number for what a frame holds now; of another content it is almost surely another.</summary>
    ulong ContentOf(FrameNumber frame);
}

/// <summary>Is told what happens to the frames of processes.</summary>
public interface IObserveSharing
{
    /// <summary>A sequence begins: nothing is mapped, and no frame is in use.</summary>
    void Begin();

    /// <summary>One thing after the other.</summary>
    void Observe(in SharingNote note);
}

/// <summary>What happens to a frame, or to an entry that leads to it.</summary>
public enum SharingNoteKind : byte
{
    /// <summary>It was given out for an anonymous page, and filled.</summary>
    Take,
    /// <summary>It has become the page of an object.</summary>
    Bring,
    /// <summary>It is the page of an object no more.</summary>
    LeaveCache,
    /// <summary>An entry has come to lead to it.</summary>
    Map,
    /// <summary>An entry has come to lead to it which a fork has copied.</summary>
    Fork,
    /// <summary>An entry that leads to it has, or has not, the right to be written.</summary>
    Rights,
    /// <summary>A store may use it as it is from now on, or a write by force.</summary>
    Reuse,
    /// <summary>An entry is being emptied, since its process got a copy of the page.</summary>
    Break,
    /// <summary>An entry was emptied.</summary>
    Unmap,
    /// <summary>An entry has gone to another place.</summary>
    Move,
    /// <summary>It was pinned.</summary>
    Pin,
    /// <summary>It was unpinned.</summary>
    Unpin,
    /// <summary>Something other than an entry refers to it.</summary>
    Hold,
    /// <summary>It refers to it no more.</summary>
    Release,
    /// <summary>It was written by force through an entry.</summary>
    Force,
    /// <summary>A device that has pinned it has written to it.</summary>
    DeviceWrite,
    /// <summary>A page has come to it from another frame, with all that refers to the page.</summary>
    Migrate,
}

/// <summary>One thing that has happened, flat. Members that do not belong to its kind are zero.</summary>
public readonly record struct SharingNote
{
    /// <summary>What has happened.</summary>
    public SharingNoteKind Kind { get; init; }

    /// <summary>The frame.</summary>
    public FrameNumber Frame { get; init; }

    /// <summary>Whose entry.</summary>
    public FramePlace Place { get; init; }

    /// <summary>Move: where it is now.</summary>
    public FramePlace To { get; init; }

    /// <summary>Take: the frame of which it is a copy. Migrate: the frame in which the page was.</summary>
    public FrameNumber Source { get; init; }

    /// <summary>Map, fork: the entry is of a shared area.</summary>
    public bool Shared { get; init; }

    /// <summary>Map, fork, rights, reuse: a store may go through the entry.</summary>
    public bool Writable { get; init; }

    /// <summary>Map, fork, reuse: the entry has D.</summary>
    public bool Dirty { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Frame} {Place}"
        + (Kind == SharingNoteKind.Move ? $" to {To}" : "")
        + (Kind is SharingNoteKind.Take or SharingNoteKind.Migrate ? $" from {Source}" : "")
        + (Shared ? " shared" : "") + (Writable ? " writable" : "") + (Dirty ? " dirty" : "");
}
