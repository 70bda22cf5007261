using System.Diagnostics;
using System.Text;
using PageProof.Contract;

namespace PageProof.Reality.Qemu;

/// <summary>
/// One run of the emulator, from start to end, within a time limit. It dies with us: the kernel
/// kills it when the thread that waits for it ends, however that happens.
/// </summary>
internal static class QemuProcess
{
    private const string DiesWithParent = "setpriv";
    private const int SaidMax = 2000;

    /// <summary>Runs the program to its end and returns its exit status and what it said.</summary>
    /// <exception cref="TimeoutException">It did not end in time, and was killed.</exception>
    public static (int Status, string Said) Run(
        string program, IReadOnlyList<string> arguments, TimeSpan limit)
    {
        using var process = new Process { StartInfo = StartInfo(program, arguments) };
        var said = new StringBuilder();
        void Hear(object sender, DataReceivedEventArgs line)
        {
            lock (said)
            {
                said.Append(line.Data is null || said.Length > SaidMax ? "" : line.Data.Trim() + " ");
            }
        }

        process.OutputDataReceived += Hear;
        process.ErrorDataReceived += Hear;
        try
        {
            process.Start();
            process.StandardInput.Close();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (!process.WaitForExit(limit))
            {
                throw new TimeoutException($"{program} did not end within {limit.TotalSeconds:f0} s.");
            }

            process.WaitForExit();
            return (process.ExitCode, said.ToString().Trim());
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new UserError($"{program} cannot be started: {exception.Message}.");
        }
        finally
        {
            Kill(process);
        }
    }

    /// <summary>The full path of a program by the search path, or null.</summary>
    public static string? Find(string program) => program.Contains('/')
        ? File.Exists(program) ? program : null
        : (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static ProcessStartInfo StartInfo(string program, IReadOnlyList<string> arguments)
    {
        string? guard = Find(DiesWithParent);
        string[] command = guard is null ? [program] : [guard, "--pdeathsig", "KILL", "--", program];
        return new(command[0], [.. command[1..], .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    private static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited)
            {
                process.Kill();
                process.WaitForExit();
            }
        }
        catch (InvalidOperationException)
        {
            // It was never started.
        }
    }
}
