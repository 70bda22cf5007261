using System.Globalization;

namespace PageProof.SmtModels.Smt;

/// <summary>
/// One script. What is used more than once, and what would nest too deeply for a reader that recurses, is
/// defined under a name of its own.
/// </summary>
internal sealed class SmtLibScript(TextWriter writer, IReadOnlyList<Term> assertions)
{
    private const int NestingMax = 20;

    private readonly IReadOnlyList<Term> _terms = TermOrder.Below(assertions);
    private readonly Dictionary<Term, int> _uses = [];
    private readonly Dictionary<Term, int> _nesting = [];
    private readonly HashSet<Term> _defined = [];
    private string _prefix = "?";

    public void Write()
    {
        var variables = _terms.Where(term => term.Kind == TermKind.Variable).ToList();
        writer.Write($"(set-logic {Logic})\n");
        foreach (var variable in variables)
        {
            writer.Write($"(declare-const {SmtLibPrinter.Symbol(variable)} {SmtLibPrinter.SortOf(variable)})\n");
        }

        // The names of definitions are none of a variable.
        while (variables.Any(variable => variable.Name!.StartsWith(_prefix, StringComparison.Ordinal)))
        {
            _prefix += "?";
        }

        CountUses();
        foreach (var term in _terms)
        {
            Define(term);
        }

        foreach (var assertion in assertions)
        {
            writer.Write("(assert ");
            WriteTerm(assertion);
            writer.Write(")\n");
        }

        writer.Write("(check-sat)\n");
    }

    // A memory that is the same everywhere is no part of the logics of arrays.
    private string Logic =>
        _terms.Any(term => term.Kind == TermKind.ConstantMemory) ? "ALL"
        : _terms.Any(term => term.Sort.IsMemory) ? "QF_ABV"
        : "QF_BV";

    private void CountUses()
    {
        foreach (var used in _terms.SelectMany(term => term.Arguments).Concat(assertions))
        {
            _uses[used] = _uses.GetValueOrDefault(used) + 1;
        }
    }

    private void Define(Term term)
    {
        if (term.Arguments.Count == 0)
        {
            return;
        }

        int nesting = 1 + term.Arguments.Max(argument => _nesting.GetValueOrDefault(argument));
        if (_uses[term] > 1 || nesting > NestingMax)
        {
            writer.Write($"(define-fun {NameOf(term)} () {SmtLibPrinter.SortOf(term)} ");
            WriteTerm(term);
            writer.Write(")\n");
            _defined.Add(term);
            nesting = 0;
        }

        _nesting.Add(term, nesting);
    }

    private string NameOf(Term term) => _prefix + term.Id.ToString(CultureInfo.InvariantCulture);

    private void WriteTerm(Term term)
    {
        if (_defined.Contains(term))
        {
            writer.Write(NameOf(term));
        }
        else if (term.Arguments.Count == 0)
        {
            writer.Write(term.IsConstant ? Literal(term) : SmtLibPrinter.Symbol(term));
        }
        else
        {
            writer.Write($"({Operator(term)}");
            foreach (var argument in term.Arguments)
            {
                writer.Write(' ');
                WriteTerm(argument);
            }

            writer.Write(')');
        }
    }

    private static string Literal(Term constant) =>
        constant.Sort.IsBool ? (constant.IsTrue ? "true" : "false")
        : constant.Width % 4 == 0 ? "#x" + Digits(constant, $"x{constant.Width / 4}")
        : "#b" + Digits(constant, $"b{constant.Width}");

    private static string Digits(Term constant, string format) =>
        constant.Value.ToString(format, CultureInfo.InvariantCulture);

    private static string Operator(Term term) => term.Kind switch
    {
        TermKind.Not => "not",
        TermKind.And => "and",
        TermKind.Or => "or",
        TermKind.Ite => "ite",
        TermKind.Equal => "=",
        TermKind.BvNot => "bvnot",
        TermKind.BvNeg => "bvneg",
        TermKind.BvAnd => "bvand",
        TermKind.BvOr => "bvor",
        TermKind.BvXor => "bvxor",
        TermKind.BvAdd => "bvadd",
        TermKind.BvSub => "bvsub",
        TermKind.BvMul => "bvmul",
        TermKind.BvUdiv => "bvudiv",
        TermKind.BvUrem => "bvurem",
        TermKind.BvSdiv => "bvsdiv",
        TermKind.BvSrem => "bvsrem",
        TermKind.BvShl => "bvshl",
        TermKind.BvLshr => "bvlshr",
        TermKind.BvAshr => "bvashr",
        TermKind.Ult => "bvult",
        TermKind.Slt => "bvslt",
        TermKind.Concat => "concat",
        TermKind.Extract => $"(_ extract {term.High} {term.Low})",
        TermKind.ZeroExtend => $"(_ zero_extend {term.Width - term.First.Width})",
        TermKind.SignExtend => $"(_ sign_extend {term.Width - term.First.Width})",
        TermKind.Select => "select",
        TermKind.Store => "store",
        TermKind.ConstantMemory => $"(as const {SmtLibPrinter.SortOf(term)})",
        _ => throw new ArgumentOutOfRangeException(nameof(term), term.Kind, "Has no operator."),
    };
}
