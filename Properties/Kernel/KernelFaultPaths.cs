using PageProof.Contract.Kernel;

namespace PageProof.Properties.Kernel;

/// <summary>What faults have met under schedules, each to be met often enough.</summary>
internal sealed class KernelFaultPaths
{
    private const int Floor = 20;

    private long _beside;
    private long _back;
    private long _grown;

    /// <summary>How many classes there are.</summary>
    public static int Classes => 3;

    /// <summary>How often the rarest was met.</summary>
    public long Least => Math.Min(_beside, Math.Min(_back, _grown));

    /// <summary>Adds those of a run.</summary>
    public void Add(in FaultPathCounts counts)
    {
        _beside += counts.BesideWriter;
        _back += counts.FellBack;
        _grown += counts.Grown;
    }

    /// <summary>Adds those of another.</summary>
    public void Add(KernelFaultPaths other) => Add(new FaultPathCounts
    {
        BesideWriter = other._beside,
        FellBack = other._back,
        Grown = other._grown,
    });

    /// <summary>Those that were met too seldom.</summary>
    public IEnumerable<string> Below => new (string Name, long Count)[]
    {
        ("faults that lock an area alone while another CPU changes areas of the process", _beside),
        ("faults that find their area being changed, or not there, and lock the space", _back),
        ("stacks that grow", _grown),
    }
    .Where(met => met.Count < Floor)
    .Select(met => $"{met.Name}: {met.Count}");
}
