using Xunit.v3;

namespace PageProof.Tests;

/// <summary>
/// Takes longer than a test should: left out by <c>./pageproof test</c>, and run by <c>.ci/run</c> with
/// <c>./pageproof test slow</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class SlowAttribute : Attribute, ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Part", "slow")];
}
