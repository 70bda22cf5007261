using System.ComponentModel;
using System.Diagnostics;
using PageProof.Contract;
using PageProof.Contract.Hardening;

namespace PageProof.Reality.Aslr;

/// <summary>
/// Starts small processes of the running kernel and looks at where their regions lie. Their files lie in a
/// folder of their own, which goes with this; no process outlives the thread that waits for it.
/// </summary>
public sealed class LayoutWatch : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("pageproof-aslr-").FullName;
    private readonly LayoutHost _host;

    /// <exception cref="UserError">The host is no Linux of 64 bits.</exception>
    public LayoutWatch() => _host = LayoutHost.Read();

    /// <summary>What the kernel says of itself.</summary>
    public LayoutHost Host => _host;

    /// <summary>
    /// The layouts of so many starts of a kind, each with the request that it answers; none when the kernel does
    /// not run programs of 32 bits.
    /// </summary>
    public IReadOnlyList<(LayoutRequest Request, ObservedLayout Seen)> Starts(StartKind kind, int count)
    {
        string? interpreter = kind.Program == ProgramKind.PositionIndependent
            ? Write("interpreter", kind, ProgramKind.StaticPositionIndependent, null)
            : null;
        string program = Write("program", kind, kind.Program, interpreter);

        // The first start still has the personality of this process.
        var output = Run(program, new string('x', count));
        if (output is null && !kind.Is64)
        {
            return [];
        }

        int records = (output?.Length ?? 0) / LayoutStub.RecordLength;
        if (output is null || output.Length != (count + 1) * LayoutStub.RecordLength)
        {
            throw new UserError($"The kernel made {records} of {count + 1} starts of {kind}.");
        }

        return [.. Enumerable.Range(1, count).Select(start => ProcessMaps.Read(
            output.AsSpan(start * LayoutStub.RecordLength, LayoutStub.RecordLength),
            kind, _host, program, interpreter))];
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, StartKind kind, ProgramKind program, string? interpreter)
    {
        string path = Path.Combine(_folder, name);
        ulong address = ElfImage.AddressOf(kind.Is64, program) + ElfImage.CodeOffset;
        byte[] code = kind.Is64
            ? LayoutStub.For64(kind.Personality, kind.MappingSize, address)
            : LayoutStub.For32(kind.Personality, kind.MappingSize, address);
        File.Delete(path);
        File.WriteAllBytes(path, ElfImage.Of(kind.Is64, program, code, interpreter));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return path;
    }

    // What the process writes until it ends; null when it cannot be started.
    private static byte[]? Run(string program, string argument)
    {
        using Process process = new()
        {
            StartInfo = new(program, [argument]) { RedirectStandardOutput = true, UseShellExecute = false },
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            return null;
        }

        try
        {
            using MemoryStream output = new();
            using CancellationTokenSource late = new(Limit);
            process.StandardOutput.BaseStream.CopyToAsync(output, late.Token).GetAwaiter().GetResult();
            return process.WaitForExit(Limit) ? output.ToArray() : null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
                process.WaitForExit();
            }
        }
    }
}
