using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using PageProof.Implementation.Paging;

namespace PageProof.Tests.Mutation.Domain;

/// <summary>
/// Lets the runtime compile the methods of an assembly that is in memory only, without running any: a
/// method whose instructions make no sense is refused then.
/// </summary>
internal static class CompiledImage
{
    /// <summary>Loads every type, and compiles the methods of those that are chosen.</summary>
    public static void Compile(byte[] image, Func<Type, bool> chosen)
    {
        AssemblyLoadContext context = new(null, isCollectible: true);
        try
        {
            var assembly = context.LoadFromStream(new MemoryStream(image));
            foreach (var type in assembly.GetTypes().Where(chosen))
            {
                foreach (var method in MethodsOf(type))
                {
                    Prepare(assembly, type, method);
                }
            }
        }
        finally
        {
            context.Unload();
        }
    }

    private static IEnumerable<MethodBase> MethodsOf(Type type)
    {
        const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static
            | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        return type.GetMethods(Own).Cast<MethodBase>().Concat(type.GetConstructors(Own))
            .Where(method => !method.IsAbstract && method.GetMethodBody() is not null);
    }

    // Type parameters stand for a depth and a memory: those of the assembly itself.
    private static void Prepare(Assembly assembly, Type type, MethodBase method)
    {
        List<RuntimeTypeHandle> arguments = [];
        foreach (var parameter in type.GetGenericArguments()
            .Concat(method.IsGenericMethodDefinition ? method.GetGenericArguments() : []))
        {
            string constraint = parameter.GetGenericParameterConstraints()
                .First(each => each.IsInterface).Name;
            arguments.Add((constraint == nameof(IDepth)
                ? assembly.GetType(typeof(FiveLevels).FullName!)!
                : assembly.GetType(typeof(FlatMemory).FullName!) ?? typeof(FlatMemory)).TypeHandle);
        }

        if (arguments.Count == 0)
        {
            RuntimeHelpers.PrepareMethod(method.MethodHandle);
        }
        else
        {
            RuntimeHelpers.PrepareMethod(method.MethodHandle, [.. arguments]);
        }
    }
}
