using System.Numerics;

namespace PageProof.SmtModels.Lifting;

/// <summary>
/// The share of a way among all: each decision halves it, and ways that join add theirs. When the shares
/// of ways are together that of the point where they parted, then nothing has gone elsewhere, and the
/// conditions in between are no longer conditions. Exact, as a fraction over a power of two.
/// </summary>
internal readonly record struct Share
{
    private Share(BigInteger numerator, int exponent)
    {
        while (numerator.IsEven)
        {
            numerator /= 2;
            exponent--;
        }

        Numerator = numerator;
        Exponent = exponent;
    }

    public static Share Whole => new(BigInteger.One, 0);

    public BigInteger Numerator { get; }

    public int Exponent { get; }

    public Share Half => new(Numerator, Exponent + 1);

    public static Share operator +(Share one, Share other)
    {
        int exponent = Math.Max(one.Exponent, other.Exponent);
        return new(
            (one.Numerator << (exponent - one.Exponent)) + (other.Numerator << (exponent - other.Exponent)), exponent);
    }
}
