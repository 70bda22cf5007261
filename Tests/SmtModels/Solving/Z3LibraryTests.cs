using System.Reflection;
using System.Runtime.Loader;
using PageProof.SmtModels.Solving;

namespace PageProof.Tests.SmtModels.Solving;

/// <summary>
/// A Z3 library that is missing or is another library gives one sentence. The assembly is loaded once
/// more for each, so that it looks for its library anew, under another name.
/// </summary>
public sealed class Z3LibraryTests
{
    [Fact]
    public void A_missing_library_is_told() =>
        Assert.Equal(
            "The Z3 library is not installed (Debian and Ubuntu: apt-get install libz3-4).",
            Sentence("libz3-that-is-nowhere.so"));

    [Fact]
    public void A_file_that_is_no_library_is_told() =>
        Assert.StartsWith("The Z3 library of this machine is not for its processor", Sentence(TextFile()));

    [Fact]
    public void A_library_without_the_functions_is_told()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The library is one of Linux.");
        Assert.StartsWith("The Z3 library of this machine is too old", Sentence("libc.so.6"));
    }

    private static string TextFile() => Path.ChangeExtension(typeof(Z3LibraryTests).Assembly.Location, ".deps.json");

    private static string Sentence(string library)
    {
        AssemblyLoadContext apart = new("with another library", isCollectible: true);
        try
        {
            var assembly = apart.LoadFromAssemblyPath(typeof(Z3Solver).Assembly.Location);
            var native = assembly.GetType("Microsoft.Z3.Native");
            Assert.SkipWhen(native is null, "Z3 is that of the package.");
            var names = native!.GetField("Names", BindingFlags.NonPublic | BindingFlags.Static)!;
            Array.Fill((string[])names.GetValue(null)!, library);
            dynamic solver = Activator.CreateInstance(assembly.GetType(typeof(Z3Solver).FullName!)!)!;
            var thrown = Assert.ThrowsAny<Exception>(() => (string)solver.Name);
            Assert.Equal(nameof(SolverException), thrown.GetType().Name);
            return thrown.Message;
        }
        finally
        {
            apart.Unload();
        }
    }
}
