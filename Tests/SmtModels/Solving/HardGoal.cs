using PageProof.SmtModels.Smt;
using PageProof.SmtModels.Solving;

namespace PageProof.Tests.SmtModels.Solving;

/// <summary>The factors of the product of two great primes: no solver finds them in a test's time.</summary>
internal static class HardGoal
{
    private const ulong Product = 4_294_967_291UL * 4_294_967_279UL;

    public static Goal In(TermPool pool)
    {
        var x = pool.Variable("x", Sort.BitVec(32));
        var y = pool.Variable("y", Sort.BitVec(32));
        var product = pool.BvMul(pool.ZeroExtend(x, 64), pool.ZeroExtend(y, 64));
        return new(pool, [pool.Equal(product, pool.BitVec(Product, 64)), pool.Ult(x, y)]);
    }
}
