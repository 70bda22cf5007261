using System.Reflection;

namespace PageProof.Tests;

/// <summary>
/// Takes the tests of a class into the lane of a domain: what is run for every single mutant of that
/// domain, with fixed cases, all together in at most two seconds. A class without this mark is in no
/// lane, so nothing slow gets in by being forgotten.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class InLaneAttribute(string domain) : Attribute
{
    /// <summary>Stands for every domain.</summary>
    public const string Every = "every";

    /// <summary>The domain, in lower case.</summary>
    public string Domain { get; } = domain;

    /// <summary>
    /// The tests hold the Spec against recorded facts and use no Implementation, so they also run in
    /// the lane that asks what reality alone notices.
    /// </summary>
    public bool Recorded { get; init; }

    /// <summary>The tests read the Spec and no Implementation, whose mutants are not put to them.</summary>
    public bool SpecAlone { get; init; }

    /// <summary>
    /// The tests are about compiled code, as theorems are: they run where each mutant is compiled by itself, and not
    /// where one assembly has all of them.
    /// </summary>
    public bool OfCompiled { get; init; }
}

/// <summary>Which tests of a domain a lane takes.</summary>
public enum LanePart
{
    /// <summary>All.</summary>
    All,
    /// <summary>Those that run the Implementation, because that is what is mutated.</summary>
    Implementation,
    /// <summary>Those that hold the Spec against recorded facts.</summary>
    Recorded,
}

/// <summary>
/// The part of the tests that is run: all of them, or under mutation those of one domain.
/// </summary>
/// <param name="Domain">The domain whose tests run.</param>
/// <param name="Part">Which of these.</param>
public sealed record Lane(string Domain, LanePart Part)
{
    /// <summary>The environment variable that names the lane.</summary>
    public const string Variable = "PAGEPROOF_LANE";

    // Stryker tells the tests through a file which mutant is switched on.
    private const string StrykerVariable = "STRYKER_MUTANT_FILE";

    /// <summary>What a test that is left out reports.</summary>
    public const string NotInThisLane = "not in this lane";

    /// <summary>
    /// The lane of this run, or null when everything runs. When Stryker was started without one, it is
    /// all lanes: nothing else of the tests is meant to be run for a mutant.
    /// </summary>
    public static Lane? Current { get; } =
        Parse(Environment.GetEnvironmentVariable(Variable))
        ?? (Environment.GetEnvironmentVariable(StrykerVariable) is null
            ? null
            : new(InLaneAttribute.Every, LanePart.All));

    // Whether one assembly has all mutants, of which Stryker switches one on.
    private static bool HasAllInOne { get; } = Environment.GetEnvironmentVariable(StrykerVariable) is not null;

    /// <summary>
    /// Reads <c>mutation,DOMAIN</c>, and behind a comma <c>implementation</c> or <c>recorded</c>; null from
    /// nothing. Anything else is a lane that no class is marked for, and a test of every lane fails on it: a
    /// slip in the name would otherwise run no test, and let every mutant live.
    /// </summary>
    public static Lane? Parse(string? text) => text?.Split(',') switch
    {
        null or [""] => null,
        ["mutation", var domain] => new(domain, LanePart.All),
        ["mutation", var domain, "implementation"] => new(domain, LanePart.Implementation),
        ["mutation", var domain, "recorded"] => new(domain, LanePart.Recorded),
        _ => new($"what is called {text}", LanePart.All),
    };

    /// <summary>Whether the tests of a class run in this lane.</summary>
    public bool Includes(Type testClass) =>
        testClass.GetCustomAttributes<InLaneAttribute>().Any(mark => mark.Domain == InLaneAttribute.Every
            || ((mark.Domain == Domain || Domain == InLaneAttribute.Every) && !(mark.OfCompiled && HasAllInOne)
                && Part switch
                {
                    LanePart.Implementation => !mark.Recorded && !mark.SpecAlone,
                    LanePart.Recorded => mark.Recorded,
                    _ => true,
                }));

    /// <summary>Whether a class is marked for this lane by its name.</summary>
    public bool IsNamedBy(Type testClass) => Includes(testClass)
        && testClass.GetCustomAttributes<InLaneAttribute>().Any(mark => mark.Domain == Domain);
}
