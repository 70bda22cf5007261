using PageProof.Contract.Paging;

namespace PageProof.Reality.Guest;

/// <summary>
/// The order in which a batch is run: cases that need the same machine together, within these those
/// of the same paging mode, and otherwise as they came.
/// </summary>
internal readonly struct CaseOrder
{
    private readonly int[] _indices;

    private CaseOrder(int[] indices) => _indices = indices;

    public int Length => _indices.Length;

    public int this[int place] => _indices[place];

    public static CaseOrder Of(ReadOnlySpan<TranslationCase> cases)
    {
        var keys = new long[cases.Length];
        for (int index = 0; index < cases.Length; index++)
        {
            keys[index] = (long)MachineOf(cases[index]) << 36 | (long)GuestRun.LevelsOf(cases[index]) << 32 | (long)index;
        }

        Array.Sort(keys);
        return new(Array.ConvertAll(keys, key => (int)key));
    }

    public ReadOnlySpan<int> Indices(int start, int end) => _indices.AsSpan(start..end);

    /// <summary>The end of the cases from <paramref name="start"/> on that share a machine.</summary>
    public int EndOfMachine(ReadOnlySpan<TranslationCase> cases, int start)
    {
        int machine = MachineOf(cases[_indices[start]]);
        int end = start + 1;
        while (end < _indices.Length && MachineOf(cases[_indices[end]]) == machine)
        {
            end++;
        }

        return end;
    }

    private static int MachineOf(in TranslationCase translationCase) =>
        translationCase.Control.MaxPhyAddr.Bits << 9
        | (translationCase.Control.HasGigabytePages ? 1 << 8 : 0) | (byte)translationCase.Control.Vendor;
}
