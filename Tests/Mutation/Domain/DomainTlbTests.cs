using PageProof.Cli.Mutate;

namespace PageProof.Tests.Mutation.Domain;

/// <summary>
/// The mutants of the compiled TLBs: they are of hand-written code alone, and a flush that is not made is
/// noticed by cases.
/// </summary>
public sealed class DomainTlbTests
{
    [Theory]
    [InlineData("tlb", "Cpu.InvalidatePage", "SoftwareTlb.Probe")]
    [InlineData("softtlb", "SoftwareTlbKernel.Flush", "Cpu.InvalidatePage")]
    public void They_are_of_the_code_of_the_domain(string domain, string of, string notOf)
    {
        using var target = DomainTarget.Of(domain, 1);
        using var mutations = target.Open();
        var methods = mutations.Mutants.Select(mutant => mutant.Method).ToHashSet();
        Assert.Contains(of, methods);
        Assert.DoesNotContain(notOf, methods);
        Assert.DoesNotContain(methods, method => method.EndsWith("GetHashCode", StringComparison.Ordinal)
            || method.EndsWith("PrintMembers", StringComparison.Ordinal));
        Assert.Contains(mutations.Mutants, mutant => mutant.Mutator == "dropped flush");
    }

    [Theory]
    [InlineData("tlb", "Cpu.InvalidatePage", "_tlb.RemovePage")]
    [InlineData("softtlb", "SoftwareTlbKernel.Unmap", "Flush")]
    public void A_flush_that_is_not_made_is_noticed_by_cases(string domain, string method, string call)
    {
        using var target = DomainTarget.Of(domain, 1);
        using var mutations = target.Open();
        var mutant = Assert.Single(mutations.Mutants, each => each.Mutator == "dropped flush"
            && each.Method == method && each.Before.Contains(call, StringComparison.Ordinal));
        DomainJudge judge = new CaseJudge(domain, 1).Judge;
        var hunt = DomainHunt.Run(
            mutations, [mutant], judge, cancellation: TestContext.Current.CancellationToken);
        var verdict = Assert.Single(hunt.Outcomes).Verdict;
        Assert.True(verdict.Fate == DomainFate.KilledByCases, verdict.Reason);
        Assert.Contains("That is not permitted", verdict.Reason, StringComparison.Ordinal);
    }
}
