using System.Collections.Frozen;
using PageProof.Contract.AddressSpaces;
using PageProof.Contract.Kernel;
using PageProof.Properties.Harness;
using PageProof.Spec.Kernel;

namespace PageProof.Properties.Kernel;

/// <summary>Counts the classes of the steps of a run, and judges them against the floor.</summary>
public sealed class KernelCoverage
{
    /// <summary>How many steps of each class a run must have seen.</summary>
    public const int Floor = 20;

    /// <summary>How many sequences bring the rarest class to its floor: measured, and a margin.</summary>
    public const long CasesToBind = 6_000;

    private static readonly FrozenDictionary<KernelClass, int> Places =
        KernelClass.All.Index().ToFrozenDictionary(each => each.Item, each => each.Index);

    private readonly long[] _counts = new long[KernelClass.All.Length];
    private readonly Dictionary<KernelClass, long> _others = [];
    private readonly List<KernelCircumstance> _circumstances = [];

    /// <summary>How many commands were counted.</summary>
    public long Commands { get; private set; }

    public long this[in KernelClass each] => Places.TryGetValue(each, out int place) ? _counts[place] : 0;

    /// <summary>The classes that are not asked for and were reached.</summary>
    public IReadOnlyDictionary<KernelClass, long> Others => _others;

    /// <summary>Counts a step that was permitted.</summary>
    public void Count(KernelState before, in KernelCommand command, in KernelAnswer answer, KernelState after)
    {
        Commands++;
        KernelClassifier.Circumstances(before, command, answer, after, _circumstances);
        foreach (var circumstance in _circumstances)
        {
            KernelClass each = new(command.Kind, answer.Kind, answer.Errno, answer.Signal, circumstance);
            if (Places.TryGetValue(each, out int place))
            {
                _counts[place]++;
            }
            else
            {
                _others[each] = _others.GetValueOrDefault(each) + 1;
            }
        }
    }

    public void Add(KernelCoverage other)
    {
        Commands += other.Commands;
        for (int place = 0; place < _counts.Length; place++)
        {
            _counts[place] += other._counts[place];
        }

        foreach (var (each, count) in other._others)
        {
            _others[each] = _others.GetValueOrDefault(each) + count;
        }
    }

    /// <summary>The floor binds once the run is long enough for the rarest class that the kernel can show.</summary>
    public CoverageReport Judge(KernelCapabilities capabilities, long cases, KernelFocus? focus = null)
    {
        focus ??= KernelFocus.Everything;
        var possible = KernelClass.All.Where(each => focus.Covers(each)
            && IsOffered(capabilities, each) && !capabilities.NeverShown.Contains(each)).ToList();
        var below = possible.Where(each => this[each] < Floor).Select(each => $"{each}: {this[each]}");
        var surprises = capabilities.NeverShown.Where(each => this[each] > 0).Select(each => each.ToString());
        return new(
            possible.Count,
            possible.Min(each => this[each]),
            cases >= focus.CasesToBind ? [.. below] : [],
            [.. surprises]);
    }

    // Nothing is locked where nothing can be, and nothing touched in advance where nobody can ask for it.
    private static bool IsOffered(KernelCapabilities capabilities, in KernelClass each) =>
        capabilities.Commands.Contains(each.Kind) && each switch
        {
            { Kind: KernelCommandKind.Mmap, Circumstance: KernelCircumstance.Populated } =>
                capabilities.Flags.HasFlag(MmapFlags.Populate),
            {
                Circumstance: KernelCircumstance.NearOther or KernelCircumstance.TooLong or KernelCircumstance.TooLow,
            }
                or
            {
                Kind: KernelCommandKind.Load or KernelCommandKind.Store,
                Circumstance: KernelCircumstance.Grown,
            } =>
                capabilities.Flags.HasFlag(MmapFlags.GrowsDown),
            { Kind: KernelCommandKind.Mmap, Circumstance: KernelCircumstance.Locked }
                or { Kind: KernelCommandKind.Mprotect, Circumstance: KernelCircumstance.Populated } =>
                capabilities.Flags.HasFlag(MmapFlags.Locked),
            { Kind: KernelCommandKind.Madvise, Circumstance: KernelCircumstance.Populated }
                or { Kind: KernelCommandKind.Madvise, Errno: Errno.EFAULT } =>
                capabilities.Advice.Contains(MemoryAdvice.PopulateWrite),
            { Kind: KernelCommandKind.PinStore, Errno: Errno.EACCES } =>
                capabilities.Pinnings.Any(purpose => !purpose.HasFlag(PinFlags.Write)),
            { Circumstance: KernelCircumstance.Pressed } => capabilities.FewFrames,
            { Circumstance: KernelCircumstance.Pinned } => capabilities.Commands.Contains(KernelCommandKind.Pin),
            { Kind: KernelCommandKind.MadviseOther, Errno: Errno.EPERM } => !capabilities.AdvisesOthers,
            { Kind: KernelCommandKind.MadviseOther, Circumstance: KernelCircumstance.OfAnother } =>
                capabilities.AdvisesOthers,
            { Kind: KernelCommandKind.MadviseOther, Circumstance: KernelCircumstance.Populated } =>
                capabilities.Advice.Contains(MemoryAdvice.PopulateWrite),
            _ => true,
        };
}
