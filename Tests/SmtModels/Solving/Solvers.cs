using PageProof.SmtModels.Solving;

namespace PageProof.Tests.SmtModels.Solving;

/// <summary>The solvers of this machine; a test of one that is not there is skipped.</summary>
internal static class Solvers
{
    public static TimeSpan Long { get; } = TimeSpan.FromSeconds(20);

    public static Z3Solver Z3()
    {
        Z3Solver solver = new();
        try
        {
            Assert.StartsWith("Z3 ", solver.Name);
        }
        catch (SolverException exception)
        {
            Assert.Skip(exception.Message);
        }

        return solver;
    }

    public static ProcessSolver OnPipe(string command)
    {
        string program = command.Split(' ')[0];
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        bool isHere = folders.Any(folder => File.Exists(Path.Combine(folder, program)));
        Assert.SkipUnless(isHere, $"{program} is not installed.");
        return new(command);
    }

    /// <summary>A command of the shell in place of a solver.</summary>
    public static ProcessSolver Shell(string script)
    {
        Assert.SkipUnless(File.Exists("/bin/sh"), "There is no /bin/sh.");
        return new($"/bin/sh -c \"{script}\"");
    }
}
