using Microsoft.Z3;
using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Solving;

/// <summary>
/// Values of expressions under a model. Z3 leaves some that it could compute, as whether two memories are
/// the same: these are computed here.
/// </summary>
internal sealed class Z3Values(Context context, Model model)
{
    public Value Of(Expr expression) => Read(model.Eval(expression, true));

    /// <summary>A memory at some addresses, with zeros elsewhere.</summary>
    public MemoryValue At(ArrayExpr memory, IEnumerable<ulong> addresses) => new(0, addresses.ToDictionary(
        address => address, address => Of(context.MkSelect(memory, context.MkBV(address, 64))).Word));

    private static Value Read(Expr value) => value switch
    {
        BitVecNum word => Value.Of(word.UInt64),
        { IsApp: false } => throw Unreadable(value),
        { IsTrue: true } => Value.Of(true),
        { IsFalse: true } => Value.Of(false),
        { IsNot: true } => Value.Of(!Read(value.Args[0]).IsTrue),
        { IsAnd: true } => Value.Of(value.Args.All(argument => Read(argument).IsTrue)),
        { IsOr: true } => Value.Of(value.Args.Any(argument => Read(argument).IsTrue)),
        { IsEq: true } => Value.Of(Read(value.Args[0]) == Read(value.Args[1])),
        { IsITE: true } => Read(value.Args[Read(value.Args[0]).IsTrue ? 1 : 2]),
        { IsStore: true } => ReadStores(value),
        { IsConstantArray: true } => Value.Of(new MemoryValue(Read(value.Args[0]).Word)),
        _ => throw Unreadable(value),
    };

    private static Value ReadStores(Expr value)
    {
        var stores = new Stack<(ulong Address, ulong Word)>();
        while (value.IsApp && value.IsStore)
        {
            var arguments = value.Args;
            stores.Push((Read(arguments[1]).Word, Read(arguments[2]).Word));
            value = arguments[0];
        }

        return Value.Of(stores.Aggregate(
            Read(value).Memory, (memory, store) => memory.With(store.Address, store.Word)));
    }

    private static SolverException Unreadable(Expr value)
    {
        const int Shown = 100;
        string text = string.Join(' ', value.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return new($"Z3 gave a value that is no constant: {(text.Length > Shown ? text[..Shown] + "..." : text)}.");
    }
}
