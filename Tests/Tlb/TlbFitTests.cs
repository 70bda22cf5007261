using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Properties.Tlb;
using PageProof.Tests.Reality;

namespace PageProof.Tests.Tlb;

/// <summary>
/// A machine that makes the accesses is asked only sequences that cannot lead it to its own tables; no such
/// machine is needed to see that.
/// </summary>
public sealed class TlbFitTests
{
    private static readonly TlbCapabilities Machine = new()
    {
        Memory = new(16 << 20),
        Cpus = 1,
        Cr4 = Cr4.PageGlobalEnable | Cr4.SupervisorExecutionPrevention,
        Cr4Changes = Cr4.PageGlobalEnable,
        Commands = [.. Enum.GetValues<TlbCommandKind>().Where(kind => kind != TlbCommandKind.InvalidatePcid)],
        Refusals = false,
        Translation = new()
        {
            Memory = new(16 << 20),
            Accesses = true,
            ImplicitAccesses = false,
            StackReferences = false,
            PrivilegeLevels = [PrivilegeLevel.Ring0, PrivilegeLevel.Ring3],
            Kinds = [AccessKind.Read, AccessKind.Write, AccessKind.Fetch],
            GigabytePages = [true],
            Widths = [new(40)],
            Vendors = [Vendor.Intel],
            CasesPerMachine = 64,
        },
        OwnTopIndices = [243, 256],
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_generated_for_a_machine_it_can_be_asked(bool refusals)
    {
        var machine = Machine with { Refusals = refusals };
        TlbGenerator generator = new(machine);
        TlbFit fit = new(machine);
        for (long index = 0; index < 4_000; index++)
        {
            var made = generator.Generate(11, index);
            Assert.True(fit.IsWithin(made), $"{index}:\n{made}");
        }
    }

    [Theory]
    [InlineData("", "read 0x0")]
    [InlineData("pge", "mov cr4 0x20")]
    [InlineData("", "store pte=0x2066; read 0x0")]
    public void A_harmless_sequence_can_be_asked(string control, string commands) =>
        Assert.True(IsWithin(control, commands));

    [Theory]
    [InlineData("", "store pte=0x2067; read 0x0")]
    [InlineData("", "store pd=0x87; read 0x2000")]
    [InlineData("", "store pd=0x8027; read 0x0")]
    [InlineData("", "store pdpt=0x87; read 0x0")]
    [InlineData("", "store pte=0x1000067; read 0x0")]
    [InlineData("", "mov cr3 0x2000; mov cr3 0x4000; mov cr3 0x6000; store pdpt=0x3000027; read 0x0")]
    [InlineData("", "read 0x1")]
    [InlineData("", "read 0x798000000000")]
    [InlineData("", "mov cr4 0x100020")]
    [InlineData("", "mov cr4 0x0")]
    [InlineData("", "mov cr3 0x8000000000008000")]
    [InlineData("smap", "read 0x0")]
    [InlineData("", "invpcid type=2 pcid=0x0 address=0x0")]
    [InlineData("", "access Write address=0x0 cpl=1")]
    public void A_sequence_that_would_harm_the_machine_cannot(string control, string commands) =>
        Assert.False(IsWithin(control, commands));

    private static bool IsWithin(string control, string commands) =>
        new TlbFit(Machine).IsWithin(SequenceScenario.Of($"gbpages {control}", commands));
}
