using System.Reflection;
using PageProof.Tests;
using Xunit.Sdk;
using Xunit.v3;

[assembly: Xunit.TestFramework(typeof(LaneTestFramework))]

namespace PageProof.Tests;

/// <summary>
/// The test framework of this assembly: outside the lane of the run every test becomes one skipped
/// case, found without building fixtures or enumerating data, so that a lane costs what its own tests
/// cost.
/// </summary>
public sealed class LaneTestFramework : XunitTestFramework
{
    /// <inheritdoc/>
    protected override ITestFrameworkDiscoverer CreateDiscoverer(Assembly assembly) =>
        Discoverer(base.CreateDiscoverer(assembly));

    /// <inheritdoc/>
    protected override ITestFrameworkExecutor CreateExecutor(Assembly assembly) =>
        Lane.Current is { } lane ? new LaneExecutor(new XunitTestAssembly(assembly), lane)
        : base.CreateExecutor(assembly);

    private static ITestFrameworkDiscoverer Discoverer(ITestFrameworkDiscoverer whole) =>
        Lane.Current is { } lane ? new LaneDiscoverer((IXunitTestAssembly)whole.TestAssembly, lane) : whole;

    private sealed class LaneExecutor(IXunitTestAssembly assembly, Lane lane)
        : XunitTestFrameworkExecutor(assembly)
    {
        protected override ITestFrameworkDiscoverer CreateDiscoverer() =>
            new LaneDiscoverer(TestAssembly, lane);

        // A mutant is dead after the first test that fails.
        public override ValueTask RunTestCases(
            IReadOnlyCollection<IXunitTestCase> testCases,
            IMessageSink executionMessageSink,
            ITestFrameworkExecutionOptions executionOptions,
            CancellationToken cancellationToken)
        {
            executionOptions.SetStopOnTestFail(true);
            return base.RunTestCases(
                testCases, executionMessageSink, executionOptions, cancellationToken);
        }
    }

    private sealed class LaneDiscoverer(IXunitTestAssembly assembly, Lane lane)
        : XunitTestFrameworkDiscoverer(assembly)
    {
        protected override ValueTask<bool> FindTestsForMethod(
            IXunitTestMethod testMethod,
            ITestFrameworkDiscoveryOptions discoveryOptions,
            Func<ITestCase, ValueTask<bool>> discoveryCallback)
        {
            if (lane.Includes(testMethod.TestClass.Class)
                || testMethod.FactAttributes.FirstOrDefault() is not { } fact)
            {
                return base.FindTestsForMethod(testMethod, discoveryOptions, discoveryCallback);
            }

            var details = TestIntrospectionHelper.GetTestCaseDetails(
                discoveryOptions, testMethod, fact);
            return discoveryCallback(new XunitTestCase(
                testMethod,
                details.TestCaseDisplayName,
                details.UniqueID,
                details.Explicit,
                skipReason: Lane.NotInThisLane));
        }
    }
}
