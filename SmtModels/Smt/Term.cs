using System.Runtime.CompilerServices;

namespace PageProof.SmtModels.Smt;

/// <summary>
/// An expression over truths, words and memories. A pool makes equal terms once, so that within a pool
/// two terms are equal exactly when they are the same object.
/// </summary>
public sealed class Term
{
    /// <summary>A choice among more constants than these is no longer treated as one.</summary>
    internal const int ConstantLeavesMax = 64;

    private readonly Term[] _arguments;
    private readonly ulong _payload;

    internal Term(TermPool pool, TermKind kind, Sort sort, Term[] arguments, ulong payload, string? name)
    {
        Pool = pool;
        Kind = kind;
        Sort = sort;
        Name = name;
        _arguments = arguments;
        _payload = payload;
        Known = KnownBits.Of(this);
        ConstantLeaves = CountConstantLeaves();
    }

    public TermKind Kind { get; }

    public Sort Sort { get; }

    public int Width => Sort.Width;

    /// <summary>Its number in the pool: greater than those of its arguments.</summary>
    public int Id { get; internal set; }

    public IReadOnlyList<Term> Arguments => _arguments;

    /// <summary>The word of a constant; 0 or 1 for a truth.</summary>
    public ulong Value => Kind == TermKind.Constant ? _payload : throw Lacks("value");

    /// <summary>The lowest bit that an extraction takes.</summary>
    public int Low => Kind == TermKind.Extract ? (int)_payload : throw Lacks("range");

    /// <summary>The highest bit that an extraction takes.</summary>
    public int High => Low + Width - 1;

    /// <summary>The name of a variable.</summary>
    public string? Name { get; }

    public bool IsConstant => Kind == TermKind.Constant;

    public bool IsTrue => IsConstant && Sort.IsBool && _payload == 1;

    public bool IsFalse => IsConstant && Sort.IsBool && _payload == 0;

    /// <summary>The bits of this word that are the same whatever the variables are.</summary>
    public KnownBits Known { get; }

    internal TermPool Pool { get; }

    /// <summary>The negation of a truth, once somebody has asked for it.</summary>
    internal Term? Negation { get; set; }

    /// <summary>How many leaves a nest of ite has that has only constants for leaves; otherwise 0.</summary>
    internal int ConstantLeaves { get; }

    internal Term First => _arguments[0];

    internal Term Second => _arguments[1];

    internal Term Third => _arguments[2];

    internal bool IsIte => Kind == TermKind.Ite;

    public override string ToString() => Kind switch
    {
        TermKind.Constant when Sort.IsBool => _payload == 0 ? "false" : "true",
        TermKind.Constant => $"0x{_payload:x}:{Width}",
        TermKind.Variable => Name!,
        TermKind.Extract => $"{Kind}[{High}:{Low}]#{Id}({Shown(First)})",
        _ => $"{Kind}#{Id}({string.Join(", ", _arguments.Select(Shown))})",
    };

    internal bool HasSameContent(Term other) =>
        Kind == other.Kind && Sort == other.Sort && _payload == other._payload && Name == other.Name
        && _arguments.AsSpan().SequenceEqual(other._arguments);

    internal int ContentHash()
    {
        HashCode hash = default;
        hash.Add((int)Kind);
        hash.Add(Sort);
        hash.Add(_payload);
        hash.Add(Name);
        foreach (var argument in _arguments)
        {
            hash.Add(argument.Id);
        }

        return hash.ToHashCode();
    }

    private static string Shown(Term term) => term._arguments.Length == 0 ? term.ToString() : $"#{term.Id}";

    private int CountConstantLeaves()
    {
        if (!Sort.IsBitVec)
        {
            return 0;
        }

        if (Kind != TermKind.Ite)
        {
            return Kind == TermKind.Constant ? 1 : 0;
        }

        int one = Second.ConstantLeaves;
        int other = Third.ConstantLeaves;
        return one > 0 && other > 0 && one + other <= ConstantLeavesMax ? one + other : 0;
    }

    private InvalidOperationException Lacks(string what, [CallerMemberName] string property = "") =>
        new($"A term of kind {Kind} has no {what} ({property}).");
}
