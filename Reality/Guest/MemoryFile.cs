using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using PageProof.Contract;

namespace PageProof.Reality.Guest;

/// <summary>
/// Memory that has a path: a file without a name in any folder, mapped here and mapped again by
/// whoever opens <see cref="Path"/>. The kernel takes it back when the last process that has it
/// ends, however it ends, so nothing is ever left behind.
/// </summary>
internal sealed class MemoryFile : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly nint _address;

    public MemoryFile(string name, int length)
    {
        Length = length;
        _file = Libc.CreateMemoryFile(name, 1);
        if (_file.IsInvalid || Libc.SetLength(_file, length) != 0)
        {
            throw new UserError($"No memory for a guest: {Libc.LastError}.");
        }

        _address = Libc.Map(0, (nuint)length, Libc.ProtectReadWrite, Libc.MapShared, _file, 0);
        if (_address == Libc.MapFailed)
        {
            throw new UserError($"No memory for a guest: {Libc.LastError}.");
        }
    }

    public int Length { get; }

    public nint Address => _address;

    public string Path => $"/proc/{Environment.ProcessId}/fd/{_file.DangerousGetHandle()}";

    public unsafe Span<byte> Bytes => new((void*)_address, Length);

    public Span<ulong> Words => MemoryMarshal.Cast<byte, ulong>(Bytes);

    public void Dispose()
    {
        _ = Libc.Unmap(_address, (nuint)Length);
        _file.Dispose();
    }
}
