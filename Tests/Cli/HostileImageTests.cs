using PageProof.Cli;
using PageProof.Properties.Harness;

namespace PageProof.Tests.Cli;

/// <summary>Files of random bytes are walked or refused, and nothing else.</summary>
public sealed class HostileImageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Random_bytes_as_raw_memory()
    {
        string path = _folder.File("image");
        for (int index = 0; index < 200; index++)
        {
            var random = new CaseRandom(1, index);
            File.WriteAllBytes(path, RandomBytes(ref random, 1 + random.Below(1 << random.Below(16))));
            string[] addresses = [.. Enumerable.Range(0, 8).Select(_ => $"0x{random.Edgy():x}")];
            string[] walk = ["walk", path, .. addresses, "--cr3", $"0x{random.Edgy():x}"];
            ToolRun.Of([.. walk, random.OneIn(2) ? "--la57" : "--nxe"]).MustHold();
        }
    }

    [Fact]
    public void A_core_with_random_bytes_in_its_headers()
    {
        string path = _folder.File("core");
        byte[] good = new CoreFile()
            .Note("CORE", new byte[40])
            .Processor(SmallImage.Paged, 0x1000, SmallImage.PhysicalAddressExtension)
            .Memory(0x3000, SmallImage.Bytes()[0x3000..])
            .Memory(0, SmallImage.Bytes()[..0x3000])
            .Bytes();
        const int Headers = 64 + 4 * 56 + 500;
        int walked = 0;
        for (int index = 0; index < 1_000; index++)
        {
            var random = new CaseRandom(2, index);
            byte[] core = good[..(random.OneIn(4) ? random.Below(good.Length) : good.Length)];
            for (int change = random.Below(4); change >= 0 && core.Length > 0; change--)
            {
                ulong value = random.Edgy();
                int at = 4 + random.Below(Headers - 4);
                int size = 1 << random.Below(4);
                for (int part = 0; part < size && at + part < core.Length; part++)
                {
                    core[at + part] = (byte)(value >> 8 * part);
                }
            }

            File.WriteAllBytes(path, core);
            var run = ToolRun.Of("walk", path, SmallImage.Mapped, "0xffff888000000000");
            if (run.ExitCode == ExitCode.Held)
            {
                walked++;
                run.MustHold();
            }
            else
            {
                run.MustRefuse();
            }
        }

        // Both ends are met often.
        Assert.InRange(walked, 100, 900);
    }

    private static byte[] RandomBytes(ref CaseRandom random, int count)
    {
        var bytes = new byte[count];
        for (int index = 0; index < count; index++)
        {
            bytes[index] = (byte)random.Next();
        }

        return bytes;
    }
}
