using PageProof.Contract.Paging;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Paging;

/// <summary>
/// The entries that a walk of so many levels meets, each by the Spec's own functions for where an entry
/// lies, what is reserved in it, and where it leads. Statements that speak of entries are made of it.
/// </summary>
public sealed class WalkPath
{
    private readonly Step[] _steps;

    public WalkPath(PagingScene scene, Memory memory, ControlTerms control, AccessTerms access, int levels)
    {
        _steps = new Step[levels + 1];
        var reached = scene.IsCanonical(access.Address, levels);
        var table = scene.TopTable(control);
        for (int level = levels; level >= 1; level--)
        {
            var at = scene.EntryAddress(table, access.Address, level);
            var entry = memory[at];
            var isPresent = entry.HasAny((ulong)EntryBit.Present);
            var isReserved = scene.IsReserved(control, entry, level);
            var isLeaf = scene.IsLeaf(entry, level);
            _steps[level] = new(at, entry, reached, scene.Contains(at), isPresent, isReserved, isLeaf);
            reached = reached & scene.Contains(at) & isPresent & !isReserved & !isLeaf;
            table = scene.NextTable(entry);
        }

        Levels = levels;
    }

    /// <summary>How many levels the walk has at most.</summary>
    public int Levels { get; }

    /// <summary>The levels from the top down.</summary>
    public IEnumerable<int> Down => Enumerable.Range(1, Levels).Reverse();

    /// <summary>Some leaf is reached, and all is present and legal.</summary>
    public Fact IsComplete => Any(IsCompleteAt);

    /// <summary>The entry of the leaf, where the walk is complete.</summary>
    public Word Leaf => AtLeaf(level => _steps[level].Entry);

    /// <summary>Where the leaf lies, where the walk is complete.</summary>
    public Word LeafAddress => AtLeaf(level => _steps[level].At);

    /// <summary>The entry of a level lies here, if the walk gets so far.</summary>
    public Word Address(int level) => _steps[level].At;

    /// <summary>The entry of a level, if the walk gets so far.</summary>
    public Word Entry(int level) => _steps[level].Entry;

    /// <summary>The walk comes to ask for this level: all above is present, legal, and no leaf.</summary>
    public Fact IsAsked(int level) => _steps[level].Asked;

    /// <summary>The walk reads the entry of this level.</summary>
    public Fact IsRead(int level) => _steps[level].Asked & _steps[level].InMemory;

    public Fact IsOutsideMemory(int level) => _steps[level].Asked & !_steps[level].InMemory;

    public Fact IsAbsent(int level) => IsRead(level) & !_steps[level].Present;

    public Fact IsReserved(int level) => IsRead(level) & _steps[level].Present & _steps[level].Reserved;

    /// <summary>The walk uses the entry of this level: it is present and legal.</summary>
    public Fact IsUsed(int level) => IsRead(level) & _steps[level].Present & !_steps[level].Reserved;

    /// <summary>The walk ends at a present and legal leaf of this level.</summary>
    public Fact IsCompleteAt(int level) => IsUsed(level) & _steps[level].Leaf;

    /// <summary>The word at an address is one that the walk reads.</summary>
    public Fact Reads(Word address) => Any(level => IsRead(level) & address.Is(Address(level)));

    /// <summary>The walk reads a word of these bits, all set, in every entry above the leaf.</summary>
    public Fact AllAboveLeafHave(EntryBit bit) => All(level =>
        !IsUsed(level) | _steps[level].Leaf | Entry(level).HasAny((ulong)bit));

    /// <summary>Every entry that the walk uses has the bit.</summary>
    public Fact AllHave(EntryBit bit) => All(level => !IsUsed(level) | Entry(level).HasAny((ulong)bit));

    /// <summary>Something of some level.</summary>
    public Fact Any(Func<int, Fact> what) => Down.Select(what).Aggregate((a, b) => a | b);

    /// <summary>Something of every level.</summary>
    public Fact All(Func<int, Fact> what) => Down.Select(what).Aggregate((a, b) => a & b);

    private Word AtLeaf(Func<int, Word> what) =>
        IsCompleteAt(3).Choose(what(3), IsCompleteAt(2).Choose(what(2), what(1)));

    private sealed record Step(
        Word At, Word Entry, Fact Asked, Fact InMemory, Fact Present, Fact Reserved, Fact Leaf);
}
