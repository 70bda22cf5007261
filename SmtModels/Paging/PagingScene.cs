using PageProof.Contract.Paging;
using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Smt;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Paging;

/// <summary>
/// What the theorems of paging speak of: one memory, one control state and one access of any content,
/// and the compiled methods for these or for what is made of them.
/// </summary>
public sealed class PagingScene : ProofScene
{
    /// <summary>The bits of CR3 and of an entry that name a table.</summary>
    public const ulong Frame = 0x000F_FFFF_FFFF_F000;

    private readonly List<LiftedWalk> _walks = [];
    private readonly List<LiftedPermission> _permissions = [];

    public PagingScene(ProofSubject subject)
        : base(subject)
    {
        Control = new(this, Lifter.FreshParameter(PagingMethods.SpecWalk, "control", "control"));
        Access = new(this, Lifter.FreshParameter(PagingMethods.SpecWalk, "access", "access"));
        Memory = new(Pool, Pool.Variable("memory", Sort.Memory));
        Domain = Control.IsWellFormed & Access.IsWellFormed;
    }

    /// <summary>
    /// The assumption of every theorem: what the types of Contract promise, where a field has room for
    /// more. The width of physical addresses is from 36 to 52; everything else is free.
    /// </summary>
    public Fact Domain { get; private set; }

    /// <summary>Any memory. An address leads to one word, by whatever way it is reached.</summary>
    public Memory Memory { get; }

    /// <summary>Any control state: every bit of every register.</summary>
    public ControlTerms Control { get; }

    /// <summary>Any access.</summary>
    public AccessTerms Access { get; }

    /// <summary>The size of memory: it reaches from 0 to here.</summary>
    public Word MemorySize => AnyWord("memory.size");

    /// <summary>
    /// The two depths, each as the control state with CR4.LA57 set so. Together they are all control
    /// states, which <see cref="IsOfSomeDepth"/> says.
    /// </summary>
    public IReadOnlyList<Depth> Depths =>
    [
        new("four", 4, Control.WithCr4(Control.Cr4 & ~(ulong)Cr4.FiveLevelPaging)),
        new("five", 5, Control.WithCr4(Control.Cr4 | (ulong)Cr4.FiveLevelPaging)),
    ];

    /// <summary>How many levels the step has that is being tried, if it is about one depth.</summary>
    public int? LevelsInQuestion { get; set; }

    /// <summary>The control state is that of one of the depths.</summary>
    public Fact IsOfSomeDepth => Depths.Select(depth => Control.Cr4.Is(depth.Control.Cr4)).Aggregate((a, b) => a | b);

    /// <summary>The walks that were lifted so far.</summary>
    public IReadOnlyList<LiftedWalk> Walks => _walks;

    /// <summary>The questions about words left that were lifted so far.</summary>
    public IReadOnlyList<LiftedPermission> Permissions => _permissions;

    /// <inheritdoc/>
    public override IReadOnlyList<Fact> Preferences =>
    [
        IsWalkable & IsOfRealProcessor & Control.IsPlain & IsShort,
        IsWalkable & IsOfRealProcessor & IsShort,
        IsWalkable & IsOfRealProcessor,
        IsWalkable & Control.IsPlain & IsShort,
        IsWalkable,
    ];

    // Within what the paging door takes, so that other commands can run the case again.
    private Fact IsWalkable => MemorySize.Is(16UL << 20)
        & Control.Has(Cr4.PhysicalAddressExtension) & Control.Efer.HasAny((ulong)Efer.LongModeEnable)
        & Control.HasPatOfTypes
        & Permissions.Select(each => Contains(each.Address) & each.Address.HasNone(7)).Aggregate(True, (a, b) => a & b);

    private Fact IsOfRealProcessor => Control.CetNeedsWriteProtect & Access.IsOfRealProcessor
        & (Control.Has(Cr4.ControlFlowEnforcement) | !Access.IsShadowStack);

    private Fact IsShort => !Control.Has(Cr4.FiveLevelPaging);

    /// <summary>The walk of the Spec.</summary>
    public OutcomeTerms Walk(Memory memory, ControlTerms control, AccessTerms access)
    {
        var call = Call(
            PagingMethods.SpecWalk,
            ("control", control.Value), ("access", access.Value), ("memory", Lifter.OfMemory(memory.Term)));
        OutcomeTerms outcome = new(this, call.Result!.At("Outcome"));
        _walks.Add(new(Walker.Spec, memory, control, access, outcome, memory));
        return outcome;
    }

    /// <summary>The walk of the Implementation with so many levels.</summary>
    public LiftedWalk WalkOptimized(int levels, Memory memory, ControlTerms control, AccessTerms access)
    {
        var call = Call(
            PagingMethods.ImplementationWalk(levels),
            ("control", control.Value), ("access", access.Value), ("memory", Lifter.OfMemory(memory.Term)));
        LiftedWalk walk = new(
            Walker.Implementation, memory, control, access, new(this, call.Result!), new(Pool, call.Memory!));
        _walks.Add(walk);
        return walk;
    }

    /// <summary>Whether the Spec permits a walk to leave a word so.</summary>
    public Fact Permits(Memory memory, ControlTerms control, AccessTerms access, Word address, Word left)
    {
        var permitted = Flag(Call(
            PagingMethods.SpecPermits,
            ("control", control.Value),
            ("access", access.Value),
            ("memory", Lifter.OfMemory(memory.Term)),
            ("address", Single(address)),
            ("left", Single(left))));
        _permissions.Add(new(memory, control, access, address, left, permitted));
        return permitted;
    }

    /// <summary>The walk of the Spec at a depth.</summary>
    public OutcomeTerms Walk(Depth depth) => Walk(Memory, depth.Control, Access);

    /// <summary>Another access of any content.</summary>
    public AccessTerms AnyAccess(string name)
    {
        AccessTerms access = new(this, Lifter.FreshParameter(PagingMethods.SpecWalk, "access", name));
        Domain &= access.IsWellFormed;
        return access;
    }

    /// <summary>Another width of physical addresses.</summary>
    public Word AnyWidth(string name)
    {
        var width = AnyWord(name, 8);
        Domain &= width.IsWithin(PhysicalAddressWidth.Least, PhysicalAddressWidth.Most);
        return width;
    }

    /// <summary>The path of the walk at a depth.</summary>
    public WalkPath Path(Depth depth) => new(this, Memory, depth.Control, Access, depth.Levels);

    /// <summary>Whether there is memory at an address.</summary>
    public Fact Contains(Word address) => address.IsBelow(MemorySize);

    public Fact IsCanonical(Word address, int levels) => Flag(Call(
        PagingMethods.IsCanonical,
        ("address", Single(address)), ("levels", Level(levels))));

    /// <summary>Bits 51:12 of CR3.</summary>
    public Word TopTable(ControlTerms control) => control.Cr3 & Frame;

    /// <summary>Bits 51:12 of an entry.</summary>
    public Word NextTable(Word entry) => entry & Frame;

    public Word EntryAddress(Word table, Word address, int level) => WordOf(Call(
        PagingMethods.EntryAddress,
        ("table", Single(table)),
        ("address", Single(address)),
        ("level", Level(level))).Result!.At("Value"));

    public Fact IsLeaf(Word entry, int level) => Flag(Call(
        PagingMethods.IsLeaf, ("entry", Single(entry)), ("level", Level(level))));

    public Fact IsReserved(ControlTerms control, Word entry, int level) => Flag(Call(
        PagingMethods.IsReserved,
        ("control", control.Value),
        ("entry", Single(entry)),
        ("level", Level(level))));

    /// <summary>The term of a lifted number.</summary>
    public Word WordOf(LiftedValue value) => new(Pool, value.Scalar!);

    /// <inheritdoc/>
    public override Counterexample Explain(IReadOnlyDictionary<Term, Value> model) =>
        new CounterexampleTeller(this, new Evaluator(CompleteModel.Of(model, Shown))).Tell();

    // Everything of which a counterexample shows the value.
    private IEnumerable<Term> Shown => _walks
        .SelectMany(walk => Of(walk.Before, walk.Control, walk.Access)
            .Append(walk.After.Term)
            .Concat(Leaves(walk.Outcome.Value)))
        .Concat(_permissions.SelectMany(each => Of(each.Before, each.Control, each.Access)
            .Append(each.Address.Term).Append(each.Left.Term).Append(each.IsPermitted.Term)))
        .Append(MemorySize.Term)
        .Append(NothingThrows.Term);

    private static IEnumerable<Term> Of(Memory memory, ControlTerms control, AccessTerms access) =>
        Leaves(control.Value).Concat(Leaves(access.Value)).Append(memory.Term);

    private static IEnumerable<Term> Leaves(LiftedValue value) => value.Leaves.Select(leaf => leaf.Term);

    // A number, or a record of one number, as the parameter of a method.
    private static LiftedValue Single(Word word) => Lifter.OfScalar(word.Term);

    private LiftedValue Level(int level) => Lifter.OfScalar(Pool.BitVec((ulong)level, 32));

    private Fact Flag(LiftedCall call) => !WordOf(call.Result!).Is(0);
}
