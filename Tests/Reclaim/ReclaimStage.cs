using PageProof.Contract.Frames;
using PageProof.Contract.Kernel;
using PageProof.Contract.Reclaim;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.Reclaim;
using PageProof.Implementation.Tlb;

namespace PageProof.Tests.Reclaim;

/// <summary>
/// A kernel that is told one command after the other, whose lists of pages are looked at between them, and where others
/// can come in between the steps of a command.
/// </summary>
internal sealed class ReclaimStage : IDisposable
{
    private const int Frames = 256;

    // Commands are read one by one, with as much around them as there can be.
    private static readonly string Around = $"processes {KernelStart.ProcessesMax}\ncpus {KernelStart.CpusMax}\n";

    private readonly KernelMachine _machine = new(new(), Frames);
    private readonly Stack<int> _taken = [];

    /// <summary>Carries out a story, of which every command succeeds.</summary>
    public ReclaimStage(string story)
    {
        Assert.True(KernelText.TryParse(story, out var sequence, out string? reason), reason);
        _machine.Begin(sequence.Start);
        foreach (var command in sequence.Commands)
        {
            var answer = _machine.Answer(_machine.Core.Sequential(command.Cpu.Value), command);
            Assert.True(answer.Kind == KernelAnswerKind.Done, $"{KernelText.Of(command)}: {KernelText.Of(answer)}");
        }
    }

    public KernelCore Core => _machine.Core;

    public ReclaimCounts Counts => _machine.Reclaims;

    /// <summary>How many pages were written to the device of the files, and read from there.</summary>
    public (long Written, long Read) Transfers => _machine.Transfers;

    /// <summary>One CPU at work; nobody comes in between.</summary>
    public KernelCpu<ServedAtOnce> Cpu => Core.Sequential(0);

    /// <summary>One command more.</summary>
    public KernelAnswer Carry(string command)
    {
        var read = Read(command);
        return _machine.Answer(Core.Sequential(read.Cpu.Value), read);
    }

    /// <summary>One command more, and others when it first comes to a point of this kind.</summary>
    public KernelAnswer Carry(string command, YieldKind at, params string[] others)
    {
        Queue<string> left = new(others);
        Meanwhile meanwhile = new(this, at, left);
        var answer = _machine.Answer(new KernelCpu<Meanwhile>(Core, Core.Cpus[0], meanwhile), Read(command));
        Assert.Empty(left);
        return answer;
    }

    /// <summary>The frame to which the entry of a page leads; 0 when it leads to none.</summary>
    public int FrameAt(ulong page, int process = 0) => _machine.TablesOf(new((byte)process))
        .LastOrDefault(each => each.Level == 1 && each.Page.Value == page).Frame.Value;

    /// <summary>Makes every CPU forget how it came to a page, so that its next use sets A.</summary>
    public void Forget(ulong page)
    {
        foreach (var cpu in Core.Cpus)
        {
            cpu.Core.InvalidatePage(page);
        }
    }

    /// <summary>Takes frames for nobody until so many are free.</summary>
    public void Leave(int free)
    {
        while (Core.Pages.Frames.FreeFrames > free)
        {
            Assert.True(Cpu.TryTake(FrameKind.File, out int frame));
            _taken.Push(frame);
        }
    }

    /// <summary>Where the page of a frame stands; none when it is on no list.</summary>
    public PageStanding StandingOf(int frame)
    {
        var lists = Core.Lists;
        bool found = lists.WasFoundUsed(frame);
        return Enum.GetValues<PageList>().Where(list => lists.From(list).Contains(frame)).ToList() switch
        {
            [PageList.ActiveAnonymous or PageList.ActiveFile] => found ? PageStanding.Hot : PageStanding.Warm,
            [_] => found ? PageStanding.Cool : PageStanding.Cold,
            _ => PageStanding.None,
        };
    }

    /// <summary>Nothing that is kept is wrong, and nothing is lost when all have ended.</summary>
    public void MustBeWhole()
    {
        while (_taken.TryPop(out int frame))
        {
            Cpu.Frames.Release(frame);
        }

        Assert.Null(_machine.Audit());
        Assert.Equal(0, _machine.EndAll());
        Assert.Null(_machine.Audit());
    }

    public void Dispose() => _machine.Dispose();

    private static KernelCommand Read(string command)
    {
        Assert.True(KernelText.TryParse(Around + command, out var sequence, out string? reason), reason);
        return sequence.Commands.Single();
    }

    // Whoever is waited for takes its interrupts.
    private readonly struct Meanwhile(ReclaimStage stage, YieldKind at, Queue<string> left) : IWait
    {
        public void Point(YieldKind kind)
        {
            while (kind == at && left.TryDequeue(out string? command))
            {
                Assert.NotEqual(KernelAnswerKind.NotPossible, stage.Carry(command).Kind);
            }
        }

        public void Until(YieldKind kind, IReadiness condition)
        {
            foreach (var cpu in stage.Core.Cpus)
            {
                Shootdown.Serve(cpu, this);
            }

            Assert.True(condition.IsReady, "Nobody is left who could help.");
        }
    }
}
