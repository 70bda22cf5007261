using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;
using PageProof.Contract;
using PageProof.Reality.Guest;

namespace PageProof.Reality.Linux;

/// <summary>
/// Code as a program that can be started: a static ELF file of less than a page, in a file without a name,
/// so that nothing is left behind. Source: System V ABI, ELF-64 object file format.
/// </summary>
internal sealed class StubImage : IDisposable
{
    private const int HeaderLength = 64;
    private const int SegmentLength = 56;
    private const int Segments = 3;
    private const int CodeOffset = HeaderLength + Segments * SegmentLength;
    private const int Loaded = 1;
    private const uint Stack = 0x6474_e551; // PT_GNU_STACK
    private const int ReadExecute = 5;
    private const int ReadWrite = 6;
    private const uint CloseOnExec = 1;

    private readonly SafeFileHandle _file;

    /// <summary>A program of code that runs at <see cref="CodeAddress"/>, and begins with its first byte.</summary>
    public StubImage(byte[] code)
    {
        byte[] bytes = Write(code);
        using var draft = Libc.CreateMemoryFile("pageproof-stub", CloseOnExec);
        if (draft.IsInvalid)
        {
            throw new UserError($"No memory for a program: {Libc.LastError}.");
        }

        RandomAccess.Write(draft, bytes, 0);

        // A file that anyone can write to is not run.
        _file = File.OpenHandle($"/proc/self/fd/{draft.DangerousGetHandle()}");
    }

    /// <summary>Where the code of every such program lies.</summary>
    public static ulong CodeAddress => StubLayout.Text + CodeOffset;

    /// <summary>The path by which it is started.</summary>
    public string Path => $"/proc/{Environment.ProcessId}/fd/{_file.DangerousGetHandle()}";

    public void Dispose() => _file.Dispose();

    private static byte[] Write(byte[] code)
    {
        byte[] file = new byte[CodeOffset + code.Length];
        Encoding.ASCII.GetBytes("\x7f" + "ELF\x2\x1\x1").CopyTo(file, 0);
        Put16(file, 16, 2); // an executable
        Put16(file, 18, 62); // x86-64
        Put32(file, 20, 1);
        Put64(file, 24, StubLayout.Text + CodeOffset);
        Put64(file, 32, HeaderLength);
        Put16(file, 52, HeaderLength);
        Put16(file, 54, SegmentLength);
        Put16(file, 56, Segments);
        var segments = file.AsSpan(HeaderLength);
        Segment(segments, Loaded, ReadExecute, StubLayout.Text, file.Length);
        Segment(
            segments[SegmentLength..], Loaded, ReadWrite, StubLayout.Heap - StubLayout.PageSize,
            (int)StubLayout.PageSize);
        Segment(segments[(2 * SegmentLength)..], Stack, ReadWrite, 0, 0);
        code.CopyTo(file, CodeOffset);
        return file;
    }

    private static void Segment(Span<byte> header, uint kind, int rights, ulong address, int length)
    {
        Put32(header, 0, kind);
        Put32(header, 4, (uint)rights);
        Put64(header, 16, address);
        Put64(header, 24, address);
        Put64(header, 32, (ulong)length);
        Put64(header, 40, (ulong)length);
        Put64(header, 48, StubLayout.PageSize);
    }

    private static void Put16(Span<byte> bytes, int offset, ushort value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[offset..], value);

    private static void Put32(Span<byte> bytes, int offset, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[offset..], value);

    private static void Put64(Span<byte> bytes, int offset, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[offset..], value);
}
