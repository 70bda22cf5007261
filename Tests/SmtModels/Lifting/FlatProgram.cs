using PageProof.SmtModels.Smt;

namespace PageProof.Tests.SmtModels.Lifting;

/// <summary>
/// Terms as one list of operations over numbered slots, to be evaluated many times: a tenth of a
/// microsecond for some dozens of terms. The meaning of an operation is written here a second time, so
/// that the terms, their simplification and their evaluation are all held against compiled code.
/// </summary>
internal sealed class FlatProgram
{
    private readonly Term[] _terms;
    private readonly int[][] _arguments;
    private readonly ulong[] _words;
    private readonly WrittenMemory?[] _memories;
    private readonly Dictionary<Term, int> _slots = [];

    public FlatProgram(IEnumerable<Term> roots)
    {
        HashSet<Term> reached = [];
        Stack<Term> open = new(roots);
        while (open.TryPop(out var term))
        {
            if (reached.Add(term))
            {
                foreach (var argument in term.Arguments)
                {
                    open.Push(argument);
                }
            }
        }

        _terms = [.. reached.OrderBy(term => term.Id)];
        for (int slot = 0; slot < _terms.Length; slot++)
        {
            _slots.Add(_terms[slot], slot);
        }

        _arguments = [.. _terms.Select(term => term.Arguments.Select(one => _slots[one]).ToArray())];
        _words = new ulong[_terms.Length];
        _memories = new WrittenMemory?[_terms.Length];
    }

    public int Count => _terms.Length;

    public IEnumerable<Term> Variables => _terms.Where(term => term.Kind == TermKind.Variable);

    public void Set(Term variable, ulong word)
    {
        if (_slots.TryGetValue(variable, out int slot))
        {
            _words[slot] = word;
        }
    }

    public void Set(Term variable, Func<ulong, ulong> memory)
    {
        if (_slots.TryGetValue(variable, out int slot))
        {
            _memories[slot] = new(memory);
        }
    }

    public ulong WordOf(Term term) => _words[_slots[term]];

    public WrittenMemory MemoryOf(Term term) => _memories[_slots[term]]!;

    public void Run()
    {
        for (int slot = 0; slot < _terms.Length; slot++)
        {
            var term = _terms[slot];
            int[] arguments = _arguments[slot];
            switch (term.Kind)
            {
                case TermKind.Variable:
                    break;
                case TermKind.Ite when term.Sort.IsMemory:
                    _memories[slot] = _memories[_words[arguments[0]] != 0 ? arguments[1] : arguments[2]];
                    break;
                case TermKind.Store:
                    _memories[slot] = new(
                        _memories[arguments[0]]!, _words[arguments[1]], _words[arguments[2]]);
                    break;
                case TermKind.Select:
                    _words[slot] = _memories[arguments[0]]!.Read(_words[arguments[1]]);
                    break;
                default:
                    _words[slot] = Apply(term, arguments) & term.Sort.Mask;
                    break;
            }
        }
    }

    private ulong Apply(Term term, int[] arguments)
    {
        ulong a = arguments.Length > 0 ? _words[arguments[0]] : 0;
        ulong b = arguments.Length > 1 ? _words[arguments[1]] : 0;
        int width = term.Arguments.Count > 0 ? term.Arguments[0].Width : 0;
        switch (term.Kind)
        {
            case TermKind.Constant:
                return term.Value;
            case TermKind.Not:
                return a ^ 1;
            case TermKind.And:
                return arguments.All(argument => _words[argument] != 0) ? 1UL : 0;
            case TermKind.Or:
                return arguments.Any(argument => _words[argument] != 0) ? 1UL : 0;
            case TermKind.Ite:
                return a != 0 ? b : _words[arguments[2]];
            case TermKind.Equal:
                return a == b ? 1UL : 0;
            case TermKind.Ult:
                return a < b ? 1UL : 0;
            case TermKind.Slt:
                return Signed(a, width) < Signed(b, width) ? 1UL : 0;
            case TermKind.Concat:
                return a << term.Arguments[1].Width | b;
            case TermKind.Extract:
                return a >> term.Low;
            case TermKind.ZeroExtend:
                return a;
            case TermKind.SignExtend:
                return (ulong)Signed(a, width);
            default:
                return Compute(term.Kind, a, b, width);
        }
    }

    private static ulong Compute(TermKind kind, ulong a, ulong b, int width) => kind switch
    {
        TermKind.BvNot => ~a,
        TermKind.BvNeg => 0 - a,
        TermKind.BvAnd => a & b,
        TermKind.BvOr => a | b,
        TermKind.BvXor => a ^ b,
        TermKind.BvAdd => a + b,
        TermKind.BvSub => a - b,
        TermKind.BvMul => a * b,
        TermKind.BvUdiv => b == 0 ? ulong.MaxValue : a / b,
        TermKind.BvUrem => b == 0 ? a : a % b,
        TermKind.BvSdiv => b == 0 ? Signed(a, width) < 0 ? 1 : ulong.MaxValue
            : Signed(b, width) == -1 ? 0 - a
            : (ulong)(Signed(a, width) / Signed(b, width)),
        TermKind.BvSrem => b == 0 ? a
            : Signed(b, width) == -1 ? 0
            : (ulong)(Signed(a, width) % Signed(b, width)),
        TermKind.BvShl => b >= (ulong)width ? 0 : a << (int)b,
        TermKind.BvLshr => b >= (ulong)width ? 0 : a >> (int)b,
        TermKind.BvAshr => (ulong)(Signed(a, width) >> (int)Math.Min(b, 63)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No operation on words."),
    };

    private static long Signed(ulong word, int width) => (long)(word << 64 - width) >> 64 - width;
}

/// <summary>A memory and the writes to it, the last first.</summary>
internal sealed class WrittenMemory
{
    private readonly Func<ulong, ulong>? _content;
    private readonly WrittenMemory? _before;
    private readonly ulong _address;
    private readonly ulong _word;

    public WrittenMemory(Func<ulong, ulong> content) => _content = content;

    public WrittenMemory(WrittenMemory before, ulong address, ulong word) =>
        (_before, _address, _word) = (before, address, word);

    public IEnumerable<ulong> Written
    {
        get
        {
            for (var at = this; at._before is not null; at = at._before)
            {
                yield return at._address;
            }
        }
    }

    public ulong Read(ulong address)
    {
        var at = this;
        while (at._before is not null)
        {
            if (at._address == address)
            {
                return at._word;
            }

            at = at._before;
        }

        return at._content!(address);
    }
}
