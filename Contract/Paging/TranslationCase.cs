using System.Diagnostics.CodeAnalysis;

namespace PageProof.Contract.Paging;

/// <summary>
/// One question to a translator, flat and complete: control state, one access, and the table memory.
/// Memory reaches from 0 to <see cref="Memory"/>; a quadword of it that is not listed holds its
/// <see cref="Background"/>. The caller lists each word once, aligned, and inside that memory.
/// </summary>
public struct TranslationCase
{
    /// <summary>The most words a case can list.</summary>
    public const int WordCountMax = 64;

    private TableWordBuffer _words;
    private int _wordCount;

    /// <summary>The registers and the processor.</summary>
    public ControlState Control;
    /// <summary>The access that is asked about.</summary>
    public Access Access;

    /// <summary>How much memory there is: a table read at or above this is outside memory.</summary>
    public ByteCount Memory;

    /// <summary>The listed words, in the order in which they were added.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<TableWord> Words => ((ReadOnlySpan<TableWord>)_words)[.._wordCount];

    /// <summary>
    /// What an unlisted quadword holds: as an entry it is not present, as an instruction it is
    /// undefined in 64-bit mode, and as data it tells its own address.
    /// </summary>
    public static PagingEntry Background(PhysicalAddress address) => new((address.Value & ~7UL) << 8 | 6);

    /// <summary>The content of the aligned quadword at <paramref name="address"/>.</summary>
    public readonly PagingEntry Read(PhysicalAddress address)
    {
        int index = IndexOf(address);
        return index < 0 ? Background(address) : _words[index].Entry;
    }

    /// <summary>The place of <paramref name="address"/> among the listed words, or -1.</summary>
    public readonly int IndexOf(PhysicalAddress address)
    {
        for (int index = 0; index < _wordCount; index++)
        {
            if (_words[index].Address == address)
            {
                return index;
            }
        }

        return -1;
    }

    /// <summary>Lists a word, or gives a listed one another content.</summary>
    /// <exception cref="InvalidOperationException">There is no room for a further word.</exception>
    public void Set(PhysicalAddress address, PagingEntry entry)
    {
        int index = IndexOf(address);
        if (index < 0)
        {
            if (_wordCount == WordCountMax)
            {
                throw new InvalidOperationException($"A case holds at most {WordCountMax} words.");
            }

            index = _wordCount++;
        }

        _words[index] = new(address, entry);
    }

    /// <summary>Takes the word at <paramref name="index"/> off the list.</summary>
    public void RemoveAt(int index)
    {
        _wordCount--;
        for (int next = index; next < _wordCount; next++)
        {
            _words[next] = _words[next + 1];
        }
    }

    /// <summary>Takes all words off the list.</summary>
    public void Clear() => _wordCount = 0;

    /// <inheritdoc/>
    public override readonly string ToString() => CaseText.Print(this);
}
