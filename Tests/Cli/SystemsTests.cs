using PageProof.Cli;
using PageProof.Contract;
using PageProof.Implementation;

namespace PageProof.Tests.Cli;

/// <summary>A system of the command line has every door that its assembly has.</summary>
public sealed class SystemsTests
{
    /// <summary>A door that is left out would count as one that the system does not have.</summary>
    [Fact]
    public void Every_door_of_a_loaded_assembly_is_handed_on()
    {
        using var loaded = Systems.Open(typeof(ImplementationSystem).Assembly.Location);
        var doors = loaded.GetType().GetInterfaceMap(typeof(ISystem));
        Assert.All(doors.TargetMethods, method => Assert.Equal(loaded.GetType(), method.DeclaringType));
    }
}
