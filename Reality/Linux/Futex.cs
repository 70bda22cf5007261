using System.Runtime.InteropServices;

namespace PageProof.Reality.Linux;

/// <summary>Sleeping and waking on a word that processes share.</summary>
internal static partial class Futex
{
    private const nint Number = (nint)SystemCall.Futex;
    private const nint WaitOperation = 0;
    private const nint WakeOperation = 1;

    /// <summary>Sleeps while the word is still what it was expected to be, at most so long.</summary>
    public static unsafe void Wait(int* word, int expected, TimeSpan limit)
    {
        var time = stackalloc long[2];
        time[0] = (long)limit.TotalSeconds;
        time[1] = limit.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick;
        _ = Call(Number, (nint)word, WaitOperation, expected, (nint)time, 0, 0);
    }

    /// <summary>Wakes who sleeps on the word.</summary>
    public static unsafe void Wake(int* word) => _ = Call(Number, (nint)word, WakeOperation, 1, 0, 0, 0);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Call(
        nint number, nint first, nint second, nint third, nint fourth, nint fifth, nint sixth);
}
