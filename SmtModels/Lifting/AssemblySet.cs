using System.Reflection;
using System.Runtime.InteropServices;
using Mono.Cecil;
using PageProof.Contract;

namespace PageProof.SmtModels.Lifting;

/// <summary>
/// The assemblies whose methods are lifted. What they refer to is found among them, beside them, and in
/// the shared framework of this process. They are read, and never loaded or run.
/// </summary>
public sealed class AssemblySet : IDisposable
{
    private readonly Resolver _resolver = new();
    private readonly List<AssemblyDefinition> _given = [];
    private readonly Dictionary<string, MethodDefinition> _lifted = new(StringComparer.Ordinal);

    /// <exception cref="LiftingException">A file is no .NET assembly, or two methods have one name.</exception>
    public AssemblySet(params string[] paths)
    {
        foreach (var path in paths)
        {
            var assembly = _resolver.Read(path);
            _given.Add(assembly);
            FindLifted(assembly, path);
        }
    }

    /// <summary>The names of all methods that are marked with <see cref="LiftedAttribute"/>.</summary>
    public IEnumerable<string> LiftedNames => _lifted.Keys.Order(StringComparer.Ordinal);

    /// <summary>All methods of the first assembly.</summary>
    public IEnumerable<MethodDefinition> Methods =>
        _given[0].MainModule.GetTypes().SelectMany(type => type.Methods);

    /// <summary>The method of that name.</summary>
    /// <exception cref="LiftingException">There is none.</exception>
    public MethodDefinition Lifted(string name) => _lifted.TryGetValue(name, out var method)
        ? method
        : throw new LiftingException(
            $"No method in {string.Join(", ", _given.Select(assembly => assembly.MainModule.Name))}"
            + $" is marked [Lifted(\"{name}\")].");

    /// <summary>A method of this process, as it stands in the file of the same assembly.</summary>
    /// <exception cref="LiftingException">Its assembly is not among those given.</exception>
    public MethodDefinition Find(MethodBase method)
    {
        var name = method.Module.Assembly.GetName().Name;
        var assembly = _given.FirstOrDefault(given => given.Name.Name == name);
        return assembly?.MainModule.LookupToken(method.MetadataToken) as MethodDefinition
            ?? throw new LiftingException($"The assembly of {method.Name} was not given.");
    }

    public void Dispose() => _resolver.Dispose();

    private void FindLifted(AssemblyDefinition assembly, string path)
    {
        try
        {
            if (!SignatureCounts.AreWithinBlobs(path))
            {
                throw new LiftingException($"{path} is a damaged .NET assembly.");
            }

            FindLifted(assembly);
        }
        catch (Exception failure) when (failure is not (OutOfMemoryException or LiftingException))
        {
            throw new LiftingException($"{path} is a damaged .NET assembly.", failure);
        }
    }

    private void FindLifted(AssemblyDefinition assembly)
    {
        var methods = assembly.MainModule.GetTypes().SelectMany(type => type.Methods)
            .Where(method => method.HasCustomAttributes);
        foreach (var method in methods)
        {
            foreach (var attribute in method.CustomAttributes)
            {
                if (attribute.AttributeType.FullName == typeof(LiftedAttribute).FullName
                    && !_lifted.TryAdd((string)attribute.ConstructorArguments[0].Value, method))
                {
                    throw new LiftingException(
                        $"Two methods are marked [Lifted(\"{attribute.ConstructorArguments[0].Value}\")].");
                }
            }
        }
    }

    private sealed class Resolver : IAssemblyResolver
    {
        private readonly Dictionary<string, AssemblyDefinition> _byName = new(StringComparer.Ordinal);
        private readonly List<string> _folders = [];

        public AssemblyDefinition Read(string path)
        {
            try
            {
                var assembly = AssemblyDefinition.ReadAssembly(
                    path, new() { AssemblyResolver = this, InMemory = true, ReadingMode = ReadingMode.Deferred });
                _byName.TryAdd(assembly.Name.Name, assembly);
                _folders.Add(Path.GetDirectoryName(Path.GetFullPath(path))!);
                return assembly;
            }
            catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
            {
                throw new LiftingException($"There is no file {path}.", failure);
            }
            catch (UnauthorizedAccessException failure)
            {
                throw new LiftingException($"{path} may not be read.", failure);
            }
            catch (Exception failure) when (failure is not (OutOfMemoryException or LiftingException))
            {
                // Of a damaged file the reader may complain in any way.
                throw new LiftingException($"{path} is no .NET assembly.", failure);
            }
        }

        public AssemblyDefinition Resolve(AssemblyNameReference name)
        {
            if (_byName.TryGetValue(name.Name, out var assembly))
            {
                return assembly;
            }

            var folders = _folders.Append(RuntimeEnvironment.GetRuntimeDirectory()).Distinct().ToList();
            var path = folders.Select(folder => Path.Combine(folder, name.Name + ".dll")).FirstOrDefault(File.Exists)
                ?? throw new LiftingException($"The assembly {name.Name} is not to be found.");
            return Read(path);
        }

        public AssemblyDefinition Resolve(AssemblyNameReference name, ReaderParameters parameters) => Resolve(name);

        public void Dispose()
        {
            foreach (var assembly in _byName.Values)
            {
                assembly.Dispose();
            }
        }
    }
}
