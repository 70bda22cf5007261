using PageProof.Contract.Kernel;

namespace PageProof.Implementation.AddressSpaces;

/// <summary>How a call ends: with a value, or with an errno.</summary>
internal readonly record struct CallEnd(Errno Errno, ulong Value, ulong Length = 0)
{
    public static CallEnd Done(ulong value = 0, ulong length = 0) => new(Errno.None, value, length);

    public static CallEnd Failed(Errno errno) => new(errno, 0);
}
