using System.Runtime.CompilerServices;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;
using PageProof.Contract;

namespace PageProof.Mutation.Domain;

/// <summary>
/// The mutants of the lifted code of one assembly, made in its instructions: those that a mutation of
/// the sources leaves out, as it changes no constant. They always come in the same order, no two are
/// the same, and each is a program. Can be used from several threads at once.
/// </summary>
public sealed class DomainMutations : IDisposable
{
    private readonly string _path;
    private readonly byte[] _image;
    private readonly string[] _folders;

    // What one has read cannot be shared by threads.
    private readonly ThreadLocal<DefaultAssemblyResolver> _resolver;
    private readonly Func<ModuleDefinition, IReadOnlyList<MethodDefinition>> _select;

    private DomainMutations(string path, Func<ModuleDefinition, IReadOnlyList<MethodDefinition>> select)
    {
        (_path, _select) = (path, select);
        _image = ReadImage(path);
        string[] seen = [path, typeof(ISystem).Assembly.Location, typeof(object).Assembly.Location];
        _folders = [.. seen.Select(assembly => Path.GetDirectoryName(Path.GetFullPath(assembly))!)];
        _resolver = new(NewResolver, trackAllValues: true);

        using var module = ReadModule(withSymbols: true);
        Mutants = [.. MutantsOf(module)];
    }

    /// <summary>The mutants.</summary>
    public IReadOnlyList<DomainMutant> Mutants { get; }

    /// <summary>The names of all mutators, in the order of tables.</summary>
    public static IReadOnlyList<string> Mutators => [.. Mutator.All.Select(mutator => mutator.Name)];

    /// <summary>The mutants of the code that is lifted under these names, and of all it calls.</summary>
    /// <exception cref="UserError">The assembly cannot be read, or has no such code.</exception>
    public static DomainMutations OfLifted(string path, params string[] names) =>
        new(path, module => LiftedCode.MarkedAs(module, names));

    /// <summary>The mutants of the methods of one type that have one of these names, and of no others.</summary>
    /// <exception cref="UserError">The assembly cannot be read, or has no such method.</exception>
    public static DomainMutations OfMethods(string path, string type, params string[] names) => new(path, module =>
        module.GetType(type) is { } found
        && found.Methods.Where(method => method.HasBody && names.Contains(method.Name)).ToList() is [_, ..] methods
            ? methods
            : throw new UserError($"{path} has no method {type}.{string.Join(" or ", names)}."));

    /// <summary>
    /// The mutants of all that was written by hand in some types of a namespace, which are chosen by name.
    /// </summary>
    /// <exception cref="UserError">The assembly cannot be read, or has no such type.</exception>
    public static DomainMutations OfTypes(string path, string space, Func<string, bool> isMeant) => new(path, module =>
    {
        var methods = module.Types
            .Where(type => type.Namespace == space && isMeant(type.Name))
            .SelectMany(Written).ToList();
        return methods.Count > 0 ? methods : throw new UserError($"{path} has no such code in {space}.");
    });

    /// <summary>The assembly with the change of one mutant made.</summary>
    public byte[] Make(DomainMutant mutant) => Write(module => Apply(mutant, module));

    /// <summary>The method that a mutant changes, with its change, as a line for each instruction.</summary>
    public string CodeOf(DomainMutant mutant)
    {
        using var module = ReadModule(withSymbols: false);
        var method = Apply(mutant, module);
        return $"{method.FullName}\n{string.Join('\n', method.Body.Instructions)}";
    }

    /// <summary>The assembly with no change made, but read and written as the others: the control.</summary>
    public byte[] MakeUnchanged() => Write(module =>
    {
        foreach (var method in _select(module))
        {
            method.Body.SimplifyMacros();
            method.Body.OptimizeMacros();
        }
    });

    private MethodDefinition Apply(DomainMutant mutant, ModuleDefinition module)
    {
        var method = _select(module)[mutant.Place.Method];
        Sites sites = new(method.Body);
        Mutator.All[mutant.Place.Mutator].ChangesAt(sites[mutant.Place.Instruction])
            .ElementAt(mutant.Place.Change).Apply(method.Body);
        return method;
    }

    private byte[] Write(Action<ModuleDefinition> change)
    {
        using var module = ReadModule(withSymbols: false);
        change(module);
        using MemoryStream changed = new();
        module.Write(changed);
        return changed.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var resolver in _resolver.Values)
        {
            resolver.Dispose();
        }

        _resolver.Dispose();
    }

    private DefaultAssemblyResolver NewResolver()
    {
        DefaultAssemblyResolver resolver = new();
        Array.ForEach(_folders, resolver.AddSearchDirectory);
        return resolver;
    }

    // Without what the compiler adds, such as the comparison of records.
    private static IEnumerable<MethodDefinition> Written(TypeDefinition type) => IsGenerated(type) ? [] :
        type.Methods.Where(method => method.HasBody && !IsGenerated(method))
            .Concat(type.NestedTypes.SelectMany(Written));

    private static bool IsGenerated(ICustomAttributeProvider member) => member.CustomAttributes
        .Any(mark => mark.AttributeType.Name == nameof(CompilerGeneratedAttribute));

    private IEnumerable<DomainMutant> MutantsOf(ModuleDefinition module)
    {
        foreach (var (number, method) in _select(module).Index())
        {
            HashSet<string> made = [];
            Sites sites = new(method.Body);
            for (int index = 0; index < sites.Count; index++)
            {
                foreach (var (mutator, kind) in Mutator.All.Index())
                {
                    foreach (var (change, each) in kind.ChangesAt(sites[index]).Index())
                    {
                        if (made.Add(each.Key))
                        {
                            yield return Told(method, each, kind.Name, new(number, index, mutator, change));
                        }
                    }
                }
            }
        }
    }

    private static DomainMutant Told(MethodDefinition method, Change change, string mutator, ChangePlace place)
    {
        var line = method.DebugInformation.SequencePoints
            .LastOrDefault(point => point.Offset <= change.At.Offset && !point.IsHidden);
        string name = $"{method.DeclaringType.Name.Split('`')[0]}.{method.Name}";
        return new(mutator, name, change.At.Offset, change.Before, change.After,
            line is null ? "" : Path.GetFileName(line.Document.Url.Replace('\\', '/')), line?.StartLine ?? 0)
        {
            Place = place,
        };
    }

    private ModuleDefinition ReadModule(bool withSymbols)
    {
        string symbols = Path.ChangeExtension(_path, ".pdb");
        ReaderParameters parameters = new() { AssemblyResolver = _resolver.Value };
        if (withSymbols && File.Exists(symbols))
        {
            parameters.ReadSymbols = true;
            parameters.SymbolStream = new MemoryStream(File.ReadAllBytes(symbols));
            parameters.SymbolReaderProvider = new PortablePdbReaderProvider();
        }

        try
        {
            return ModuleDefinition.ReadModule(new MemoryStream(_image), parameters);
        }
        catch (Exception error) when (error is SymbolsNotMatchingException or SymbolsNotFoundException)
        {
            return ReadModule(withSymbols: false);
        }
        catch (Exception error) when (error is BadImageFormatException or EndOfStreamException
            or ArgumentException or IndexOutOfRangeException or InvalidOperationException)
        {
            throw new UserError($"{_path} is not a .NET assembly, or it is damaged.");
        }
    }

    private static byte[] ReadImage(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"The assembly {path} cannot be read: {error.Message}");
        }
    }

    /// <summary>The instructions of a method that any way leads to.</summary>
    private sealed class Sites
    {
        private readonly MethodBody _body;
        private readonly StackFlow _flow;
        private readonly ExpressionText _text;
        private readonly List<Instruction> _instructions;

        public Sites(MethodBody body)
        {
            body.SimplifyMacros();
            (_body, _flow) = (body, StackFlow.Of(body));
            _text = new(body, _flow);
            _instructions = [.. body.Instructions.Where(_flow.IsReached)];
        }

        public int Count => _instructions.Count;

        public Site this[int index] => new(_body, _flow, _text, _instructions[index]);
    }
}
