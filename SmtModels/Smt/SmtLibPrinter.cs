using System.Globalization;

namespace PageProof.SmtModels.Smt;

/// <summary>
/// Writes assertions as an SMT-LIB 2.6 script. What is used more than once, and what would nest too
/// deeply for a reader that recurses, is defined under a name of its own.
/// </summary>
public static class SmtLibPrinter
{
    private const int NestingMax = 20;

    /// <summary>The script up to and including its one <c>(check-sat)</c>.</summary>
    public static void Print(
        TextWriter writer, TermPool? pool, IReadOnlyList<Term> assertions, string? comment = null)
    {
        if (pool is not null && assertions.Any(assertion => assertion.Pool != pool))
        {
            throw new ArgumentException("An assertion belongs to another pool.", nameof(assertions));
        }

        foreach (string line in comment?.Split('\n') ?? [])
        {
            writer.Write($"; {line.TrimEnd()}\n");
        }

        new Script(writer, assertions).Write();
    }

    /// <summary>A variable as it is named in the script.</summary>
    public static string Symbol(Term variable) => $"|{variable.Name}|";

    /// <summary>A sort as it is written in a script.</summary>
    public static string SortOf(Term term) =>
        term.Sort.IsBool ? "Bool"
        : term.Sort.IsMemory ? "(Array (_ BitVec 64) (_ BitVec 64))"
        : $"(_ BitVec {term.Width})";

    private sealed class Script(TextWriter writer, IReadOnlyList<Term> assertions)
    {
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
                writer.Write($"(declare-const {Symbol(variable)} {SortOf(variable)})\n");
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
                writer.Write($"(define-fun {NameOf(term)} () {SortOf(term)} ");
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
                writer.Write(term.IsConstant ? Literal(term) : Symbol(term));
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
    }

    private static string Literal(Term constant) =>
        constant.Sort.IsBool ? (constant.IsTrue ? "true" : "false")
        : constant.Width % 4 == 0 ? "#x" + constant.Value.ToString($"x{constant.Width / 4}", CultureInfo.InvariantCulture)
        : "#b" + constant.Value.ToString($"b{constant.Width}", CultureInfo.InvariantCulture);

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
        TermKind.ConstantMemory => $"(as const {SortOf(term)})",
        _ => throw new ArgumentOutOfRangeException(nameof(term), term.Kind, "Has no operator."),
    };
}
