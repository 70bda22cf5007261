using System.Reflection;
using System.Runtime.Loader;
using PageProof.Contract;

namespace PageProof.Mutation.Loading;

/// <summary>
/// Where one loaded system lives: Contract comes from the host, other assemblies from the folder of
/// the system if they lie there, and the rest is the framework.
/// </summary>
internal sealed class SystemLoadContext(string path) : AssemblyLoadContext(path, isCollectible: true)
{
    private static readonly Assembly Contract = typeof(ISystem).Assembly;

    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(path))!;

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name == Contract.GetName().Name)
        {
            return Contract;
        }

        string file = Path.Combine(_folder, assemblyName.Name + ".dll");
        return string.IsNullOrEmpty(assemblyName.CultureName) && File.Exists(file)
            ? LoadFromStream(new MemoryStream(File.ReadAllBytes(file)))
            : null;
    }

    /// <inheritdoc/>
    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName)
    {
        string[] names = [unmanagedDllName, unmanagedDllName + ".so", $"lib{unmanagedDllName}.so"];
        string? file = names.Select(name => Path.Combine(_folder, name)).FirstOrDefault(File.Exists);
        return file is null ? IntPtr.Zero : LoadUnmanagedDllFromPath(file);
    }
}
