using System.Reflection;
using PageProof.Contract;

namespace PageProof.Mutation.Loading;

/// <summary>
/// A system that lives in an assembly of its own, a user's or a patched copy of ours, loaded beside
/// everything else and unloaded on disposal. It shares Contract with the host, so that its answers
/// are of the host's types. Whatever is wrong with the file is one sentence.
/// </summary>
public sealed class SystemAssembly : IDisposable
{
    // No assembly is anywhere near as large; a larger file is something else.
    private const long BytesMax = 256 << 20;

    private readonly SystemLoadContext _context;

    private SystemAssembly(SystemLoadContext context, ISystem system)
    {
        _context = context;
        System = system;
    }

    /// <summary>The system of the assembly.</summary>
    public ISystem System { get; }

    /// <summary>
    /// Loads the assembly at <paramref name="path"/>, which must have exactly one public class that
    /// implements <see cref="ISystem"/> and has a public constructor without parameters.
    /// </summary>
    /// <exception cref="UserError">It cannot be loaded; the message says why.</exception>
    public static SystemAssembly Load(string path)
    {
        byte[] image = ReadImage(path);
        ContractReferences.Check(path, image);
        var context = new SystemLoadContext(path);
        try
        {
            var assembly = context.LoadFromStream(new MemoryStream(image));
            return new(context, Create(path, SystemClass(path, assembly)));
        }
        catch (Exception error)
        {
            // Nothing here runs but the assembly and the loader, so every failure is the assembly's.
            context.Unload();
            throw new UserError(Sentence(path, error));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        System.Dispose();
        _context.Unload();
    }

    private static byte[] ReadImage(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                throw new UserError($"{path} is a folder and not an assembly.");
            }

            if (!File.Exists(path))
            {
                throw new UserError($"There is no assembly at {path}.");
            }

            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (file.Length > BytesMax)
            {
                throw new UserError($"{path} is not an assembly: it has {file.Length} bytes.");
            }

            byte[] image = new byte[file.Length];
            file.ReadExactly(image);
            return image;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"The assembly {path} cannot be read: {error.Message}");
        }
    }

    private static Type SystemClass(string path, Assembly assembly)
    {
        // An abstract class cannot be a system, but one that derives from it can.
        var candidates = assembly.GetExportedTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(ISystem)))
            .ToArray();
        return candidates switch
        {
            [] => throw new UserError($"{path} has no public class that implements {typeof(ISystem)}."),
            [{ ContainsGenericParameters: false } only] => only,
            [var only] => throw new UserError($"{only} of {path} is generic and cannot be made."),
            _ => throw new UserError(
                $"{path} has {candidates.Length} public classes that implement {typeof(ISystem)}, "
                + $"and exactly one is wanted: {string.Join(", ", candidates.Select(type => type.FullName))}."),
        };
    }

    private static ISystem Create(string path, Type type)
    {
        var constructor = type.GetConstructor(Type.EmptyTypes)
            ?? throw new UserError($"{type} of {path} has no public constructor without parameters.");
        return (ISystem)constructor.Invoke([]);
    }

    private static string Sentence(string path, Exception error) => error switch
    {
        UserError known => known.Message,
        TargetInvocationException { InnerException: { } thrown } =>
            $"The system of {path} cannot be made: {OneLine(thrown)}",
        ReflectionTypeLoadException { LoaderExceptions: [{ } first, ..] } => Sentence(path, first),
        BadImageFormatException => $"{path} is not a .NET assembly for this machine, or it is damaged.",
        FileNotFoundException { FileName: { } name } =>
            $"{path} needs the assembly {name.Split(',')[0]}, which is not beside it.",
        TypeLoadException or MissingMemberException or FileLoadException =>
            $"{path} does not fit this Contract or what lies beside it: {OneLine(error)}",
        _ => $"{path} cannot be loaded: {OneLine(error)}",
    };

    private static string OneLine(Exception error) =>
        $"{error.GetType().Name}: {error.Message.ReplaceLineEndings(" ").TrimEnd()}";
}
