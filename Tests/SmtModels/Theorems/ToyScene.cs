using PageProof.Contract;
using PageProof.SmtModels.Smt;
using PageProof.SmtModels.Theorems;

namespace PageProof.Tests.SmtModels.Theorems;

/// <summary>A scene of two numbers and no lifted code, to try the prover itself.</summary>
internal sealed class ToyScene : ProofScene
{
    private ToyScene(ProofSubject subject)
        : base(subject)
    {
    }

    public static ProofSubject Nothing { get; } = ProofSubject.Of(typeof(ISystem).Assembly);

    public Word X => AnyWord("x");

    public Word Y => AnyWord("y");

    public override IReadOnlyList<Fact> Preferences => [X.Is(Y), X.IsBelow(100) & Y.Is(7), X.IsBelow(50)];

    public static Theorem Theorem(params Func<ToyScene, ProofStep>[] steps) =>
        new("T1", "A toy.", Open(steps)) { Domain = "toys" };

    public static Witness Witness(Func<ToyScene, ProofStep> step) =>
        new("T1'", "A toy.", Open(step)) { Domain = "toys" };

    public override Counterexample Explain(IReadOnlyDictionary<Term, Value> model)
    {
        Evaluator values = new(CompleteModel.Of(model, [X.Term, Y.Term]));
        string story = $"x {values.EvaluateWord(X.Term)}, y {values.EvaluateWord(Y.Term)}";
        return new(story, null, []);
    }

    private static Func<ProofSubject, Proof> Open(params Func<ToyScene, ProofStep>[] steps) => subject =>
    {
        ToyScene scene = new(subject);
        return new(scene, steps.Select(step => step(scene)));
    };
}
