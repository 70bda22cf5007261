using System.Xml.Linq;
using PageProof.Contract;

namespace PageProof.Tests.House;

/// <summary>The walls of the house: who may see whom.</summary>
public sealed class WallTests
{
    public static TheoryData<string, string> Walls => new()
    {
        { "Contract", "" },
        { "Spec", "Contract" },
        { "Implementation", "Contract" },
        { "Reality", "Contract" },
        { "Properties", "Contract Spec" },
        { "SmtModels", "Contract" },
        { "Mutation", "Contract" },
        { "Cli", "Contract Implementation Mutation Properties Reality SmtModels Spec" },
        { "Benchmarks", "Contract Implementation Reality" },
    };

    [Theory]
    [MemberData(nameof(Walls))]
    public void A_project_sees_these_and_no_others(string project, string sees)
    {
        var document = XDocument.Parse(Repository.Read($"{project}/{project}.csproj"));
        var references = document.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!))
            .Order(StringComparer.Ordinal);
        Assert.Equal(sees, string.Join(' ', references));
    }

    /// <summary>A template becomes a project elsewhere, where there is no such place.</summary>
    [Fact]
    public void Versions_stand_in_one_place() =>
        Assert.All(Repository.Files.Where(IsProjectOfTheHouse), file =>
            Assert.DoesNotContain(
                XDocument.Parse(Repository.Read(file)).Descendants("PackageReference"),
                reference => reference.Attribute("Version") is not null));

    /// <summary>
    /// Contract holds words: what it can do is make, print, read and look up. A method that decided
    /// about an entry, a right or a fault would make one mind of the two sides.
    /// </summary>
    [Fact]
    public void Contract_decides_nothing()
    {
        string[] allowed =
        [
            "Add", "Background", "CaseText.Print", "CaseText.TryParse", "Clear", "CompressedText.Of",
            "CompressedText.Print", "CompressedText.TryParse", "FrameText.Of", "FrameText.Print",
            "FrameText.TryParse", "GeneralProtection", "IndexOf",
            "KernelText.Of", "KernelText.Print", "KernelText.TryParse", "KptiText.Of", "KptiText.Print",
            "KptiText.TryParse", "LayoutText.Of", "LayoutText.Print", "LayoutText.TryParse", "OutsideMemory",
            "PageFault", "PageTableText.Of", "PageTableText.Print",
            "PageTableText.TryParse", "PagingText.Of", "Point", "Read", "RemoveAt", "ReplacementText.Of",
            "ReplacementText.Print", "ReplacementText.TryParse", "Set", "ShootdownText.Of",
            "ShootdownText.Print", "ShootdownText.TryParse", "SoftwareTlbKernelText.Of",
            "SoftwareTlbKernelText.Print", "SoftwareTlbKernelText.TryParse", "SoftwareTlbText.Of",
            "SoftwareTlbText.Print", "SoftwareTlbText.TryParse", "StackFault", "SwapText.Of", "SwapText.Print",
            "SwapText.TryParse", "TlbText.Of", "TlbText.Print",
            "TlbText.TryParse", "Translated",
        ];
        const System.Reflection.BindingFlags Declared = System.Reflection.BindingFlags.Public
            | System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.Instance
            | System.Reflection.BindingFlags.DeclaredOnly;
        string[] ofRecords = ["ToString", "Equals", "GetHashCode", "Deconstruct", "PrintMembers", "<Clone>$"];
        var methods = typeof(ISystem).Assembly.GetExportedTypes()
            .Where(type => !type.IsInterface && !typeof(Delegate).IsAssignableFrom(type))
            .SelectMany(type => type.GetMethods(Declared)
                .Where(method => !method.IsSpecialName && !ofRecords.Contains(method.Name))
                .Select(method => $"{type.Name}.{method.Name}"))
            .Where(name => !allowed.Contains(name) && !allowed.Contains(name.Split('.')[1]))
            .ToList();
        Assert.Empty(methods);
    }

    private static bool IsProjectOfTheHouse(string file) => file.EndsWith(".csproj", StringComparison.Ordinal)
        && !file.StartsWith("Templates/OwnSystem/", StringComparison.Ordinal);
}
