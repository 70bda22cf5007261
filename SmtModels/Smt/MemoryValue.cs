using System.Collections.Immutable;

namespace PageProof.SmtModels.Smt;

/// <summary>A memory of words: the same word everywhere but at some addresses. Compares by content.</summary>
public sealed class MemoryValue : IEquatable<MemoryValue>
{
    private readonly ImmutableSortedDictionary<ulong, ulong> _entries;

    public MemoryValue(ulong defaultWord, IEnumerable<KeyValuePair<ulong, ulong>>? entries = null)
        : this(defaultWord, ImmutableSortedDictionary.CreateRange(
            (entries ?? []).Where(entry => entry.Value != defaultWord)))
    {
    }

    private MemoryValue(ulong defaultWord, ImmutableSortedDictionary<ulong, ulong> entries)
    {
        Default = defaultWord;
        _entries = entries;
    }

    /// <summary>The word at every address that has no entry.</summary>
    public ulong Default { get; }

    /// <summary>The words that are not the default, by address.</summary>
    public IReadOnlyDictionary<ulong, ulong> Entries => _entries;

    public ulong this[ulong address] => _entries.GetValueOrDefault(address, Default);

    /// <summary>The memory with another word at an address.</summary>
    public MemoryValue With(ulong address, ulong word) =>
        new(Default, word == Default ? _entries.Remove(address) : _entries.SetItem(address, word));

    public bool Equals(MemoryValue? other) =>
        other is not null && Default == other.Default && _entries.SequenceEqual(other._entries);

    public override bool Equals(object? other) => Equals(other as MemoryValue);

    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(Default);
        foreach (var (address, word) in _entries)
        {
            hash.Add(HashCode.Combine(address, word));
        }

        return hash.ToHashCode();
    }

    public override string ToString() =>
        $"{{{string.Concat(_entries.Select(entry => $"0x{entry.Key:x}: 0x{entry.Value:x}, "))}else 0x{Default:x}}}";
}
