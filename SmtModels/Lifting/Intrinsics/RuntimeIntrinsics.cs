using Mono.Cecil;
using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Lifting;

/// <summary>What the runtime knows of types, and the initial content of arrays.</summary>
internal static class RuntimeIntrinsics
{
    private const string Runtime = "System.Runtime.CompilerServices.RuntimeHelpers::";
    private const string Types = "System.Type::";

    public static IReadOnlyList<KeyValuePair<string, Intrinsic>> All { get; } =
    [
        new("System.Collections.Generic.EqualityComparer`1::get_Default", _ => new OpaqueValue("a comparer")),
        new(Types + "GetTypeFromHandle", call => call.Arguments[0]),
        new(Types + "op_Equality", call => call.Truth(AreSame(call))),
        new(Types + "op_Inequality", call => call.Truth(!AreSame(call))),
        new(Types + "get_IsValueType", call =>
            call.Truth(((ClrType)Token(call, 0)).Definition is { IsValueType: true })),
        new(Runtime + "IsReferenceOrContainsReferences", call =>
            call.Truth(!IsWithoutReferences(call.Site.MethodArguments[0]))),
        new(Runtime + "InitializeArray", InitializeArray),
        new(Runtime + "CreateSpan", CreateSpan),
        new("System.Array::get_Length", Length),
    ];

    private static object Token(IntrinsicCall call, int index) => call.Arguments[index] is TokenValue token
        ? token.Token
        : throw new LiftingException("it asks for the type of an object");

    private static bool AreSame(IntrinsicCall call) => ReferenceEquals(Token(call, 0), Token(call, 1));

    private static bool IsWithoutReferences(ClrType type) => type.Kind switch
    {
        ClrKind.Struct => type.Fields.All(field => IsWithoutReferences(field.Type)),
        ClrKind.InlineArray => IsWithoutReferences(type.Element!),
        _ => type.Kind == ClrKind.Integer,
    };

    private static MachineValue? InitializeArray(IntrinsicCall call)
    {
        var field = ((FieldReference)Token(call, 1)).Resolve();
        foreach (var (_, location) in call.Executor.Places(call.State, call.Arguments[0]))
        {
            var before = (SequenceValue)call.State.Heap[location.Root];
            int width = call.Context.WordIn(before.Elements[0]).Width;
            call.State.Heap[location.Root] = call.Context.Statics.RowOf(field, width);
        }

        return null;
    }

    private static StructValue CreateSpan(IntrinsicCall call)
    {
        var field = ((FieldReference)Token(call, 0)).Resolve();
        var element = call.Site.MethodArguments[0];
        var first = call.Context.Statics.ElementsOf(field, element);
        int count = field.InitialValue.Length / element.ByteSize;
        return SpanIntrinsics.Span(call.Site.Return, first, call.Pool.BitVec((ulong)count, 32));
    }

    private static ScalarValue Length(IntrinsicCall call)
    {
        Term length = call.Pool.BitVec(0, 32);
        foreach (var (guard, location) in call.Executor.Places(call.State, call.Arguments[0]))
        {
            int count = call.Executor.CountAt(call.State, location);
            length = call.Pool.Ite(guard, call.Pool.BitVec((ulong)count, 32), length);
        }

        return new(length);
    }
}
