using PageProof.Contract.Kernel;
using PageProof.Implementation.Kernel;

namespace PageProof.Tests.AddressSpaces;

/// <summary>
/// Of a frame it is noted where it is mapped, and there is no room for more: memory is lacking, and nothing is lost.
/// </summary>
[InLane("addressspaces")]
public sealed class MappingsFullTests
{
    private const int Frames = 18;
    private const ulong Arena = 0x10_0000_0000;

    [Fact]
    public void Where_no_mapping_can_be_noted_there_is_no_memory_until_one_goes()
    {
        using KernelMachine machine = new(new(), Frames);
        Begin(machine);
        int mapped = 0;
        KernelAnswer answer;
        do
        {
            ulong page = Arena + 0x1000 * (ulong)mapped;
            Carry(machine, $"mmap at=0x{page:x} length=0x1000 protection=read,write flags=private,fixed");
            answer = Carry(machine, $"load at=0x{page:x} length=0x8");
            mapped++;
        }
        while (answer.Kind == KernelAnswerKind.Done);

        Assert.Equal((Errno.ENOMEM, 0), (answer.Errno, machine.Core.Pages.Table.MappingsFree));
        Assert.True(machine.Core.Pages.Frames.FreeFrames > 2);
        int free = machine.Core.Pages.Frames.FreeFrames;

        // A copy would be one mapping more, for as long as the common page is there.
        string store = $"store at=0x{Arena:x} length=0x8 value=0x9";
        Assert.Equal(Errno.ENOMEM, Carry(machine, store).Errno);
        Assert.Equal(free, machine.Core.Pages.Frames.FreeFrames);
        Assert.Equal(7UL, Carry(machine, $"load at=0x{Arena:x} length=0x8").Value);
        Assert.Null(machine.Audit());
        Assert.Equal(KernelAnswerKind.Done, Carry(machine, $"munmap at=0x{Arena + 0x1000:x} length=0x1000").Kind);
        Assert.Equal(KernelAnswerKind.Done, Carry(machine, store).Kind);
        Assert.Equal(9UL, Carry(machine, $"load at=0x{Arena:x} length=0x8").Value);
        Assert.Equal(7UL, Carry(machine, "pread length=0x8").Value);
        Assert.Null(machine.Audit());
        Assert.Equal(0, machine.EndAll());
    }

    private static void Begin(KernelMachine machine)
    {
        machine.Begin(Read("pwrite length=0x8 value=0x7").Start);
        Carry(machine, "pwrite length=0x8 value=0x7");
    }

    private static KernelAnswer Carry(KernelMachine machine, string command) =>
        machine.Answer(machine.Core.Sequential(0), Read(command).Commands[0]);

    private static KernelSequence Read(string command)
    {
        Assert.True(
            KernelText.TryParse($"processes 1\nfile 0x1000 rw\n0: {command}\n", out var sequence, out string? reason),
            reason);
        return sequence;
    }
}
