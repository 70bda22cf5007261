using Microsoft.Z3;
using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Solving;

/// <summary>The terms of a goal as Z3 has them.</summary>
internal sealed class Z3Terms(Context context, Goal goal)
{
    private readonly IReadOnlyList<Term> _terms = TermOrder.Below(goal.Assertions);
    private readonly Dictionary<Term, Expr> _expressions = [];
    private readonly BitVecSort _quadword = context.MkBitVecSort(64);

    /// <summary>The solver for the least logic. Memories that are the same everywhere have none.</summary>
    public Solver MkSolver() =>
        _terms.Any(term => term.Kind == TermKind.ConstantMemory) ? context.MkSolver()
        : context.MkSolver(_terms.Any(term => term.Sort.IsMemory) ? "QF_ABV" : "QF_BV");

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

    /// <summary>
    /// What a model gives to the variables: first a memory only where the goal reads or writes it, which is
    /// easier to read, and then all of it, which matters when memories are compared.
    /// </summary>
    public IEnumerable<IReadOnlyDictionary<Term, Value>> Candidates(Model model)
    {
        Z3Values values = new(context, model);
        var variables = _terms.Where(term => term.Kind == TermKind.Variable).ToList();
        var addresses = _terms.Where(term => term.Kind is TermKind.Select or TermKind.Store)
            .Select(term => values.Of(_expressions[term.Arguments[1]]).Word).ToHashSet();
        yield return variables.ToDictionary(
            variable => variable,
            variable => variable.Sort.IsMemory
                ? Value.Of(values.At(Memory(variable), addresses))
                : values.Of(_expressions[variable]));
        yield return variables.ToDictionary(variable => variable, variable => values.Of(_expressions[variable]));
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
            TermKind.And => context.MkAnd(arguments.Select(Truth).ToArray()),
            TermKind.Or => context.MkOr(arguments.Select(Truth).ToArray()),
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
}
