using Mono.Cecil;
using Mono.Cecil.Cil;
using PageProof.Contract;
using PageProof.Implementation.Paging;
using PageProof.Mutation.Domain;
using PageProof.Tests.Cli;

namespace PageProof.Tests.Mutation.Domain;

/// <summary>A method that is no program is noticed, by the runtime and by the stack flow alike.</summary>
public sealed class CompiledImageTests
{
    private static readonly string Assembly = typeof(MutatorSamples).Assembly.Location;

    [Fact]
    public void The_runtime_refuses_a_method_that_takes_more_than_there_is() => Assert.Throws<InvalidProgramException>(
        () => CompiledImage.Compile(Broken(), type => type.Name == nameof(MutatorSamples)));

    [Fact]
    public void The_same_method_as_it_was_is_compiled()
    {
        using var mutations = DomainMutations.OfMethods(Assembly, typeof(MutatorSamples).FullName!, "Gathered");
        CompiledImage.Compile(mutations.MakeUnchanged(), type => type.Name == nameof(MutatorSamples));
    }

    [Fact]
    public void The_stack_flow_refuses_it_too()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("Broken.dll", Broken());
        var error = Assert.Throws<InvalidProgramException>(
            () => DomainMutations.OfMethods(path, typeof(MutatorSamples).FullName!, "Gathered"));
        Assert.Contains("takes more than there is", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_assembly_or_lacks_the_code_is_refused_in_one_sentence()
    {
        using TemporaryFolder folder = new();
        string noise = folder.Write("Noise.dll", [1, 2, 3]);
        Refused("is not a .NET assembly", () => DomainMutations.OfLifted(noise, "x"));
        Refused("cannot be read", () => DomainMutations.OfLifted("/nowhere/at/all.dll", "x"));
        Refused("marks no method as lifted under the name tea", () => DomainMutations.OfLifted(
            typeof(FlatMemory).Assembly.Location, "tea"));
        Refused("has no method", () => DomainMutations.OfMethods(Assembly, "No.Such", "Method"));
    }

    private static byte[] Broken()
    {
        using var module = ModuleDefinition.ReadModule(Assembly);
        var body = module.GetType(typeof(MutatorSamples).FullName).Methods
            .Single(method => method.Name == "Gathered").Body;
        body.GetILProcessor().Replace(
            body.Instructions.First(each => each.OpCode.Code == Code.And), Instruction.Create(OpCodes.Cpblk));
        using MemoryStream written = new();
        module.Write(written);
        return written.ToArray();
    }

    private static void Refused(string reason, Action action)
    {
        var error = Assert.Throws<UserError>(action);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
