using PageProof.Properties.Harness;
using PageProof.SmtModels.Smt;

namespace PageProof.Tests.SmtModels.Smt;

/// <summary>
/// Draws heaps of terms over few variables: each term takes its arguments from those drawn before, so that
/// terms share, meet again and contradict each other.
/// </summary>
internal sealed class RawTermGenerator
{
    private static readonly int[] Widths = [1, 2, 3, 8, 12, 31, 32, 33, 52, 63, 64];

    private static readonly RawOperation[] OfTwoWords =
    [
        RawOperation.BvAnd, RawOperation.BvAnd, RawOperation.BvOr, RawOperation.BvOr, RawOperation.BvXor,
        RawOperation.BvAdd, RawOperation.BvSub, RawOperation.BvMul, RawOperation.BvUdiv, RawOperation.BvUrem,
        RawOperation.BvSdiv, RawOperation.BvSrem, RawOperation.BvShl, RawOperation.BvLshr, RawOperation.BvAshr,
    ];

    private static readonly RawOperation[] OfTwoTruths =
        [RawOperation.And, RawOperation.Or, RawOperation.Implies, RawOperation.Xor, RawOperation.Equal];

    private static readonly RawOperation[] Comparisons =
        [RawOperation.Equal, RawOperation.Ult, RawOperation.Ule, RawOperation.Slt, RawOperation.Sle];

    private readonly List<RawTerm> _terms = [];
    private readonly int[] _widths;
    private readonly bool _hasMemory;
    private CaseRandom _random;

    private RawTermGenerator(long index, bool hasMemory)
    {
        _random = new(seed: 11, index);
        _hasMemory = hasMemory;
        _widths = hasMemory ? [64, _random.Of(Widths)] : [_random.Of(Widths), _random.Of(Widths), 8];
    }

    /// <summary>The terms of one case, arguments before what uses them.</summary>
    public static IReadOnlyList<RawTerm> Draw(long index, int count, bool hasMemory)
    {
        RawTermGenerator generator = new(index, hasMemory);
        generator.AddLeaves();
        while (generator._terms.Count < count)
        {
            generator._terms.Add(generator.Draw());
        }

        return generator._terms;
    }

    /// <summary>Values of the variables among some terms.</summary>
    public static Dictionary<string, Value> Assign(IEnumerable<RawTerm> terms, ref CaseRandom random)
    {
        var values = new Dictionary<string, Value>();
        foreach (var variable in terms.Where(term => term.Operation == RawOperation.Variable))
        {
            values[variable.Name] = variable.Sort.IsMemory
                ? Value.Of(DrawMemory(ref random))
                : Value.Of(random.Edgy() & variable.Sort.Mask);
        }

        return values;
    }

    private static MemoryValue DrawMemory(ref CaseRandom random)
    {
        MemoryValue memory = new(random.Edgy());
        for (int count = random.Below(4); count > 0; count--)
        {
            memory = memory.With((ulong)random.Below(4) * 8, random.Edgy());
        }

        return memory;
    }

    private void AddLeaves()
    {
        for (int index = 0; index < 3; index++)
        {
            _terms.Add(Variable($"b{index}", Sort.Bool));
        }

        foreach (int width in _widths.Distinct())
        {
            _terms.Add(Variable($"x{width}", Sort.BitVec(width)));
            _terms.Add(Variable($"y{width}", Sort.BitVec(width)));
            _terms.Add(Constant(0, width));
            _terms.Add(Constant(_random.Edgy(), width));
        }

        if (_hasMemory)
        {
            _terms.Add(Variable("m", Sort.Memory));
            _terms.Add(Variable("n", Sort.Memory));
        }
    }

    private RawTerm Draw() => _random.Below(_hasMemory ? 12 : 9) switch
    {
        0 or 1 => DrawTruth(),
        2 => DrawChoice(Any(_ => true)),
        3 => DrawFlag(),
        4 => DrawWiring(),
        5 => Constant(_random.OneIn(3) ? (ulong)_random.Below(70) : _random.Edgy(), _random.Of(_widths)),
        9 or 10 => DrawMemoryTerm(),
        11 => DrawChoice(Any(term => term.Sort.IsMemory)),
        _ => DrawWord(),
    };

    private RawTerm DrawTruth()
    {
        if (_random.OneIn(3))
        {
            var word = Any(term => term.Sort.IsBitVec);
            return new(_random.Of(Comparisons), Sort.Bool, [word, Like(word)]);
        }

        if (_random.OneIn(6))
        {
            return new(RawOperation.Not, Sort.Bool, [Truth()]);
        }

        if (_hasMemory && _random.OneIn(6))
        {
            var memory = Any(term => term.Sort.IsMemory);
            return new(RawOperation.Equal, Sort.Bool, [memory, Like(memory)]);
        }

        var operation = _random.Of(OfTwoTruths);
        bool isLong = operation is RawOperation.And or RawOperation.Or && _random.OneIn(3);
        return new(operation, Sort.Bool, isLong ? [Truth(), Truth(), Truth(), Truth()] : [Truth(), Truth()]);
    }

    private RawTerm DrawChoice(RawTerm then) => new(RawOperation.Ite, then.Sort, [Truth(), then, Like(then)]);

    /// <summary>A choice between constants, as page walkers make them of truths.</summary>
    private RawTerm DrawFlag()
    {
        int width = _random.Of(_widths);
        int bit = _random.Below(width);
        var set = Constant(1UL << bit, width);
        return _random.OneIn(2)
            ? new(RawOperation.Ite, set.Sort, [Truth(), set, Constant(0, width)])
            : new(RawOperation.BvAnd, set.Sort, [set, Any(term => term.Sort == set.Sort)]);
    }

    private RawTerm DrawWord()
    {
        var word = Any(term => term.Sort.IsBitVec);
        return _random.Below(8) switch
        {
            0 => new(_random.OneIn(2) ? RawOperation.BvNot : RawOperation.BvNeg, word.Sort, [word]),
            1 => new(_random.Of(OfTwoWords), word.Sort, [word, Constant((ulong)_random.Below(70), word.Sort.Width)]),
            2 => new(_random.Of(OfTwoWords), word.Sort, [word, Constant(_random.Edgy(), word.Sort.Width)]),
            _ => new(_random.Of(OfTwoWords), word.Sort, [word, Like(word)]),
        };
    }

    private RawTerm DrawWiring()
    {
        var word = Any(term => term.Sort.IsBitVec);
        int width = word.Sort.Width;
        int high = _random.Below(width);
        int low = _random.Below(high + 1);
        var other = Any(term => term.Sort.IsBitVec);
        int together = width + other.Sort.Width;
        return _random.Below(4) switch
        {
            0 when together <= 64 => new(RawOperation.Concat, Sort.BitVec(together), [word, other]),
            1 => new(RawOperation.ZeroExtend, WiderThan(width), [word]),
            2 => new(RawOperation.SignExtend, WiderThan(width), [word]),
            _ => new(RawOperation.Extract, Sort.BitVec(high - low + 1), [word]) { Low = low },
        };
    }

    private RawTerm DrawMemoryTerm()
    {
        var memory = Any(term => term.Sort.IsMemory);
        var address = _random.OneIn(2) ? Constant((ulong)_random.Below(4) * 8, 64) : Quadword();
        return _random.Below(7) switch
        {
            0 => new(RawOperation.ConstantMemory, Sort.Memory, [Quadword()]),
            1 or 2 or 3 => new(RawOperation.Store, Sort.Memory, [memory, address, Quadword()]),
            _ => new(RawOperation.Select, Sort.BitVec(64), [memory, address]),
        };
    }

    private RawTerm Truth() => Any(term => term.Sort.IsBool);

    private RawTerm Quadword() => Any(term => term.Sort.Width == 64);

    private Sort WiderThan(int width) => Sort.BitVec(width + _random.Below(65 - width));

    private RawTerm Like(RawTerm one) => Any(term => term.Sort == one.Sort);

    /// <summary>Late terms are taken as often as early ones, of which there are few.</summary>
    private RawTerm Any(Func<RawTerm, bool> suits)
    {
        var suiting = _terms.Where(suits).ToList();
        return _random.OneIn(2) ? suiting[^(1 + _random.Below(Math.Min(4, suiting.Count)))] : _random.Of(suiting);
    }

    private static RawTerm Variable(string name, Sort sort) => new(RawOperation.Variable, sort, []) { Name = name };

    private static RawTerm Constant(ulong word, int width)
    {
        var sort = Sort.BitVec(width);
        return new(RawOperation.Constant, sort, []) { Word = word & sort.Mask };
    }
}
