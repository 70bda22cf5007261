using Mono.Cecil;
using Mono.Cecil.Cil;
using PageProof.SmtModels.Lifting;
using PageProof.Tests.SmtModels.Lifting.Samples;

namespace PageProof.Tests.SmtModels.Lifting;

/// <summary>Structures within structures: as deep as is sensible, and no deeper.</summary>
[InLane("lifting")]
public sealed class NestedTypeTests(NestedTypeTests.Nested nested) : IClassFixture<NestedTypeTests.Nested>
{
    private const int DepthMax = 64;

    [Fact]
    public void They_are_nested_as_deep_as_is_permitted() =>
        Assert.Single(nested.Made.Lift("permitted").Parameters["p0"].Leaves);

    [Theory]
    [InlineData("deeper")]
    [InlineData("itself")]
    public void What_is_nested_deeper_is_refused(string name)
    {
        var message = Assert.Throws<LiftingException>(() => nested.Made.Lift(name)).Message;
        Assert.EndsWith(" contains itself.", message, StringComparison.Ordinal);
    }

    private static Type Nest(int depth) =>
        depth == 0 ? typeof(int) : typeof(Nest<>).MakeGenericType(Nest(depth - 1));

    /// <summary>The methods, in one assembly.</summary>
    public sealed class Nested : IDisposable
    {
        internal HandMade Made { get; } = new(
        [
            new("permitted", typeof(int), [Nest(DepthMax)], il => il.Emit(OpCodes.Ldc_I4_0)),
            new("deeper", typeof(int), [Nest(DepthMax + 1)], il => il.Emit(OpCodes.Ldc_I4_0)),
            new("itself", typeof(int), [], AddLocalWithItself),
        ]);

        public void Dispose() => Made.Dispose();

        private static void AddLocalWithItself(ILProcessor il)
        {
            var module = il.Body.Method.Module;
            TypeDefinition type = new(
                "", "Itself",
                TypeAttributes.Public | TypeAttributes.Sealed | TypeAttributes.SequentialLayout,
                module.ImportReference(typeof(ValueType)));
            type.Fields.Add(new("field", FieldAttributes.Public, type));
            module.Types.Add(type);
            il.Body.InitLocals = true;
            il.Body.Variables.Add(new(type));
            il.Emit(OpCodes.Ldc_I4_0);
        }
    }
}
