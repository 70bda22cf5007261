using System.Runtime.InteropServices;

namespace PageProof.Implementation.Swap.Compressed;

/// <summary>What is called of the library of Zstandard, under the names that it has in zstd.h.</summary>
public static unsafe class ZstdFunctions
{
    /// <summary>The name under which the system has the library.</summary>
    public const string Library = "libzstd.so.1";

    [DllImport(Library)]
    public static extern nint ZSTD_createCCtx();

    [DllImport(Library)]
    public static extern nuint ZSTD_freeCCtx(nint context);

    [DllImport(Library)]
    public static extern nint ZSTD_createDCtx();

    [DllImport(Library)]
    public static extern nuint ZSTD_freeDCtx(nint context);

    [DllImport(Library)]
    public static extern nuint ZSTD_compressCCtx(
        nint context, byte* to, nuint room, byte* from, nuint length, int level);

    [DllImport(Library)]
    public static extern nuint ZSTD_decompressDCtx(nint context, byte* to, nuint room, byte* from, nuint length);

    [DllImport(Library)]
    public static extern nint ZSTD_createDStream();

    [DllImport(Library)]
    public static extern nuint ZSTD_freeDStream(nint context);

    [DllImport(Library)]
    public static extern nuint ZSTD_decompressStream(nint context, ref ZstdBuffer output, ref ZstdBuffer input);

    [DllImport(Library)]
    public static extern uint ZSTD_isError(nuint code);

    [DllImport(Library)]
    public static extern nint ZSTD_getErrorName(nuint code);
}

/// <summary>ZSTD_inBuffer and ZSTD_outBuffer, which look the same.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ZstdBuffer
{
    public nint Data;
    public nuint Size;
    public nuint Position;
}
