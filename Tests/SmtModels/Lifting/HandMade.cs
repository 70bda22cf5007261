using System.Reflection;
using Mono.Cecil;
using Mono.Cecil.Cil;
using PageProof.SmtModels.Lifting;
using PageProof.Tests.Cli;
using MethodAttributes = Mono.Cecil.MethodAttributes;
using ParameterAttributes = Mono.Cecil.ParameterAttributes;
using TypeAttributes = Mono.Cecil.TypeAttributes;

namespace PageProof.Tests.SmtModels.Lifting;

/// <summary>
/// Methods that are written instruction by instruction, since no compiler would, in an assembly of their
/// own: the lifter reads it from a file, and this process can run them.
/// </summary>
internal sealed class HandMade : IDisposable
{
    private const string Made = "Made";

    private readonly TemporaryFolder _folder = new();
    private readonly Type _type;

    /// <summary>Writes static methods, each but for its last instruction, which returns.</summary>
    public HandMade(IEnumerable<HandMadeMethod> methods)
    {
        using var assembly = AssemblyDefinition.CreateAssembly(new(Made, new(1, 0)), Made, ModuleKind.Dll);
        var module = assembly.MainModule;
        TypeDefinition type = new(
            "", Made, TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed,
            module.TypeSystem.Object);
        module.Types.Add(type);
        foreach (var method in methods)
        {
            AddTo(type, method);
        }

        using MemoryStream image = new();
        assembly.Write(image);
        Assemblies = new(_folder.Write($"{Made}.dll", image.ToArray()), typeof(HandMade).Assembly.Location);
        _type = Assembly.Load(image.ToArray()).GetType(Made)!;
    }

    public AssemblySet Assemblies { get; }

    public MethodInfo Method(string name) => _type.GetMethod(name)!;

    public LiftedCall Lift(string name) => new Lifter(new(), Assemblies).LiftMethod(Assemblies.Find(Method(name)));

    public void Dispose()
    {
        Assemblies.Dispose();
        _folder.Dispose();
    }

    private static void AddTo(TypeDefinition type, HandMadeMethod method)
    {
        var module = type.Module;
        MethodDefinition definition = new(
            method.Name, MethodAttributes.Public | MethodAttributes.Static, module.ImportReference(method.Result));
        foreach (var (index, parameter) in method.Parameters.Index())
        {
            definition.Parameters.Add(new($"p{index}", ParameterAttributes.None, module.ImportReference(parameter)));
        }

        type.Methods.Add(definition);
        var instructions = definition.Body.GetILProcessor();
        method.Write(instructions);
        instructions.Emit(OpCodes.Ret);
    }
}

/// <summary>A method to be written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Result">The type of what it returns.</param>
/// <param name="Parameters">The types of its parameters, which are p0, p1 and so on.</param>
/// <param name="Write">Writes its instructions, but for the last.</param>
internal sealed record HandMadeMethod(string Name, Type Result, Type[] Parameters, Action<ILProcessor> Write);

/// <summary>Instructions one after the other.</summary>
internal static class Writing
{
    public static ILProcessor Then(this ILProcessor il, OpCode code, object? operand = null)
    {
        var module = il.Body.Method.Module;
        il.Append(operand switch
        {
            null => il.Create(code),
            byte number => il.Create(code, number),
            int number => il.Create(code, number),
            long number => il.Create(code, number),
            string text => il.Create(code, text),
            Type type => il.Create(code, module.ImportReference(type)),
            FieldInfo field => il.Create(code, module.ImportReference(field)),
            MethodBase method => il.Create(code, module.ImportReference(method)),
            TypeReference type => il.Create(code, type),
            FieldReference field => il.Create(code, field),
            MethodReference method => il.Create(code, method),
            ParameterDefinition parameter => il.Create(code, parameter),
            VariableDefinition variable => il.Create(code, variable),
            Instruction target => il.Create(code, target),
            Instruction[] targets => il.Create(code, targets),
            _ => throw new ArgumentException($"No instruction has {operand} for an operand.", nameof(operand)),
        });
        return il;
    }

    /// <summary>The address of a parameter.</summary>
    public static ILProcessor ThenAddress(this ILProcessor il, int parameter) =>
        il.Then(OpCodes.Ldarga, il.Body.Method.Parameters[parameter]);

    /// <summary>A call of a method of a type, by its name and the number of its parameters.</summary>
    public static ILProcessor ThenCall(
        this ILProcessor il, Type type, string name, int parameters, params Type[] arguments)
    {
        var method = type.GetMethods().First(one => one.Name == name && one.GetParameters().Length == parameters
            && one.GetGenericArguments().Length == arguments.Length);
        return il.Then(OpCodes.Call, arguments.Length == 0 ? method : method.MakeGenericMethod(arguments));
    }
}
