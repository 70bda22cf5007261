using Mono.Cecil;
using PageProof.Contract;

namespace PageProof.Mutation.Loading;

/// <summary>
/// Finds out before anything is loaded whether every type and member of Contract that an assembly
/// names exists in the Contract that is running. Without it an assembly built against another
/// Contract would fail in the middle of a run, when the first missing member is reached.
/// </summary>
internal static class ContractReferences
{
    /// <summary>Throws a sentence that names the first reference that does not resolve.</summary>
    public static void Check(string path, byte[] image)
    {
        string contractPath = typeof(ISystem).Assembly.Location;
        using var contract = AssemblyDefinition.ReadAssembly(contractPath);
        using var resolver = new ContractResolver(contract);
        using var assembly = Read(path, image, resolver);
        string name = contract.Name.Name;
        try
        {
            foreach (var module in assembly.Modules)
            {
                string? missing = module.GetTypeReferences()
                        .Where(type => IsOf(type, name) && type.Resolve() is null)
                        .Select(type => type.FullName)
                    .Concat(module.GetMemberReferences()
                        .Where(member => IsOf(member.DeclaringType?.GetElementType(), name))
                        .Where(member => member.Resolve() is null)
                        .Select(member => member.FullName))
                    .FirstOrDefault();
                if (missing is not null)
                {
                    throw new UserError(
                        $"{path} was built against another Contract: this one has no {missing}.");
                }
            }
        }
        catch (Exception error) when (error is not UserError)
        {
            throw Damaged(path);
        }
    }

    private static AssemblyDefinition Read(string path, byte[] image, IAssemblyResolver resolver)
    {
        try
        {
            return AssemblyDefinition.ReadAssembly(
                new MemoryStream(image), new ReaderParameters { AssemblyResolver = resolver });
        }
        catch (Exception)
        {
            // The reader meets whatever bytes the file has, and says so in many ways.
            throw Damaged(path);
        }
    }

    private static bool IsOf(TypeReference? type, string assembly)
    {
        while (type?.DeclaringType is { } outer)
        {
            type = outer;
        }

        return type?.Scope?.Name == assembly;
    }

    private static UserError Damaged(string path) =>
        new($"{path} is not a .NET assembly, or it is damaged.");

    private sealed class ContractResolver(AssemblyDefinition contract) : IAssemblyResolver
    {
        public AssemblyDefinition? Resolve(AssemblyNameReference name) =>
            name.Name == contract.Name.Name ? contract : null;

        public AssemblyDefinition? Resolve(AssemblyNameReference name, ReaderParameters parameters) =>
            Resolve(name);

        public void Dispose()
        {
        }
    }
}
