using System.Text;
using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Smt;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Paging;

/// <summary>
/// Shows what a solver found as cases: for each walk of the scene the access, the entries that it reads,
/// and how it ends when the compiled methods are run on these words. A counterexample is confirmed when
/// every run gives what the model says of it.
/// </summary>
internal sealed class CounterexampleTeller(PagingScene scene, Evaluator model)
{
    private readonly CompiledPaging _compiled = new(scene.Subject);
    private readonly StringBuilder _story = new();
    private readonly List<string> _cases = [];
    private string? _contradiction;

    public Counterexample Tell()
    {
        foreach (var walks in scene.Walks.GroupBy(CaseOf, StringEquality))
        {
            TellWalks([.. walks]);
        }

        return new(_story.ToString().TrimEnd(), _contradiction, _cases);
    }
}
