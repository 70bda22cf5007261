using System.Diagnostics;

namespace PageProof.Tests.SmtModels.Lifting.Samples;

/// <summary>Branches, switches, loops, calls and throws.</summary>
public static class FlowSamples
{
    private const int Rounds = 100;

    public static int Chain(int a, int b)
    {
        if (a < 0)
        {
            return b > 10 ? 1 : 2;
        }

        if (a == 5 || b == 5 && a != 6)
        {
            a = b;
        }
        else if (a > 100)
        {
            b = -b;
        }

        return a * 2 + b;
    }

    public static int Dense(byte a) => (a & 7) switch
    {
        0 => 10,
        1 => 21,
        2 or 3 => 32,
        4 => 43,
        6 => 54,
        _ => a,
    };

    public static int Sparse(uint a, int b)
    {
        switch (a)
        {
            case 0:
            case 7:
                b++;
                goto case 1000;
            case 1000:
                return b;
            case 0xFFFF_FFFF:
                b <<= 2;
                break;
            case 3:
                return -1;
        }

        return b ^ (int)a;
    }

    public static int Thrown(int a) => a switch
    {
        < 0 => throw new ArgumentOutOfRangeException(nameof(a), a, $"{a} is negative."),
        0 => 1,
        1 => 2,
        < 1000 => a * 3,
        _ => throw new UnreachableException(),
    };

    // What the compiler adds for a kind without a name is part of the sample.
#pragma warning disable CS8524
    public static byte Exhausted(Kind kind) => kind switch
    {
        Kind.First => 1,
        Kind.Second => 2,
        Kind.Third => 4,
    };
#pragma warning restore CS8524

    public static uint Guarded(uint a, uint b)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(a, 1000u);
        ArgumentOutOfRangeException.ThrowIfZero(b);
        if (a == b)
        {
            throw new InvalidOperationException("They are " + a + ".");
        }

        return a - b;
    }

    public static uint FixedLoop(uint a)
    {
        for (int round = 0; round < Rounds; round++)
        {
            a = a * 3 + (uint)round;
        }

        return a;
    }

    public static int EarlyEnd(ulong a)
    {
        for (int bit = 0; bit < 64; bit++)
        {
            if ((a >> bit & 1) != 0)
            {
                return bit;
            }
        }

        return -1;
    }

    public static int OpenLoop(ulong a)
    {
        int count = 0;
        while (a != 0)
        {
            a &= a - 1;
            count++;
        }

        return count;
    }

    public static int Nested(uint a, uint b)
    {
        int found = 0;
        for (int i = 0; i < 6; i++)
        {
            for (int j = 0; j < 5; j++)
            {
                if ((a >> i & 1) == 0)
                {
                    break;
                }

                if ((b >> j & 1) == 0)
                {
                    continue;
                }

                if (found > 12)
                {
                    return -found;
                }

                found += i + j;
            }
        }

        return found;
    }

    public static uint DoWhile(uint a)
    {
        uint rounds = 0;
        do
        {
            rounds += a & 1;
            a >>= 3;
        }
        while (a > 2);
        return rounds;
    }

    public static int DoWhileBelow(uint a, uint b)
    {
        int rounds = 0;
        do
        {
            a += 0x6000_0001;
            if (++rounds == 4)
            {
                break;
            }
        }
        while (a < b);
        return rounds;
    }

    public static uint DependentCount(byte count, uint a)
    {
        for (int round = 0; round < (count & 15); round++)
        {
            a += a << 1;
        }

        return a;
    }

    public static int Recursive(uint a) => Weight(a, 8);

    public static int Shared(int a, int b)
    {
        // Conditions that repeat, and values that agree on both ways.
        int x = a > b ? 3 : 3;
        int y = a > b ? x + b : a;
        return a > b ? y : y + x;
    }

    private static int Weight(uint a, int bits) => bits == 0 ? 0 : (int)(a & 1) * bits + Weight(a >> 1, bits - 1);
}

public enum Kind : byte
{
    First,
    Second,
    Third = 7,
}
