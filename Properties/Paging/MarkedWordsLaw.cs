using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Properties.Harness;
using PageProof.Spec.Paging;

namespace PageProof.Properties.Paging;

/// <summary>Whether a walk may leave a word of its memory so: <see cref="AccessedDirtySpec"/>.</summary>
public delegate bool MarkRule(
    in TranslationCase asked, WatchedMemory memory, PhysicalAddress address, PagingEntry left);

/// <summary>
/// Binds the Spec to itself: it permits marks in no word but those that its walk has read and used, and
/// it reads no word that is not there. So a rule that is too loose fails, which no system's answer shows.
/// </summary>
public sealed class MarkedWordsLaw(ISystem system, MarkRule rule) : CaseLaw<TranslationCase>
{
    private readonly TranslationGenerator _generator = new(Doors.CapabilitiesOf(system));
    private readonly TranslationShrinks _shrinks = new(new(Doors.CapabilitiesOf(system)));

    public override string Name => "only words that the walk used may be marked";

    public override void Generate(ulong seed, long index, ref TranslationCase unfolded) =>
        _generator.Generate(seed, index, ref unfolded);

    public override IEnumerable<TranslationCase> Simplify(TranslationCase failing) => _shrinks.Of(failing);

    public override ICaseJudge<TranslationCase> OpenJudge() => new MarkedWordsJudge(rule);

    /// <summary>The law with the rule of the Spec.</summary>
    public static MarkedWordsLaw OfSpec(ISystem system) => new(
        system,
        static (in asked, memory, address, left) =>
            AccessedDirtySpec.Permits(asked.Control, asked.Access, memory, address, left));

    /// <summary>Runs the law.</summary>
    public CheckReport Run(ulong seed, RunLength length, int workers = 1, Action<long>? progress = null) =>
        CaseRunner.Run(this, "spec", seed, length, workers, asked => CaseText.Print(asked), progress);
}
