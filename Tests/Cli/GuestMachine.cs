using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace PageProof.Tests.Cli;

/// <summary>
/// QEMU running one ROM, spoken to through its machine protocol. It ends with its user, and by
/// itself after a while should the user be killed.
/// </summary>
public sealed class GuestMachine : IDisposable
{
    /// <summary>How much memory the guest has.</summary>
    public const ulong Memory = 16 << 20;
    private const string Program = "qemu-system-x86_64";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LifeMax = TimeSpan.FromMinutes(3);
    private readonly Process _process;

    private GuestMachine(Process process) => _process = process;

    /// <summary>Whether QEMU can be started here.</summary>
    public static bool IsInstalled =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, Program)));

    /// <summary>Starts a guest, and returns when it has halted.</summary>
    public static GuestMachine Boot(string romPath)
    {
        string[] arguments =
        [
            "-k", "5", $"{LifeMax.TotalSeconds}", Program,
            "-machine", "pc", "-accel", "tcg", "-cpu", "max", "-m", $"{Memory >> 20}M",
            "-bios", romPath, "-nodefaults", "-display", "none", "-vga", "none", "-no-reboot", "-qmp", "stdio",
        ];
        var process = Process.Start(new ProcessStartInfo("timeout", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var machine = new GuestMachine(process);
        try
        {
            machine.Execute("qmp_capabilities");
            machine.WaitUntilHalted();
            return machine;
        }
        catch
        {
            machine.Dispose();
            throw;
        }
    }

    /// <summary>What the monitor for people answers to a line.</summary>
    public string Ask(string line) =>
        Execute("human-monitor-command", new() { ["command-line"] = line })!.GetValue<string>();

    /// <summary>Writes the memory as it is, from address 0 on.</summary>
    public void SaveRaw(string path) => Execute(
        "pmemsave", new() { ["val"] = 0, ["size"] = Memory, ["filename"] = path });

    /// <summary>Writes the memory and the registers as an ELF core.</summary>
    public void SaveCore(string path) => Execute(
        "dump-guest-memory", new() { ["paging"] = false, ["protocol"] = $"file:{path}" });

    /// <summary>The content of a register, by the name that <c>info registers</c> gives it.</summary>
    public ulong Register(string name)
    {
        string text = Ask("info registers");
        string prefix = name + "=";
        string digits = text.Split([' ', '\n', '\r'])
            .First(word => word.StartsWith(prefix, StringComparison.Ordinal))[prefix.Length..];
        return ulong.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        try
        {
            if (!_process.HasExited)
            {
                _process.StandardInput.WriteLine("{\"execute\":\"quit\"}");
                _process.StandardInput.Flush();
            }
        }
        catch (IOException)
        {
            // It went by itself in between.
        }

        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private void WaitUntilHalted()
    {
        var clock = Stopwatch.StartNew();
        while (!Ask("info registers").Contains("HLT=1", StringComparison.Ordinal))
        {
            Assert.True(clock.Elapsed < Patience, "The guest did not halt.");
            Thread.Sleep(10);
        }
    }

    // Answers come in order, with events between them.
    private JsonNode? Execute(string command, JsonObject? arguments = null)
    {
        var request = new JsonObject { ["execute"] = command };
        if (arguments is not null)
        {
            request["arguments"] = arguments;
        }

        _process.StandardInput.WriteLine(request.ToJsonString());
        _process.StandardInput.Flush();
        while (true)
        {
            var line = _process.StandardOutput.ReadLineAsync();
            Assert.True(line.Wait(Patience), $"QEMU did not answer {command}.");
            if (line.Result is null)
            {
                throw new InvalidOperationException(
                    $"QEMU ended at {command}: {_process.StandardError.ReadToEnd()}");
            }

            var answer = JsonNode.Parse(line.Result)!.AsObject();
            Assert.False(answer.ContainsKey("error"), $"{command}: {line.Result}");
            if (answer.TryGetPropertyValue("return", out var result))
            {
                return result;
            }
        }
    }
}
