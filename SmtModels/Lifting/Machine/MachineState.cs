using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Lifting;

/// <summary>Everything that execution has reached at one point, under the condition of its path.</summary>
internal sealed class MachineState(PathCondition path)
{
    public PathCondition Path { get; set; } = path;

    /// <summary>What the instructions of all open calls have pushed.</summary>
    public List<MachineValue> Stack { get; private set; } = [];

    /// <summary>The arguments and locals of all open calls.</summary>
    public List<MachineValue> Cells { get; private set; } = [];

    /// <summary>The arrays.</summary>
    public Dictionary<int, MachineValue> Heap { get; private set; } = [];

    /// <summary>The content of the memory, if there is one.</summary>
    public Term? Memory { get; set; }

    /// <summary>How often each loop around the point was entered again.</summary>
    public LoopRounds[] Loops { get; set; } = [];

    public MachineState Copy() => new(Path)
    {
        Stack = [.. Stack],
        Cells = [.. Cells],
        Heap = new(Heap),
        Memory = Memory,
        Loops = Loops,
    };

    /// <summary>Goes on as another state.</summary>
    public void Become(MachineState other)
    {
        Path = other.Path;
        Stack = other.Stack;
        Cells = other.Cells;
        Heap = other.Heap;
        Memory = other.Memory;
        Loops = other.Loops;
    }

    public void Push(MachineValue value) => Stack.Add(value);

    public MachineValue Pop()
    {
        var value = Stack[^1];
        Stack.RemoveAt(Stack.Count - 1);
        return value;
    }

    public void Forget(int cells) => Cells.RemoveRange(cells, Cells.Count - cells);
}

/// <summary>How often a loop was entered again.</summary>
/// <param name="Count">How often in all.</param>
/// <param name="Undecided">How often after a round in which some way left the loop, and some did not.</param>
/// <param name="Path">The condition of the path when the last round began.</param>
internal sealed record LoopRounds(int Count, int Undecided, PathCondition Path);
