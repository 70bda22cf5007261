using System.Diagnostics.CodeAnalysis;

namespace PageProof.SmtModels.Smt;

/// <summary>
/// Makes terms, each once, and in a simpler form where a rule gives one: what is built is equal to what
/// was asked for under every assignment. The rules are chosen for what page walkers compute: wiring of
/// bits (shifts, masks and extensions become extractions and concatenations), tests of single bits,
/// choices among constants, and reads of a memory past writes elsewhere. A pool serves one thread.
/// </summary>
public sealed partial class TermPool
{
    // Rules that descend into a term stop here, so that no term is too deep to be built.
    private const int DepthMax = 64;

    private readonly HashSet<Term> _terms = new(new ByContent());
    private readonly Dictionary<string, Term> _variables = new(StringComparer.Ordinal);
    private int _depth;

    public TermPool()
    {
        True = Intern(TermKind.Constant, Sort.Bool, [], 1);
        False = Intern(TermKind.Constant, Sort.Bool, [], 0);
        True.Negation = False;
        False.Negation = True;
    }

    public Term True { get; }

    public Term False { get; }

    /// <summary>How many terms were made.</summary>
    public int Count => _terms.Count;

    public Term Bool(bool value) => value ? True : False;

    /// <summary>The constant of that width; bits of <paramref name="value"/> above it are dropped.</summary>
    public Term BitVec(ulong value, int width)
    {
        var sort = Sort.BitVec(width);
        return Intern(TermKind.Constant, sort, [], value & sort.Mask);
    }

    /// <summary>The variable of that name; a name has one sort.</summary>
    public Term Variable(string name, Sort sort)
    {
        if (name.Length == 0 || name.AsSpan().ContainsAny('|', '\\'))
        {
            throw new ArgumentException($"'{name}' cannot name a variable of SMT-LIB.", nameof(name));
        }

        if (!_variables.TryGetValue(name, out var variable))
        {
            variable = Intern(TermKind.Variable, sort, [], 0, name);
            _variables.Add(name, variable);
        }

        return variable.Sort == sort
            ? variable
            : throw new ArgumentException($"{name} is of sort {variable.Sort} already, not {sort}.", nameof(sort));
    }

    private Term Word(TermKind kind, params Term[] arguments) => Intern(kind, arguments[0].Sort, arguments);

    private Term Truth(TermKind kind, params Term[] arguments) => Intern(kind, Sort.Bool, arguments);

    private Term Intern(TermKind kind, Sort sort, Term[] arguments, ulong payload = 0, string? name = null)
    {
        foreach (var argument in arguments)
        {
            if (argument.Pool != this)
            {
                throw new ArgumentException($"{argument} belongs to another pool.", nameof(arguments));
            }
        }

        Term term = new(this, kind, sort, arguments, payload, name);
        if (kind != TermKind.Constant && sort.IsBitVec && term.Known.IsConstant)
        {
            return BitVec(term.Known.Ones, sort.Width);
        }

        if (_terms.TryGetValue(term, out var made))
        {
            return made;
        }

        term.Id = _terms.Count;
        _terms.Add(term);
        return term;
    }

    private static void ExpectBool(Term term) => Expect(term.Sort.IsBool, term, "a truth");

    private static void ExpectMemory(Term term) => Expect(term.Sort.IsMemory, term, "a memory");

    private static void ExpectWord(Term term) => Expect(term.Sort.IsBitVec, term, "a word");

    private static void ExpectQuadword(Term term) => Expect(term.Width == 64, term, "a word of 64 bits");

    private static void ExpectWords(Term one, Term other)
    {
        ExpectWord(one);
        Expect(one.Sort == other.Sort, other, $"of sort {one.Sort}");
    }

    private static void Expect(bool holds, Term term, string what)
    {
        if (!holds)
        {
            throw new ArgumentException($"{term} is of sort {term.Sort}, and must be {what}.");
        }
    }

    /// <summary>Of two arguments whose order does not matter, a constant or the older one goes first.</summary>
    private static void Order(ref Term one, ref Term other)
    {
        if (!one.IsConstant && (other.IsConstant || other.Id < one.Id))
        {
            (one, other) = (other, one);
        }
    }

    private sealed class ByContent : IEqualityComparer<Term>
    {
        public bool Equals(Term? one, Term? other) =>
            ReferenceEquals(one, other) || (one is not null && other is not null && one.HasSameContent(other));

        public int GetHashCode([DisallowNull] Term term) => term.ContentHash();
    }
}
