namespace PageProof.Contract.Tlb;

/// <summary>
/// The door of those who say what TLBs may answer: the Spec, or a model of somebody else. Recorded answers of
/// real machines are put to it.
/// </summary>
public interface ITlbOracle : IDisposable
{
    /// <summary>The number of the first answer that is not permitted, or -1 when all are.</summary>
    int FirstRefused(in TlbSequence sequence, ReadOnlySpan<TlbAnswer> answers);
}
