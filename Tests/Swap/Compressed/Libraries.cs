using PageProof.Implementation.Swap.Compressed;

namespace PageProof.Tests.Swap.Compressed;

/// <summary>Skips a test where the system has not what it needs, and says what that is.</summary>
internal static class Libraries
{
    public static void MustBeThere() => Assert.SkipUnless(
        Lz4Library.IsInstalled(Lz4Library.Name) && ZstdLibrary.IsInstalled(ZstdLibrary.Name),
        $"{Lz4Library.Name} and {ZstdLibrary.Name} are not both installed");
}
