using Microsoft.Z3;
using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Solving;

/// <summary>The terms of a goal as Z3 has them, and its values as we have them.</summary>
internal sealed class Z3Terms(Context context, Goal goal)
{
    private readonly IReadOnlyList<Term> _terms = TermOrder.Below(goal.Assertions);
    private readonly Dictionary<Term, Expr> _expressions = [];
    private readonly BitVecSort _quadword = context.MkBitVecSort(64);

    public bool HaveMemory => _terms.Any(term => term.Sort.IsMemory);

    public void AssertIn(Solver solver)
    {
        foreach (var term in _terms)
        {
            _expressions.Add(term, Translate(term));
        }

        foreach (var assertion in goal.Assertions)
        {
            solver.Assert(Truth(assertion));
        }
    }

    /// <summary>What the model gives to every variable of the goal.</summary>
    public IReadOnlyDictionary<Term, Value> Values(Model? model)
    {
        if (model is null)
        {
            throw new SolverException("Z3 found the goal satisfiable and gave no model.");
        }

        return _terms.Where(term => term.Kind == TermKind.Variable).ToDictionary(
            variable => variable,
            variable => variable.Sort.IsMemory
                ? Value.Of(MemoryOf(model, Memory(variable)))
                : Value.Of(WordOf(model, _expressions[variable])));
    }

    private Expr Translate(Term term)
    {
        var arguments = term.Arguments;
        return term.Kind switch
        {
            TermKind.Constant when term.Sort.IsBool => term.IsTrue ? context.MkTrue() : context.MkFalse(),
            TermKind.Constant => context.MkBV(term.Value, (uint)term.Width),
            TermKind.Variable => TranslateVariable(term),
            TermKind.Not => context.MkNot(Truth(arguments[0])),
            TermKind.And => context.MkAnd([.. arguments.Select(Truth)]),
            TermKind.Or => context.MkOr([.. arguments.Select(Truth)]),
            TermKind.Ite => context.MkITE(
                Truth(arguments[0]), _expressions[arguments[1]], _expressions[arguments[2]]),
            TermKind.Equal => context.MkEq(_expressions[arguments[0]], _expressions[arguments[1]]),
            TermKind.Ult => context.MkBVULT(Word(arguments[0]), Word(arguments[1])),
            TermKind.Slt => context.MkBVSLT(Word(arguments[0]), Word(arguments[1])),
            TermKind.Select => context.MkSelect(Memory(arguments[0]), Word(arguments[1])),
            TermKind.Store => context.MkStore(Memory(arguments[0]), Word(arguments[1]), Word(arguments[2])),
            TermKind.ConstantMemory => context.MkConstArray(_quadword, Word(arguments[0])),
            _ when arguments.Count == 1 => TranslateOne(term, Word(arguments[0])),
            _ => TranslateTwo(term, Word(arguments[0]), Word(arguments[1])),
        };
    }

    private Expr TranslateVariable(Term variable) =>
        variable.Sort.IsBool ? context.MkBoolConst(variable.Name!)
        : variable.Sort.IsMemory ? context.MkArrayConst(variable.Name!, _quadword, _quadword)
        : context.MkBVConst(variable.Name!, (uint)variable.Width);

    private BitVecExpr TranslateOne(Term term, BitVecExpr argument) => term.Kind switch
    {
        TermKind.BvNot => context.MkBVNot(argument),
        TermKind.BvNeg => context.MkBVNeg(argument),
        TermKind.Extract => context.MkExtract((uint)term.High, (uint)term.Low, argument),
        TermKind.ZeroExtend => context.MkZeroExt((uint)(term.Width - term.Arguments[0].Width), argument),
        TermKind.SignExtend => context.MkSignExt((uint)(term.Width - term.Arguments[0].Width), argument),
        _ => throw new ArgumentOutOfRangeException(nameof(term), term.Kind, "Has not one argument."),
    };

    private BitVecExpr TranslateTwo(Term term, BitVecExpr one, BitVecExpr other) => term.Kind switch
    {
        TermKind.BvAnd => context.MkBVAND(one, other),
        TermKind.BvOr => context.MkBVOR(one, other),
        TermKind.BvXor => context.MkBVXOR(one, other),
        TermKind.BvAdd => context.MkBVAdd(one, other),
        TermKind.BvSub => context.MkBVSub(one, other),
        TermKind.BvMul => context.MkBVMul(one, other),
        TermKind.BvUdiv => context.MkBVUDiv(one, other),
        TermKind.BvUrem => context.MkBVURem(one, other),
        TermKind.BvSdiv => context.MkBVSDiv(one, other),
        TermKind.BvSrem => context.MkBVSRem(one, other),
        TermKind.BvShl => context.MkBVSHL(one, other),
        TermKind.BvLshr => context.MkBVLSHR(one, other),
        TermKind.BvAshr => context.MkBVASHR(one, other),
        TermKind.Concat => context.MkConcat(one, other),
        _ => throw new ArgumentOutOfRangeException(nameof(term), term.Kind, "Has not two arguments."),
    };

    private BoolExpr Truth(Term term) => (BoolExpr)_expressions[term];

    private BitVecExpr Word(Term term) => (BitVecExpr)_expressions[term];

    private ArrayExpr Memory(Term term) => (ArrayExpr)_expressions[term];

    private static ulong WordOf(Model model, Expr expression) => model.Eval(expression, true) switch
    {
        BitVecNum word => word.UInt64,
        BoolExpr truth when truth.IsTrue => 1,
        BoolExpr truth when truth.IsFalse => 0,
        var other => throw new SolverException($"Z3 gave a model with a value that is no constant: {other}."),
    };

    private MemoryValue MemoryOf(Model model, ArrayExpr array)
    {
        var stores = new Stack<(ulong Address, ulong Word)>();
        var value = model.Eval(array, true);
        while (value.IsApp && value.IsStore)
        {
            var arguments = value.Args;
            stores.Push((WordOf(model, arguments[1]), WordOf(model, arguments[2])));
            value = arguments[0];
        }

        if (!value.IsApp || !value.IsConstantArray)
        {
            return MemoryAtAddresses(model, array);
        }

        MemoryValue memory = new(WordOf(model, value.Args[0]));
        foreach (var (address, word) in stores)
        {
            memory = memory.With(address, word);
        }

        return memory;
    }

    /// <summary>
    /// A memory that Z3 describes by a function: read where the goal reads and writes. It is told from
    /// another elsewhere only by a goal that compares memories, and the check of the model would notice.
    /// </summary>
    private MemoryValue MemoryAtAddresses(Model model, ArrayExpr array)
    {
        var addresses = _terms.Where(term => term.Kind is TermKind.Select or TermKind.Store)
            .Select(term => WordOf(model, Word(term.Arguments[1]))).Distinct();
        return new(0, addresses.ToDictionary(
            address => address, address => WordOf(model, context.MkSelect(array, context.MkBV(address, 64)))));
    }
}
