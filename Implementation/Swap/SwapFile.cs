using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using PageProof.Contract.Kernel;
using PageProof.Contract.Swap;

namespace PageProof.Implementation.Swap;

/// <summary>
/// A real file as a swap device: read and written page by page at their offsets, without a cache of its own. The file
/// system is asked where the first hole begins; one that cannot tell has none.
/// </summary>
public sealed class SwapFile : ISwapDevice, IDisposable
{
    private const int PageBytes = SimulatedDisk.BlockBytes;
    private const int SeekHole = 4;

    private readonly SafeFileHandle _file;

    private SwapFile(SafeFileHandle file)
    {
        _file = file;
        Slots = (int)Math.Min(RandomAccess.GetLength(file) / PageBytes, int.MaxValue);
    }

    public bool IsFile => true;

    public bool IsReadOnly => false;

    public int Slots { get; }

    public int FirstHole => OperatingSystem.IsLinux() && Seek(_file, 0, SeekHole) is >= 0 and var hole
        ? (int)Math.Min(hole / PageBytes, Slots) : Slots;

    /// <summary>A file of so many pages of zeros, all on the disk; none is left behind when there is no room.</summary>
    public static Errno Create(string path, int pages)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
            var zeros = new byte[PageBytes];
            for (int page = 0; page < pages; page++)
            {
                RandomAccess.Write(file, zeros, (long)page * PageBytes);
            }

            // Survivor: only who pulls the plug sees what is not on the disk yet.
            RandomAccess.FlushToDisk(file);
            return Errno.None;
        }
        catch (IOException failure)
        {
            if (ErrnoOf(failure) is not (Errno.EEXIST or Errno.ENOENT))
            {
                File.Delete(path);
            }

            return ErrnoOf(failure);
        }
        catch (UnauthorizedAccessException)
        {
            return Errno.EACCES;
        }
    }

    /// <summary>Opens a file to swap to it; the file must be there, and may be written.</summary>
    public static Errno Open(string path, out SwapFile? opened)
    {
        opened = null;
        try
        {
            opened = new(File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite));
            return Errno.None;
        }
        catch (IOException failure)
        {
            return ErrnoOf(failure);
        }
        catch (UnauthorizedAccessException)
        {
            return Errno.EACCES;
        }
    }

    /// <summary>A new file like a simulated device, with its hole.</summary>
    public static SwapFile Make(string path, in SwapDevice device)
    {
        File.Delete(path);
        using (var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write))
        {
            var zeros = new byte[PageBytes];
            for (int page = 0; page < device.Pages; page++)
            {
                if (page != device.Hole || page == 0)
                {
                    RandomAccess.Write(file, zeros, (long)page * PageBytes);
                }
            }

            RandomAccess.SetLength(file, (long)device.Pages * PageBytes);
        }

        return Open(path, out var opened) == Errno.None ? opened! : throw new IOException($"{path} cannot be opened.");
    }

    public bool TryRead(int slot, Span<byte> page)
    {
        try
        {
            return RandomAccess.Read(_file, page[..PageBytes], (long)slot * PageBytes) == PageBytes;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public bool TryWrite(int slot, ReadOnlySpan<byte> page)
    {
        try
        {
            RandomAccess.Write(_file, page[..PageBytes], (long)slot * PageBytes);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    // The file keeps its blocks: it must never have a hole while it is swapped to.
    public void Forget(int slot)
    {
    }

    public void ShowHeader(Span<byte> page) => TryRead(0, page);

    public void Poke(int offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(_file, bytes, offset);

    public void Dispose() => _file.Dispose();

    private static Errno ErrnoOf(IOException failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => Errno.ENOENT,
        _ => (Errno)(byte)(failure.HResult & 0xFF),
    };

    [DllImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static extern long Seek(SafeFileHandle file, long offset, int whence);
}
