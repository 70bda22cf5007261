using System.Diagnostics;
using Microsoft.Z3;
using Z3Version = Microsoft.Z3.Version;

namespace PageProof.SmtModels.Solving;

/// <summary>Z3, in this process. Each goal has a context of its own, so that threads may solve at once.</summary>
public sealed class Z3Solver : ISolver
{
    private const string Installed = "(Debian and Ubuntu: apt-get install libz3-4)";

    // The limit of Z3 does not reach into all of its preprocessing, so it is interrupted somewhat later.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    public string Name => Guarded(() => $"Z3 {Z3Version.Major}.{Z3Version.Minor}.{Z3Version.Build}");

    public SolverAnswer Solve(Goal goal, TimeSpan limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero);
        return Guarded(() => Check(goal, limit));
    }

    public void Dispose()
    {
        // Every context was given back when its goal was decided.
    }

    private SolverAnswer Check(Goal goal, TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        using Context context = new();
        Z3Terms terms = new(context, goal);
        using var solver = terms.MkSolver();
        terms.AssertIn(solver);
        var left = limit - clock.Elapsed;
        if (left <= TimeSpan.Zero)
        {
            return Unknown(SolverAnswer.Timeout);
        }

        using var parameters = context.MkParams();
        parameters.Add("timeout", (uint)Math.Clamp(left.TotalMilliseconds, 1, int.MaxValue));
        solver.Parameters = parameters;
        var status = Interruptible(context, solver, left + Grace);
        if (status == Status.UNKNOWN)
        {
            string reason = solver.ReasonUnknown;
            bool isTime = clock.Elapsed >= limit || reason is "timeout" or "canceled" or "interrupted";
            return Unknown(isTime ? SolverAnswer.Timeout : reason);
        }

        if (status == Status.UNSATISFIABLE)
        {
            return new(SolverStatus.Unsatisfiable, null, null, clock.Elapsed);
        }

        using var found = solver.Model ?? throw new SolverException("Z3 found the goal satisfiable without a model.");
        var model = ModelCheck.Verified(goal, terms.Candidates(found), Name);
        return new(SolverStatus.Satisfiable, model, null, clock.Elapsed);

        SolverAnswer Unknown(string reason) => new(SolverStatus.Unknown, null, reason, clock.Elapsed);
    }

    private static Status Interruptible(Context context, Solver solver, TimeSpan limit)
    {
        Lock door = new();
        bool isOver = false;
        var due = TimeSpan.FromMilliseconds(Math.Min(limit.TotalMilliseconds, int.MaxValue));
        using Timer timer = new(_ => Interrupt(), null, due, Timeout.InfiniteTimeSpan);
        try
        {
            return solver.Check();
        }
        finally
        {
            lock (door)
            {
                isOver = true;
            }
        }

        // Never after the check, when the context may be gone.
        void Interrupt()
        {
            lock (door)
            {
                if (!isOver)
                {
                    context.Interrupt();
                }
            }
        }
    }

    private static T Guarded<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Z3Exception exception)
        {
            throw new SolverException($"Z3 failed: {exception.Message.TrimEnd('.')}.", exception);
        }
        catch (Exception exception) when (Trouble(exception) is { } sentence)
        {
            throw new SolverException(sentence, exception);
        }
    }

    private static string? Trouble(Exception exception) => exception switch
    {
        TypeInitializationException { InnerException: { } cause } => Trouble(cause),
        EntryPointNotFoundException => $"The Z3 library of this machine is too old; install 4.8 or later {Installed}.",
        BadImageFormatException => WrongKind,
        DllNotFoundException when IsWrongKind(exception.Message) => WrongKind,
        DllNotFoundException => $"The Z3 library is not installed {Installed}.",
        _ => null,
    };

    private static string WrongKind => $"The Z3 library of this machine is not for its processor {Installed}.";

    // What the loader of the system says of a file that it found and cannot load.
    private static bool IsWrongKind(string message) =>
        message.Contains("ELF", StringComparison.Ordinal)
        || message.Contains("file too short", StringComparison.Ordinal);
}
