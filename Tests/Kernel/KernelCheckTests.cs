using PageProof.Tests.Cli;

namespace PageProof.Tests.Kernel;

/// <summary>The laws of kernels from the command line.</summary>
public sealed class KernelCheckTests
{
    [Fact]
    public void A_kept_sequence_is_run_again()
    {
        var sequence = """
            processes 2
            0: mmap at=0x1000000000 length=0x1000 protection=read,write flags=private,fixed,anonymous
            0: store at=0x1000000000 length=0x8 value=0x7
            0: fork child=1
            1: load at=0x1000000000 length=0x8
            """u8;
        using TemporaryFolder folder = new();
        string path = folder.Write("fork.kernel", sequence);
        Assert.Contains("as the Spec permits", ToolRun.Of("check", "kernel", "--replay", path).MustHold());
    }

    [Fact]
    public void What_cannot_be_asked_is_told_in_a_sentence()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("odd.kernel", "processes 1\n0: load at=0x1000000000 length=0x3\n"u8);
        Assert.Contains("outside what it offers", ToolRun.Of("check", "kernel", "--replay", path).MustRefuse());
    }
}
