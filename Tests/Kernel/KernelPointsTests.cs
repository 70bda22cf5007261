using PageProof.Contract.Kernel;
using PageProof.Contract.Scheduling;
using PageProof.Implementation.Kernel;

namespace PageProof.Tests.Kernel;

/// <summary>
/// The points at which others may come between the steps of a call or a fault, one after the other: a point that is
/// left out takes schedules away, and no schedule that is left can tell.
/// </summary>
[InLane("kernel")]
[InLane("addressspaces")]
[InLane("pagecache")]
[InLane("reclaim")]
public sealed class KernelPointsTests
{
    private const string Begun = """
        processes 3
        cpus 2
        file 0x4000 rw
        0: mmap at=0x1000000000 length=0x4000 protection=read,write flags=private,fixed,anonymous
        0: mmap at=0x1000010000 length=0x2000 protection=read,write flags=shared,fixed
        0: mmap at=0x1000020000 length=0x2000 protection=read,write flags=shared,fixed,anonymous
        0: store at=0x1000000000 length=0x8 value=0x7
        0: store at=0x1000010000 length=0x8 value=0x7
        0: store at=0x1000020000 length=0x8 value=0x7

        """;

    public static TheoryData<string, string> Calls => new()
    {
        {
            "0: exit",
            "4*ContextSwitch IpiSend Lock 6*AreaStore Lock 6*TableStore Unlock Lock Unlock TlbFlush "
            + "IpiSend 7*FrameRelease Unlock"
        },
        {
            "0: fork child=1",
            "4*Lock 7*TableStore 2*Unlock TlbFlush IpiSend FrameRelease Unlock"
        },
        {
            "0: fsync",
            "3*Lock TableStore Unlock TlbFlush IpiSend FrameRelease Unlock InputOutput"
        },
        {
            "0: ftruncate",
            "3*Lock TableStore Unlock TlbFlush IpiSend 2*FrameRelease Unlock"
        },
        {
            "0: load at=0x1000001000 length=0x8",
            "TableRead 2*AreaRead 3*Lock TableStore 2*Unlock 4*TableRead TlbFill"
        },
        {
            "0: load at=0x1000011000 length=0x8",
            "TableRead 2*AreaRead 5*Lock TableStore 2*Unlock 4*TableRead TlbFill"
        },
        {
            "0: madvise at=0x1000000000 length=0x1000 advice=dontneed",
            "2*Lock TableStore TlbFlush IpiSend 2*FrameRelease 2*Unlock"
        },
        {
            "0: mmap at=0x1000030000 length=0x1000 protection=read flags=private,fixed,anonymous,populate",
            "Lock AreaStore Unlock 2*Lock TableStore 2*Unlock"
        },
        {
            "0: mprotect at=0x1000000000 length=0x1000 protection=read",
            "Lock AreaStore Lock TableStore Unlock TlbFlush IpiSend FrameRelease Unlock"
        },
        {
            "0: mremap at=0x1000000000 length=0x4000 new=0x2000",
            "Lock 3*AreaStore Lock 2*Unlock"
        },
        {
            "0: munmap at=0x1000000000 length=0x1000",
            "Lock 3*AreaStore Unlock 2*Lock TableStore Unlock TlbFlush IpiSend 2*FrameRelease Unlock"
        },
        {
            "0: pin at=0x1000000000 length=0x8 for=write",
            "2*Lock Unlock"
        },
        {
            "0: pread length=0x8",
            "Lock"
        },
        {
            "0: pwrite length=0x8 value=0x7",
            "Lock"
        },
        {
            "0: splice length=0x8",
            "2*Lock"
        },
        {
            "0: store at=0x1000001000 length=0x8 value=0x1",
            "TableRead 2*AreaRead 4*Lock TableStore 2*Unlock 4*TableRead TlbFill"
        },
        {
            "0: vmsplice at=0x1000000000 length=0x8",
            "2*Lock Unlock"
        },
        {
            "0: fork child=1\n0: store at=0x1000000000 length=0x8 value=0x1",
            "4*TableRead 2*AreaRead 3*Lock Unlock Lock TableStore TlbFlush IpiSend FrameRelease "
            + "TableStore 2*Unlock 4*TableRead TlbFill"
        },
        {
            "0: fork child=1\n1: exit",
            "8*ContextSwitch IpiSend Lock 6*AreaStore Lock 4*TableStore Unlock Lock Unlock TlbFlush "
            + "IpiSend 5*FrameRelease Unlock"
        },
        {
            "0: swapon\n0: madvise at=0x1000000000 length=0x1000 advice=pageout",
            "2*Lock 2*Unlock 2*Lock TableStore TlbFlush IpiSend FrameRelease 2*Unlock InputOutput "
            + "FrameRelease"
        },
        {
            "0: swapon\n0: madvise at=0x1000020000 length=0x1000 advice=pageout",
            "2*Lock 2*Unlock 2*Lock TableStore TlbFlush IpiSend FrameRelease 2*Unlock InputOutput "
            + "FrameRelease"
        },
        {
            "0: swapon\n"
            + "0: madvise at=0x1000000000 length=0x1000 advice=pageout\n"
            + "0: load at=0x1000000000 length=0x8",
            "4*TableRead 2*AreaRead 3*Lock InputOutput Lock TableStore 2*Unlock 4*TableRead TlbFill"
        },
        {
            "0: swapon\n0: madvise at=0x1000000000 length=0x1000 advice=pageout\n0: swapoff",
            "2*Lock InputOutput Lock TableStore 2*Unlock"
        },
        {
            "0: swapon\n"
            + "0: madvise at=0x1000020000 length=0x1000 advice=pageout\n"
            + "0: load at=0x1000020000 length=0x8",
            "4*TableRead 2*AreaRead 2*Lock InputOutput 2*Lock TableStore 2*Unlock 4*TableRead TlbFill"
        },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public void The_last_of_these_has_its_points(string commands, string points)
    {
        Assert.True(KernelText.TryParse(Begun + commands + "\n", out var sequence, out string? reason), reason);
        using ScheduledKernel kernel = new(new());
        kernel.Begin(sequence.Start);
        foreach (var command in sequence.Commands[..^1])
        {
            kernel.Carry(command);
        }

        Recorder recorder = new();
        kernel.Carry(sequence.Commands[^1], recorder);
        Assert.Null(kernel.Audit());
        Assert.Equal(points, recorder.ToString());
    }

    private sealed class Recorder : IWait
    {
        private readonly List<(YieldKind Kind, int Times)> _points = [];

        public void Point(YieldKind kind)
        {
            if (_points.Count > 0 && _points[^1].Kind == kind)
            {
                _points[^1] = (kind, _points[^1].Times + 1);
            }
            else
            {
                _points.Add((kind, 1));
            }
        }

        public void Until(YieldKind kind, IReadiness condition)
        {
            Point(kind);
            Assert.True(condition.IsReady, "Nobody else is at work.");
        }

        public override string ToString() =>
            string.Join(' ', _points.Select(each => each.Times == 1 ? $"{each.Kind}" : $"{each.Times}*{each.Kind}"));
    }
}
