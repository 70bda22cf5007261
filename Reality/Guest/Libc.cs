using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PageProof.Reality.Guest;

/// <summary>
/// The few calls of the C library by which guests get memory and KVM is spoken to.
/// </summary>
internal static partial class Libc
{
    public const int ReadWrite = 2;
    public const int CloseOnExec = 0x80000;
    public const int Interrupted = 4;
    public const int ProtectReadWrite = 3;
    public const int MapShared = 1;
    public static readonly nint MapFailed = -1;

    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "memfd_create", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle CreateMemoryFile(string name, uint flags);

    [LibraryImport(Library, EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int SetLength(SafeFileHandle file, long length);

    [LibraryImport(Library, EntryPoint = "mmap", SetLastError = true)]
    public static partial nint Map(
        nint address, nuint length, int protection, int flags, SafeFileHandle file, long offset);

    [LibraryImport(Library, EntryPoint = "munmap", SetLastError = true)]
    public static partial int Unmap(nint address, nuint length);

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(SafeFileHandle file, nuint request, nint argument);

    [LibraryImport(Library, EntryPoint = "pthread_self")]
    public static partial nint ThisThread();

    [LibraryImport(Library, EntryPoint = "pthread_kill")]
    public static partial int SendSignal(nint thread, int signal);

    /// <summary>What the last call that failed said, in words.</summary>
    public static string LastError => Marshal.GetLastPInvokeErrorMessage();
}
