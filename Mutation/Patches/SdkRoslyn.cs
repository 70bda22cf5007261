using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;
using PageProof.Contract;

namespace PageProof.Mutation.Patches;

/// <summary>
/// Roslyn as an SDK brings it, loaded into this process and used by name, because no version of it is
/// referenced: it is the one that built the shipped assemblies. A compiler that stays loaded takes a
/// tenth of the time that a process of its own takes for each patch. Its parts are late-bound.
/// </summary>
internal sealed class SdkRoslyn
{
    private const string Common = "Microsoft.CodeAnalysis";
    private const string CSharp = "Microsoft.CodeAnalysis.CSharp";

    private readonly AssemblyLoadContext _context;
    private readonly ConcurrentDictionary<string, object> _references = [];
    private readonly Type _tree;
    private readonly Type _reference;
    private readonly MethodInfo _parse;
    private readonly MethodInfo _read;
    private readonly MethodInfo _create;
    private readonly dynamic _commandLine;

    /// <summary>Loads the compiler that lies in <paramref name="folder"/>.</summary>
    public SdkRoslyn(string folder)
    {
        _context = new LoadContext(folder);
        try
        {
            _tree = Type(Common, "SyntaxTree");
            _reference = Type(Common, "MetadataReference");
            _parse = Method(Type(CSharp, "CSharp.CSharpSyntaxTree"), "ParseText", typeof(string), 5);
            _read = Method(_reference, "CreateFromFile", typeof(string), 3);
            _create = Method(Type(CSharp, "CSharp.CSharpCompilation"), "Create", typeof(string), 4);
            _commandLine = Type(CSharp, "CSharp.CSharpCommandLineParser").GetProperty("Default")!
                .GetValue(null)!;
        }
        catch (Exception error) when (error is IOException or BadImageFormatException
            or TypeLoadException or MissingMemberException or NullReferenceException)
        {
            throw new UserError($"The C# compiler in {folder} is not one that can be used: {error.Message}");
        }
    }

    /// <summary>
    /// Compiles texts by path into <paramref name="output"/>, under options as on the command line.
    /// </summary>
    /// <returns>Null, or the first error.</returns>
    public string? Compile(
        string name, IEnumerable<string> options, IReadOnlyDictionary<string, string> files, Stream output)
    {
        // The parser wants the name of some source; the texts are handed over below.
        dynamic parsed = _commandLine.Parse(options.Append("none.cs").ToArray(), "/", null, null);
        foreach (object wrong in parsed.Errors)
        {
            return wrong.ToString();
        }

        var trees = ArrayOf(_tree, files.Select(file => _parse.Invoke(
            null, [file.Value, (object)parsed.ParseOptions, file.Key, null, CancellationToken.None])));
        List<object> references = [];
        foreach (dynamic each in parsed.MetadataReferences)
        {
            object properties = each.Properties;
            references.Add(_references.GetOrAdd(
                (string)each.Reference, path => _read.Invoke(null, [path, properties, null])!));
        }

        dynamic compilation = _create.Invoke(
            null, [name, trees, ArrayOf(_reference, references), (object)parsed.CompilationOptions])!;
        dynamic result = compilation.Emit(output);
        return result.Success ? null : FirstError(result.Diagnostics);
    }

    private static string FirstError(dynamic diagnostics)
    {
        foreach (dynamic each in diagnostics)
        {
            if (each.Severity.ToString() == "Error")
            {
                return each.ToString();
            }
        }

        return "the compiler failed without a word";
    }

    private Type Type(string assembly, string name) =>
        _context.LoadFromAssemblyName(new(assembly)).GetType($"{Common}.{name}", throwOnError: true)!;

    private static MethodInfo Method(Type type, string name, Type first, int count) => type.GetMethods()
        .FirstOrDefault(method => method.Name == name && method.GetParameters() is { } parameters
            && parameters.Length == count && parameters[0].ParameterType == first)
        ?? throw new MissingMethodException(type.FullName, name);

    private static Array ArrayOf(Type type, IEnumerable<object?> items)
    {
        object?[] all = [.. items];
        var array = Array.CreateInstance(type, all.Length);
        all.CopyTo(array, 0);
        return array;
    }

    // An older compiler may lie among the packages of the program, and must not come first.
    private sealed class LoadContext(string folder) : AssemblyLoadContext("the compiler of the SDK")
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            string path = Path.Combine(folder, assemblyName.Name + ".dll");
            return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
        }
    }
}
