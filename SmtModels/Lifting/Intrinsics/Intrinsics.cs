using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Lifting;

/// <summary>What is done instead of running a method; null from one that returns nothing.</summary>
internal delegate MachineValue? Intrinsic(IntrinsicCall call);

/// <summary>A call of a method that is not run.</summary>
internal sealed record IntrinsicCall(
    Executor Executor, MachineState State, CallSite Site, IReadOnlyList<MachineValue> Arguments)
{
    public TermPool Pool => Executor.Pool;

    public LiftContext Context => Executor.Context;

    /// <summary>The argument of that number as an integer.</summary>
    public Term Word(int index) => Arguments[index] is ScalarValue scalar
        ? scalar.Term
        : throw new LiftingException("it passes something that is no integer");

    /// <summary>An argument as an element of a row: in the width that it has there.</summary>
    public MachineValue Element(int index, ClrType type) => Context.Stored(Arguments[index], type);

    /// <summary>An argument that counts elements, in 64 bits.</summary>
    public Term Count(int index) => Pool.SignExtend(Word(index), 64);

    public MachineValue Read(MachineValue pointer) => Executor.Read(State, pointer);

    public void Write(MachineValue pointer, MachineValue value) => Executor.Write(State, pointer, value);

    /// <summary>A truth as the method returns it.</summary>
    public ScalarValue Truth(Term truth) => new(Pool.Ite(truth, Pool.BitVec(1, 8), Pool.BitVec(0, 8)));

    public ScalarValue Truth(bool truth) => Truth(Pool.Bool(truth));

    /// <summary>An integer in the width of what the method returns.</summary>
    public ScalarValue Word(Term term) => new(term.Width > Site.Return.Width
        ? Pool.Extract(Site.Return.Width - 1, 0, term)
        : Pool.ZeroExtend(term, Site.Return.Width));
}

/// <summary>
/// The methods of the framework that are not run as they are compiled: what the processor or the runtime
/// does by itself, and what is plainer said in terms.
/// </summary>
internal static class Intrinsics
{
    private const string Processors = "System.Runtime.Intrinsics.";

    private static readonly Dictionary<string, Intrinsic> ByName = new(
        [
            .. BitIntrinsics.All,
            .. PointerIntrinsics.All,
            .. SpanIntrinsics.All,
            .. AtomicIntrinsics.All,
            .. RuntimeIntrinsics.All,
        ],
        StringComparer.Ordinal);

    /// <summary>What is done for a call; null if the method is run.</summary>
    public static Intrinsic? Find(CallSite site)
    {
        if (ByName.TryGetValue(site.Key, out var intrinsic))
        {
            return intrinsic;
        }

        var type = site.Declaring.DefinitionName;
        if (!type.StartsWith(Processors, StringComparison.Ordinal))
        {
            return null;
        }

        // Instructions of one kind of processor have a fallback, which is taken. Vectors have none that
        // could be run, and so are taken to be there.
        return VectorIntrinsics.Find(type[Processors.Length..], site.Name)
            ?? (site.Name == "get_IsSupported" ? call => call.Truth(false) : null);
    }
}
