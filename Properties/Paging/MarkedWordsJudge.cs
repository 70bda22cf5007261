using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Properties.Harness;
using PageProof.Spec.Paging;

namespace PageProof.Properties.Paging;

/// <summary>Follows the walk of each case, and asks a rule for every mark beside it.</summary>
internal sealed class MarkedWordsJudge(MarkRule rule) : ICaseJudge<TranslationCase>
{
    private readonly List<PhysicalAddress> _used = [];
    private readonly List<PhysicalAddress> _read = [];

    public int FirstFailure(ReadOnlySpan<TranslationCase> cases)
    {
        for (int index = 0; index < cases.Length; index++)
        {
            if (Fault(cases[index]) is not null)
            {
                return index;
            }
        }

        return -1;
    }

    public string Tell(in TranslationCase failing) =>
        $"{failing.Access}: {Fault(failing)}\n  as a case:\n    "
        + CaseText.Print(failing).TrimEnd().Replace("\n", "\n    ");

    public void Dispose()
    {
    }

    private string? Fault(in TranslationCase asked)
    {
        _used.Clear();
        var end = WalkSpec.Walk(asked.Control, asked.Access, new WatchedMemory(in asked, _used));
        if (FirstOutside(_used, asked.Memory) is { } outside)
        {
            return $"the walk reads at {outside}, where there is no memory";
        }

        // An entry that is absent or has a reserved bit was read, and not used.
        bool usesLast = (end.Outcome.Code & PageFaultCode.Present) != 0
            && (end.Outcome.Code & PageFaultCode.Reserved) == 0;
        if (end.Outcome.Kind == OutcomeKind.PageFault && !usesLast)
        {
            _used.RemoveAt(_used.Count - 1);
        }

        foreach (ref readonly var word in asked.Words)
        {
            foreach (var mark in (ReadOnlySpan<EntryBit>)[EntryBit.Accessed, EntryBit.Dirty])
            {
                if (Fault(asked, word, mark) is { } fault)
                {
                    return $"{fault}; the walk ends in {end.Outcome}";
                }
            }
        }

        return null;
    }

    private string? Fault(in TranslationCase asked, in TableWord word, EntryBit mark)
    {
        PagingEntry left = new(word.Entry.Value | (ulong)mark);
        if (word.Address.Value >= asked.Memory.Value || left == word.Entry || _used.Contains(word.Address))
        {
            return null;
        }

        _read.Clear();
        bool permitted = rule(asked, new(in asked, _read), word.Address, left);
        return FirstOutside(_read, asked.Memory) is { } outside
            ? $"the rule of marks reads at {outside}, where there is no memory"
            : permitted ? $"{word.Address} may be left as {left}, and the walk does not use it" : null;
    }

    private static PhysicalAddress? FirstOutside(List<PhysicalAddress> read, ByteCount memory)
    {
        int index = read.FindIndex(address => address.Value >= memory.Value);
        return index < 0 ? null : read[index];
    }
}
