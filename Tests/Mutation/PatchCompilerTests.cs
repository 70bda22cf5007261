using PageProof.Contract;
using PageProof.Mutation.Loading;
using PageProof.Mutation.Patches;

namespace PageProof.Tests.Mutation;

/// <summary>A patched copy is compiled once, kept, and enters through the same door as the original.</summary>
public sealed class PatchCompilerTests(SampleSystem sample) : IClassFixture<SampleSystem>
{
    private static readonly Patch Renaming = Patch.Parse("rename.patch", """
        Name: another name
        Law: none
        Why: To see a patch arrive.
        Domain: sample

        --- a/Implementation/Plain.cs
        +++ b/Implementation/Plain.cs
        @@ -8,1 +8,1 @@
        -    public string Name => "sample";
        +    public string Name => "patched";
        """);

    [Fact]
    public void The_patched_system_differs_by_its_patch()
    {
        string path = sample.Compiler.Compile(Patched, Renaming.File);
        using var patched = SystemAssembly.Load(path);
        using var original = SystemAssembly.Load(sample.Assembly);
        Assert.Equal(("patched", "sample"), (patched.System.Name, original.System.Name));
    }

    [Fact]
    public void The_same_sources_are_compiled_once()
    {
        // A byte behind the image harms nothing and would be gone after another compilation.
        string path = sample.Compiler.Compile(Patched, Renaming.File);
        byte[] marked = [.. File.ReadAllBytes(path), 0];
        File.WriteAllBytes(path, marked);
        string again = new PatchCompiler("/", sample.Cache).Compile(Patched, Renaming.File);
        Assert.Equal((path, marked.Length), (again, File.ReadAllBytes(again).Length));
        Assert.NotEqual(path, sample.Assembly);
    }

    [Fact]
    public void A_damaged_entry_is_compiled_again()
    {
        string path = sample.Compiler.Compile(Patched, Renaming.File);
        File.WriteAllBytes(path, []);
        using var patched = SystemAssembly.Load(sample.Compiler.Compile(Patched, Renaming.File));
        Assert.Equal("patched", patched.System.Name);
    }

    [Fact]
    public void What_does_not_compile_names_the_patch_and_the_error()
    {
        var broken = SampleSystem.Sources with
        {
            Files = new Dictionary<string, string> { ["Implementation/A.cs"] = "class A { int F() => nonsense; }" },
        };
        var error = Assert.Throws<UserError>(() => sample.Compiler.Compile(broken, "broken.patch"));
        Assert.Contains("broken.patch does not compile: Implementation/A.cs(1,", error.Message);
        Assert.Contains("nonsense", error.Message);
        Assert.Empty(Directory.GetDirectories(Path.GetDirectoryName(sample.Assembly)!));
    }

    [Theory]
    [InlineData("Implementation")]
    [InlineData("Spec")]
    public void The_projects_themselves_compile_by_the_same_way(string project)
    {
        string root = ProjectSources.FindRoot();
        string path = new PatchCompiler(root, sample.Cache).CompileControl(project);
        Assert.True(new FileInfo(path).Length > 0);
        Assert.Equal("14", ProjectSources.Read(root, project).LanguageVersion);
    }

    [Fact]
    public void The_cache_stays_within_its_bound()
    {
        string folder = Directory.CreateTempSubdirectory("pageproof-cache-").FullName;
        try
        {
            for (int entry = 0; entry < 3; entry++)
            {
                using var file = File.Create(Path.Combine(folder, $"{entry}.dll"));
                file.SetLength(AssemblyCache.BytesMax / 2);
                file.Close();
                File.SetLastWriteTimeUtc(file.Name, DateTime.UtcNow.AddDays(entry - 5));
            }

            Directory.CreateDirectory(Path.Combine(folder, "work-left"));
            Directory.SetLastWriteTimeUtc(Path.Combine(folder, "work-left"), DateTime.UtcNow.AddDays(-1));
            string made = new AssemblyCache(folder).Get("new", work =>
            {
                File.Copy(sample.Assembly, Path.Combine(work, "made.dll"));
                return Path.Combine(work, "made.dll");
            });
            Assert.Equal(
                ["1.dll", "2.dll", "new.dll"],
                Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Order());
            Assert.True(File.Exists(made));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ProjectSources Patched => SampleSystem.Sources with
    {
        Files = new Dictionary<string, string>(Renaming.ApplyTo(SampleSystem.Sources.Files)),
    };
}
