using PageProof.Properties.Harness;
using PageProof.SmtModels.Smt;

namespace PageProof.Tests.SmtModels.Smt;

/// <summary>What a pool builds is equal to what was asked for, whatever the variables are.</summary>
public sealed class SimplificationTests
{
    private const int Cases = 1500;
    private const int AssignmentsPerCase = 4;

    [Fact]
    public void A_term_that_was_simplified_has_the_value_of_what_was_asked_for()
    {
        for (long index = 0; index < Cases; index++)
        {
            RawCase drawn = new(index);
            CaseRandom random = new(seed: 12, index);
            for (int count = 0; count < AssignmentsPerCase; count++)
            {
                var variables = RawTermGenerator.Assign(drawn.Terms, ref random);
                var expected = drawn.Expected(variables);
                Evaluator evaluator = new(drawn.OfVariables(variables));
                foreach (var term in drawn.Terms)
                {
                    var value = evaluator.Evaluate(drawn.Built(term));
                    Assert.True(
                        expected[term] == value, $"{drawn.Shown(term)} is {value} instead of {expected[term]}");
                }
            }
        }
    }

    [Fact]
    public void Bits_that_are_called_known_are_so()
    {
        int known = 0;
        for (long index = 0; index < Cases / 2; index++)
        {
            RawCase drawn = new(index);
            CaseRandom random = new(seed: 13, index);
            Evaluator evaluator = new(drawn.OfVariables(RawTermGenerator.Assign(drawn.Terms, ref random)));
            foreach (var term in TermOrder.Below(drawn.Terms.Select(drawn.Built)).Where(term => term.Sort.IsBitVec))
            {
                ulong word = evaluator.EvaluateWord(term);
                Assert.True(
                    (word & term.Known.Zeros) == 0 && (~word & term.Known.Ones) == 0,
                    $"case {index}: {term} is {word:x} against {term.Known}");
                known += !term.IsConstant && (term.Known.Zeros & term.Sort.Mask) != 0 ? 1 : 0;
            }
        }

        Assert.True(known > 1500, $"only {known} terms had known bits");
    }

    [Fact]
    public void Every_kind_of_term_is_met_often()
    {
        var met = new Dictionary<TermKind, int>();
        for (long index = 0; index < 500; index++)
        {
            RawCase drawn = new(index);
            foreach (var term in TermOrder.Below(drawn.Terms.Select(drawn.Built)))
            {
                met[term.Kind] = met.GetValueOrDefault(term.Kind) + 1;
            }
        }

        Assert.All(
            Enum.GetValues<TermKind>(),
            kind => Assert.True(met.GetValueOrDefault(kind) >= 20, $"{kind}: {met.GetValueOrDefault(kind)}"));
    }

    [Fact]
    public void Equal_terms_are_the_same_object()
    {
        RawCase drawn = new(3);
        foreach (var term in drawn.Terms)
        {
            Assert.Same(drawn.Built(term), term.Build(drawn.Pool, drawn.Built));
        }
    }
}
