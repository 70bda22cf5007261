using System.Collections.Immutable;
using PageProof.Contract.Kernel;

namespace PageProof.Properties.Kernel;

/// <summary>
/// Counts what has met at one page of a file, at the end of a process or at a page that moves: two commands of
/// different CPUs, of which neither had ended when the other began, so that there was another order of their steps.
/// </summary>
internal sealed class KernelMeetings(KernelCapabilities capabilities)
{
    /// <summary>How often each has to meet, at least.</summary>
    public const int Floor = 3;

    private readonly long[] _counts = new long[Wanted.Length];

    /// <summary>What is to meet.</summary>
    public static ImmutableArray<(KernelCommandKind One, KernelCommandKind Other)> Wanted { get; } =
    [
        .. KernelFileSchedules.Meetings,
        .. KernelExitSchedules.Others.Select(other => (KernelCommandKind.Exit, other)),
        .. KernelMigrationSchedules.Others.Select(other => (KernelCommandKind.Compact, other)),
    ];

    /// <summary>Counts those of one run.</summary>
    public void Count(IReadOnlyList<List<Timed>> meanwhile)
    {
        for (int cpu = 0; cpu < meanwhile.Count; cpu++)
        {
            for (int later = cpu + 1; later < meanwhile.Count; later++)
            {
                Count(meanwhile[cpu], meanwhile[later]);
            }
        }
    }

    /// <summary>Those of another, too.</summary>
    public void Add(KernelMeetings other)
    {
        for (int place = 0; place < _counts.Length; place++)
        {
            _counts[place] += other._counts[place];
        }
    }

    /// <summary>How often the rarest has met.</summary>
    public long Least => Wanted.Index().Where(each => IsOffered(each.Item)).Min(each => _counts[each.Index]);

    /// <summary>What has met too seldom.</summary>
    public IEnumerable<string> Below => Wanted.Index()
        .Where(each => IsOffered(each.Item) && _counts[each.Index] < Floor)
        .Select(each => $"{each.Item.One} and {each.Item.Other}: {_counts[each.Index]}");

    private bool IsOffered((KernelCommandKind One, KernelCommandKind Other) pair) =>
        pair.One != KernelCommandKind.Compact || capabilities.Commands.Contains(pair.One);

    private void Count(List<Timed> ofOne, List<Timed> ofOther)
    {
        foreach (var one in ofOne)
        {
            foreach (var other in ofOther)
            {
                if (one.Begun < other.Ended && other.Begun < one.Ended && Meet(one.Command, other.Command))
                {
                    Count(one.Command.Kind, other.Command.Kind);
                }
            }
        }
    }

    private void Count(KernelCommandKind one, KernelCommandKind other)
    {
        for (int place = 0; place < _counts.Length; place++)
        {
            var pair = Wanted[place];
            _counts[place] += pair == (one, other) || pair == (other, one) ? 1 : 0;
        }
    }

    private bool Meet(in KernelCommand one, in KernelCommand other)
    {
        int first = KernelFileSchedules.PageOf(capabilities, one);
        int second = KernelFileSchedules.PageOf(capabilities, other);
        return first == second || first < 0 || second < 0;
    }
}
