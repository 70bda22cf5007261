using PageProof.SmtModels.Smt;

namespace PageProof.Tests.SmtModels.Smt;

/// <summary>The form of a script; whether solvers accept it is asked where solvers are tested.</summary>
public sealed class SmtLibPrinterTests
{
    private readonly TermPool _pool = new();

    [Fact]
    public void A_script_declares_defines_asserts_and_asks_once()
    {
        var x = _pool.Variable("?a b", Sort.BitVec(12));
        var y = _pool.Variable("y", Sort.BitVec(12));
        var product = _pool.BvMul(x, y);
        string script = Print(
            [_pool.Equal(_pool.BvUdiv(product, y), product), _pool.Equal(x, _pool.BitVec(0xab, 12))], "one\ntwo");
        Assert.Equal(
            $"""
            ; one
            ; two
            (set-logic QF_BV)
            (declare-const |?a b| (_ BitVec 12))
            (declare-const |y| (_ BitVec 12))
            (define-fun ??{product.Id} () (_ BitVec 12) (bvmul |?a b| |y|))
            (assert (= ??{product.Id} (bvudiv ??{product.Id} |y|)))
            (assert (= #x0ab |?a b|))
            (check-sat)

            """,
            script);
    }

    [Fact]
    public void The_logic_is_the_least_that_has_what_is_used()
    {
        var memory = _pool.Variable("m", Sort.Memory);
        var address = _pool.Variable("p", Sort.BitVec(64));
        var word = _pool.BitVec(1, 64);
        Assert.Contains("(set-logic QF_ABV)", Print([_pool.Equal(_pool.Select(memory, address), word)]));
        Assert.Contains("(set-logic ALL)", Print([_pool.Equal(memory, _pool.ConstantMemory(word))]));
        Assert.Contains("(set-logic QF_BV)", Print([_pool.Variable("b", Sort.Bool)]));
    }

    [Fact]
    public void Constants_are_written_with_their_width()
    {
        var x = _pool.Variable("x", Sort.BitVec(5));
        Assert.Contains("#b00101", Print([_pool.Ult(x, _pool.BitVec(5, 5))]));
        Assert.Contains("(assert false)", Print([_pool.False]));
    }

    [Fact]
    public void Assertions_of_another_pool_are_refused() =>
        Assert.Throws<ArgumentException>(() => Print([new TermPool().True]));

    private string Print(IReadOnlyList<Term> assertions, string? comment = null)
    {
        using StringWriter writer = new();
        SmtLibPrinter.Print(writer, _pool, assertions, comment);
        return writer.ToString();
    }
}
