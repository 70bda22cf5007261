using System.Diagnostics.CodeAnalysis;

namespace PageProof.SmtModels.Lifting;

/// <summary>
/// The points of a method that are still to be executed, each with the states that have reached it. The
/// point that comes next is one that none of the others leads to.
/// </summary>
internal sealed class StateQueue(LoopNest loops)
{
    private readonly SortedDictionary<(int Index, int[] Rounds), List<MachineState>> _waiting =
        new(Comparer<(int Index, int[] Rounds)>.Create(loops.Compare));

    public void Add(int index, MachineState state)
    {
        (int, int[]) point = (index, [.. state.Loops.Select(loop => loop.Count)]);
        if (!_waiting.TryGetValue(point, out var states))
        {
            states = [];
            _waiting.Add(point, states);
        }

        states.Add(state);
    }

    public bool TryTake(out int index, [NotNullWhen(true)] out IReadOnlyList<MachineState>? states)
    {
        if (_waiting.Count == 0)
        {
            (index, states) = (0, null);
            return false;
        }

        // Survivor: there is one, so that it is the first also of those of which there may be none.
        var (point, found) = _waiting.First();
        _waiting.Remove(point);
        (index, states) = (point.Index, found);
        return true;
    }
}
