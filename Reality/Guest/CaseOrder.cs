using PageProof.Contract.Paging;

namespace PageProof.Reality.Guest;

/// <summary>
/// The order in which a batch is run: cases that need the same machine together, within these
/// those of the same paging mode, and within these those of the same control state, since each
/// change of it costs as much as a case. Fetches come last: an emulator keeps what it made of
/// fetched pages, and then takes longer to write to them.
/// </summary>
internal readonly struct CaseOrder
{
    private static readonly Cr4[] StateBits =
    [
        Cr4.PageGlobalEnable, Cr4.ProcessContextIdentifiers, Cr4.SupervisorExecutionPrevention,
        Cr4.SupervisorAccessPrevention, Cr4.ProtectionKeys, Cr4.PageSizeExtensions,
    ];

    private readonly int[] _indices;

    private CaseOrder(int[] indices) => _indices = indices;

    public int Length => _indices.Length;

    public int this[int place] => _indices[place];

    public static CaseOrder Of(ReadOnlySpan<TranslationCase> cases)
    {
        var keys = new long[cases.Length];
        for (int index = 0; index < cases.Length; index++)
        {
            keys[index] = (long)MachineOf(cases[index]) << 44
                | (long)StateOf(cases[index]) << 32 | (long)index;
        }

        Array.Sort(keys);
        return new(Array.ConvertAll(keys, key => (int)key));
    }

    public ReadOnlySpan<int> Indices(int start, int end) => _indices.AsSpan(start..end);

    /// <summary>
    /// The end of the cases from <paramref name="start"/> on that share a machine.
    /// </summary>
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

    private static int StateOf(in TranslationCase translationCase)
    {
        var control = translationCase.Control;
        int state = control.Cr4.HasFlag(Cr4.FiveLevelPaging) ? 1 : 0;
        state = state << 1 | (translationCase.Access.Kind == AccessKind.Fetch ? 1 : 0);
        state = state << 1 | (control.Cr0.HasFlag(Cr0.WriteProtect) ? 1 : 0);
        state = state << 1 | (control.Efer.HasFlag(Efer.NoExecuteEnable) ? 1 : 0);
        foreach (var bit in StateBits)
        {
            state = state << 1 | (control.Cr4.HasFlag(bit) ? 1 : 0);
        }

        return state;
    }

    private static int MachineOf(in TranslationCase translationCase)
    {
        var control = translationCase.Control;
        return control.MaxPhyAddr.Bits << 9 | (control.HasGigabytePages ? 1 << 8 : 0)
            | (byte)control.Vendor;
    }
}
