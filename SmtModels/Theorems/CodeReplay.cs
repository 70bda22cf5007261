using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Theorems;

/// <summary>
/// Makes the calls of a scene again with the words of a solver's model. A counterexample is confirmed
/// when each returns what the model says, or throws where the model says that it does.
/// </summary>
internal static class CodeReplay
{
    private const string Throws = "nothing: it throws";

    public static Counterexample Of(CodeScene scene, Evaluator model)
    {
        StringBuilder story = new();
        HashSet<string> told = [];
        string? contradiction = null;
        foreach (var (name, call) in scene.Calls)
        {
            var method = CompiledMethods.Find(scene.Subject, name);
            object?[] arguments = [.. method.GetParameters().Select(parameter =>
                ArgumentOf(parameter.ParameterType, call.Parameters[parameter.Name!], scene, model))];
            string shown = $"{name}({string.Join(", ", method.GetParameters().Zip(arguments, Shown))})";
            string promised = Holds(call, model) ? Words(call.Result!, model) : Throws;
            var (result, found) = Made(method, arguments);
            if (promised != found)
            {
                contradiction ??= $"{shown} gives '{found}', and the solver's model says '{promised}'";
            }

            string line = $"  {shown} = {result}";
            if (told.Add(line))
            {
                story.AppendLine(line);
            }
        }

        return new(story.ToString().TrimEnd(), contradiction, []);
    }

    private static bool Holds(LiftedCall call, Evaluator model) =>
        call.Obligations.All(obligation => model.EvaluateWord(obligation.Holds) != 0);

    private static string Words(LiftedValue value, Evaluator model) =>
        string.Join(' ', value.Leaves.Select(leaf => $"{model.EvaluateWord(leaf.Term):x}"));

    private static object? ArgumentOf(Type type, LiftedValue value, CodeScene scene, Evaluator model)
    {
        if (value.Scalar is { Sort.IsMemory: true } memory)
        {
            var words = model.Evaluate(memory).Memory;
            ulong size = model.EvaluateWord(scene.MemorySize.Term);
            return new WordStore(size, address => words[address]).Memory;
        }

        ReadOnlySpan<ulong> row = [.. value.Leaves.Select(leaf => model.EvaluateWord(leaf.Term))];
        return ClrValue.Of(type.IsByRef ? type.GetElementType()! : type).Make(ref row);
    }

    private static string Shown(ParameterInfo parameter, object? argument) =>
        argument is WordStore.View ? $"{parameter.Name}" : $"{parameter.Name}: {Shown(argument)}";

    private static string Shown(object? value) => value switch
    {
        null => "none",
        ulong number => $"0x{number:x}",
        _ when value.GetType() is { IsValueType: true, IsEnum: false } type && $"{value}".Contains(" { ") =>
            "{ " + string.Join(", ", Parts(value, type)) + " }",
        _ => $"{value}",
    };

    // Of a record those parts that are not zero.
    private static IEnumerable<string> Parts(object value, Type type) => type
        .GetProperties(BindingFlags.Instance | BindingFlags.Public)
        .Where(part => part.CanWrite)
        .Select(part => (part.Name, Value: part.GetValue(value)))
        .Where(part => part.Value is not null
            && !part.Value.Equals(RuntimeHelpers.GetUninitializedObject(part.Value.GetType())))
        .Select(part => $"{part.Name} = {Shown(part.Value)}");

    private static (string Shown, string Words) Made(MethodInfo method, object?[] arguments)
    {
        object? result;
        try
        {
            result = method.Invoke(null, arguments);
        }
        catch (TargetInvocationException)
        {
            return (Throws, Throws);
        }

        List<ulong> words = [];
        ClrValue.Of(method.ReturnType.IsByRef ? method.ReturnType.GetElementType()! : method.ReturnType)
            .AddTo(words, result);
        return (Shown(result), string.Join(' ', words.Select(word => $"{word:x}")));
    }
}
