namespace PageProof.Mutation.Domain;

/// <summary>A kind of small mistake, and every place where it can be made.</summary>
internal abstract class Mutator
{
    /// <summary>All of them; where two make the same change it belongs to the first.</summary>
    public static IReadOnlyList<Mutator> All { get; } =
    [
        new ConstantMutator(), new LevelMutator(), new ShiftAmountMutator(), new ShiftDirectionMutator(),
        new LogicMutator(), new DroppedOperandMutator(), new DroppedNegationMutator(), new ComparisonMutator(),
        new BranchMutator(), new FieldMutator(),
        DroppedCallMutator.OfFlushes, DroppedCallMutator.OfWaits, DroppedCallMutator.OfAll,
    ];

    /// <summary>What tables call it.</summary>
    public abstract string Name { get; }

    /// <summary>The changes that can be made at one instruction, always in the same order.</summary>
    public abstract IEnumerable<Change> ChangesAt(Site site);
}
