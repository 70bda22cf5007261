using System.Diagnostics;
using PageProof.SmtModels.Smt;
using PageProof.SmtModels.Solving;

namespace PageProof.Tests.SmtModels.Solving;

/// <summary>A solver on a pipe may be anything: it answers, or one sentence says why not.</summary>
public sealed class ProcessSolverTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    private readonly TermPool _pool = new();

    private Term X => _pool.Variable("x", Sort.BitVec(8));

    private Goal Small => new(_pool, [_pool.Ult(X, _pool.BitVec(9, 8))]);

    [Theory]
    [InlineData("", "The command of the solver is empty.")]
    [InlineData("z3 'in", "The command of the solver ends within quotes: z3 'in.")]
    public void A_command_that_is_none_is_told(string command, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<SolverException>(() => new ProcessSolver(command)).Message);

    [Fact]
    public void A_program_that_is_not_there_is_told()
    {
        using ProcessSolver solver = new("solver-that-is-nowhere --lang smt2");
        var thrown = Assert.Throws<SolverException>(() => solver.Solve(Small, Short));
        Assert.StartsWith("The solver solver-that-is-nowhere cannot be started: ", thrown.Message);
        Assert.Throws<SolverException>(() => solver.Name);
    }

    [Theory]
    [InlineData("exit 3", "The solver sh ended with exit code 3 and no answer.")]
    [InlineData("echo no licence. >&2; exit 1", "The solver sh ended with exit code 1 and no answer: no licence.")]
    [InlineData("echo hello; echo sat", "The solver sh answered what is no answer: hello.")]
    [InlineData("echo '(error |bad logic|)'", "The solver sh refused the goal: bad logic.")]
    [InlineData("echo '((((('", "The solver sh ended with exit code 0 and no answer.")]
    [InlineData("echo ')'", "The solver sh ended with exit code 0 and no answer.")]
    [InlineData("cat > /dev/null; echo sat", "The solver sh gave a model that cannot be read.")]
    [InlineData("echo sat; echo '((x #x0'", "The solver sh gave a model that cannot be read.")]
    [InlineData("echo sat; echo '((y #x01))'", "The solver sh gave a model that cannot be read.")]
    [InlineData("echo sat; echo '((x #x100))'", "The solver sh gave a model that cannot be read.")]
    public void An_answer_that_is_none_is_told(string script, string sentence)
    {
        using var solver = Solvers.Shell(script);
        Assert.Equal(sentence, Assert.Throws<SolverException>(() => solver.Solve(Small, Solvers.Long)).Message);
    }

    [Fact]
    public void A_model_that_does_not_hold_is_refused()
    {
        using var solver = Solvers.Shell("echo sat; echo '((x #x09))'");
        var thrown = Assert.Throws<SolverException>(() => solver.Solve(Small, Solvers.Long));
        Assert.Contains("gave a model under which the goal does not hold", thrown.Message);
    }

    [Fact]
    public void A_program_that_never_stops_talking_is_stopped()
    {
        using var solver = Solvers.Shell("yes");
        var thrown = Assert.Throws<SolverException>(() => solver.Solve(Small, Solvers.Long));
        Assert.Equal("The solver sh answered what is no answer: y.", thrown.Message);
    }

    [Theory]
    [InlineData("echo unsat", SolverStatus.Unsatisfiable, null)]
    [InlineData("echo unknown", SolverStatus.Unknown, "unknown")]
    [InlineData("echo timeout", SolverStatus.Unknown, "timeout")]
    [InlineData("echo sat; echo '((x #b00001000))'", SolverStatus.Satisfiable, null)]
    [InlineData("echo sat; echo '((|x| (_ bv8 8)))'", SolverStatus.Satisfiable, null)]
    [InlineData("echo sat; echo '((x (let ((a #x08)) (let ((b a)) b))))'", SolverStatus.Satisfiable, null)]
    public void Answers_are_read(string script, SolverStatus status, string? reason)
    {
        using var solver = Solvers.Shell(script);
        var answer = solver.Solve(Small, Solvers.Long);
        Assert.Equal((status, reason), (answer.Status, answer.Reason));
        Assert.Equal(status == SolverStatus.Satisfiable ? 8UL : null, answer.Model?[X].Word);
    }

    [Theory]
    [InlineData("(store (store ((as const (Array A B)) #x0000000000000005) {0} {1}) {0} {2})", 2)]
    [InlineData("(let ((a!1 (store ((as const (Array A B)) (_ bv5 64)) {0} {2}))) (store a!1 {1} {1}))", 2)]
    public void Memories_are_read(string written, ulong atOne)
    {
        var memory = _pool.Variable("m", Sort.Memory);
        string value = string.Format(
            null, written, "#x0000000000000001", "#x0000000000000003", "#x0000000000000002");
        using var solver = Solvers.Shell($"echo sat; echo '((m {value}))'");
        var one = _pool.BitVec(1, 64);
        Goal goal = new(_pool, [_pool.Equal(_pool.Select(memory, one), _pool.BitVec(atOne, 64))]);
        var found = solver.Solve(goal, Solvers.Long).Model![memory].Memory;
        Assert.Equal((atOne, 5UL), (found[1], found[9]));
    }

    [Theory]
    [InlineData("echo $$ > {0}; exec sleep 60")]
    [InlineData("sleep 60 & echo $! > {0}; wait")]
    [InlineData("trap '' TERM; echo $$ > {0}; cat > /dev/null; sleep 60; sleep 60")]
    public void A_program_that_hangs_is_stopped_with_all_that_it_started(string script)
    {
        string file = Path.GetTempFileName();
        try
        {
            using var solver = Solvers.Shell(string.Format(null, script, file));
            var clock = Stopwatch.StartNew();
            var answer = solver.Solve(Small, Short);
            Assert.Equal((SolverStatus.Unknown, "timeout"), (answer.Status, answer.Reason));
            Assert.InRange(clock.Elapsed, Short, TimeSpan.FromSeconds(10));
            int child = int.Parse(File.ReadAllText(file), null);
            Assert.True(IsGone(child), $"process {child} is still there");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_goal_that_takes_too_long_is_unknown_for_its_time()
    {
        using var solver = Solvers.OnPipe("z3 -in");
        var answer = solver.Solve(HardGoal.In(_pool), Short);
        Assert.Equal((SolverStatus.Unknown, "timeout"), (answer.Status, answer.Reason));
    }

    [Fact]
    public void Words_of_a_command_may_be_quoted()
    {
        using ProcessSolver solver = new("'/bin/sh'   -c \"echo 'unsat' # a b\"");
        Assert.Equal(SolverStatus.Unsatisfiable, solver.Solve(Small, Solvers.Long).Status);
    }

    [Fact]
    public void A_solver_is_named_with_its_version()
    {
        Assert.Matches(@"^z3 \d+\.\d+\.\d+$", Solvers.OnPipe("z3 -in").Name);
        Assert.Equal("/bin/sh -c echo hello", new ProcessSolver("/bin/sh -c \"echo hello\"").Name);
    }

    /// <summary>A process that has ended and waits for its parent to notice is gone, too.</summary>
    private static bool IsGone(int process)
    {
        for (int tries = 0; tries < 20; tries++)
        {
            string status = $"/proc/{process}/stat";
            if (!File.Exists(status) || File.ReadAllText(status).Contains(") Z "))
            {
                return true;
            }

            Thread.Sleep(50);
        }

        return false;
    }
}
