namespace PageProof.Contract.PageCache;

/// <summary>The number of a file among those of a sequence, from 0.</summary>
public readonly record struct FileNumber(byte Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"file {Value}";
}

/// <summary>How a file is open. All processes have it open in the same way.</summary>
[Flags]
public enum FileRights : byte
{
    /// <summary>Not open at all: its descriptor is bad.</summary>
    None = 0,
    /// <summary>To be read.</summary>
    Read = 1,
    /// <summary>To be written.</summary>
    Write = 2,
}

/// <summary>A file with which a sequence begins. All its bytes are zero, and in no process is it mapped.</summary>
/// <param name="Length">How many bytes it has.</param>
/// <param name="Rights">How it is open.</param>
public readonly record struct KernelFile(ByteCount Length, FileRights Rights);
