using Mono.Cecil;
using Mono.Cecil.Cil;
using PageProof.Implementation.Paging;
using PageProof.SmtModels.Lifting;
using PageProof.Spec.Paging;
using PageProof.Tests.Cli;
using PageProof.Tests.SmtModels.Lifting.Samples;

namespace PageProof.Tests.SmtModels.Lifting;

/// <summary>What is found in assemblies and beside them, and what is said when it is not.</summary>
[InLane("lifting")]
public sealed class AssemblySetTests : IDisposable
{
    private static readonly string Spec = typeof(WalkSpec).Assembly.Location;
    private static readonly string Implementation = typeof(LiftedWalks).Assembly.Location;
    private static readonly string Tests = typeof(AssemblySetTests).Assembly.Location;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_name_that_no_method_has_is_told_with_the_files()
    {
        using AssemblySet assemblies = new(Spec, Implementation);
        Assert.Equal(
            "No method in PageProof.Spec.dll, PageProof.Implementation.dll is marked [Lifted(\"paging.absent\")].",
            Assert.Throws<LiftingException>(() => assemblies.Lifted("paging.absent")).Message);
    }

    [Fact]
    public void A_method_of_an_assembly_that_was_not_given_is_told()
    {
        using AssemblySet assemblies = new(Spec);
        var method = typeof(FlowSamples).GetMethod(nameof(FlowSamples.Chain))!;
        Assert.Equal(
            "The assembly of Chain was not given.",
            Assert.Throws<LiftingException>(() => assemblies.Find(method)).Message);
    }

    [Fact]
    public void Two_methods_of_one_name_are_refused() => Assert.Equal(
        "Two methods are marked [Lifted(\"sample.inner\")].", Refusal(Tests, Tests));

    [Fact]
    public void A_folder_may_not_be_read() => Assert.Equal(
        $"{_folder.Path} may not be read.", Refusal(_folder.Path));

    [Fact]
    public void A_file_in_a_folder_that_is_not_there_is_told()
    {
        string absent = Path.Combine(_folder.Path, "absent", "absent.dll");
        Assert.Equal($"There is no file {absent}.", Refusal(absent));
    }

    /// <summary>All is there but for the name in a mark.</summary>
    [Fact]
    public void An_assembly_with_a_damaged_mark_is_refused()
    {
        byte[] damaged = File.ReadAllBytes(Tests);
        int mark = damaged.AsSpan().IndexOf("sample.inner"u8);
        damaged[mark - 1] = 0xFF;
        string file = _folder.Write("Damaged.dll", damaged);
        Assert.Equal($"{file} is a damaged .NET assembly.", Refusal(file));
    }

    [Fact]
    public void What_was_read_stays_when_the_file_does_not()
    {
        string file = _folder.Write("Copy.dll", File.ReadAllBytes(Tests));
        using AssemblySet assemblies = new(file);
        File.WriteAllBytes(file, []);
        Assert.NotEmpty(Chain(assemblies).Body.Instructions);
    }

    [Fact]
    public void Nothing_is_read_after_the_end()
    {
        AssemblySet assemblies = new(Tests);
        var method = Chain(assemblies);
        assemblies.Dispose();
        Assert.ThrowsAny<Exception>(() => method.Body);
    }

    [Fact]
    public void An_assembly_that_is_nowhere_is_told() => Assert.Equal(
        "Caller.Method cannot be lifted: at IL_0000 (call System.Int32 Neighbour::Method()), "
            + "The assembly Neighbour is not to be found.",
        Assert.Throws<LiftingException>(() => LiftCaller("Neighbour")).Message);

    /// <summary>One beside the file comes before one of the same name in the framework.</summary>
    [Theory]
    [InlineData("Neighbour")]
    [InlineData("System.Text.Json")]
    public void What_is_called_is_found_beside_the_file(string neighbour)
    {
        Write(neighbour, il => il.Emit(OpCodes.Ldc_I4_7));
        Assert.Equal(7UL, LiftCaller(neighbour).Result!.Scalar!.Value);
    }

    private LiftedCall LiftCaller(string neighbour)
    {
        string file = Write("Caller", il =>
        {
            var module = il.Body.Method.Module;
            AssemblyNameReference scope = new(neighbour, new(1, 0));
            module.AssemblyReferences.Add(scope);
            il.Emit(OpCodes.Call, new MethodReference(
                "Method", module.TypeSystem.Int32, new TypeReference("", neighbour, module, scope)));
        });
        using AssemblySet assemblies = new(file);
        return new Lifter(new(), assemblies).Lift("Caller");
    }

    /// <summary>An assembly with one method, which is marked with the name of both.</summary>
    private string Write(string name, Action<ILProcessor> body)
    {
        using var assembly = AssemblyDefinition.CreateAssembly(new(name, new(1, 0)), name, ModuleKind.Dll);
        var module = assembly.MainModule;
        TypeDefinition type = new("", name, TypeAttributes.Public, module.TypeSystem.Object);
        MethodDefinition method = new(
            "Method", MethodAttributes.Public | MethodAttributes.Static, module.TypeSystem.Int32);
        var mark = typeof(Contract.LiftedAttribute).GetConstructor([typeof(string)]);
        method.CustomAttributes.Add(new(module.ImportReference(mark))
        {
            ConstructorArguments = { new(module.TypeSystem.String, name) },
        });
        module.Types.Add(type);
        type.Methods.Add(method);
        var instructions = method.Body.GetILProcessor();
        body(instructions);
        instructions.Emit(OpCodes.Ret);
        using MemoryStream image = new();
        assembly.Write(image);
        return _folder.Write($"{name}.dll", image.ToArray());
    }

    private static MethodDefinition Chain(AssemblySet assemblies) =>
        assemblies.Find(typeof(FlowSamples).GetMethod(nameof(FlowSamples.Chain))!);

    private static string Refusal(params string[] files) =>
        Assert.Throws<LiftingException>(() => new AssemblySet(files)).Message;
}
