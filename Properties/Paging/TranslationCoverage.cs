using PageProof.Contract.Paging;
using PageProof.Properties.Harness;
using PageProof.Spec.Paging;

namespace PageProof.Properties.Paging;

/// <summary>Counts the classes of a run in a flat array, and judges them against the floor.</summary>
public sealed class TranslationCoverage
{
    // Bits: levels 1, CPL 2, kind 3, level 3, outcome 3, code 7.
    private readonly long[] _counts = new long[1 << 19];

    public void Count(in TranslationCase translationCase, in WalkEnd end)
    {
        int levels = EntryFormat.LevelsOf(translationCase.Control);
        bool leveled = end.Outcome.Kind is OutcomeKind.Translated or OutcomeKind.PageFault;
        _counts[SlotOf(new(
            levels,
            translationCase.Access.Cpl,
            translationCase.Access.Kind,
            end.Outcome.Kind,
            end.Outcome.Code,
            leveled ? end.Level : 0))]++;
    }

    public long this[TranslationClass translationClass] => _counts[SlotOf(translationClass)];

    public void Add(TranslationCoverage other)
    {
        for (int slot = 0; slot < _counts.Length; slot++)
        {
            _counts[slot] += other._counts[slot];
        }
    }

    /// <summary>
    /// The floor binds once the run is so long that its rarest class can be expected to reach it.
    /// </summary>
    public CoverageReport Judge(TranslatorCapabilities capabilities, long cases)
    {
        var possible = TranslationClass.All
            .Where(each => PossibleClasses.WhyNot(each, capabilities) is null).ToList();
        var below = possible.Where(each => this[each] < TranslationClass.Floor)
            .Select(each => $"{each}: {this[each]}");
        var surprises =
            from each in TranslationClass.All
            where this[each] > 0
            let reason = PossibleClasses.WhyNot(each, capabilities)
            where reason is not null
            select $"{each}: {reason}";
        bool binds = cases >= possible.Count * (long)TranslationClass.Floor * PossibleClasses.Spread;
        return new(
            possible.Count,
            possible.Min(each => this[each]),
            binds ? [.. below] : [],
            [.. surprises]);
    }

    private static int SlotOf(TranslationClass each) =>
        (each.Levels - 4) << 18 | (int)each.Cpl << 16 | (int)each.Kind << 13 | each.Level << 10
        | (int)each.Outcome << 7 | (int)each.Code;
}
