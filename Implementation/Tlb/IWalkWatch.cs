using PageProof.Contract;

namespace PageProof.Implementation.Tlb;

/// <summary>
/// What yield points may be besides, to be told which entries a walk reads and marks. A yield that is not
/// one costs nothing: the question is answered when the code is compiled.
/// </summary>
internal interface IWalkWatch
{
    /// <summary>A walk has read an entry.</summary>
    void Read(PhysicalAddress at, ulong entry);

    /// <summary>A walk has set A or D in it.</summary>
    void Marked(PhysicalAddress at, ulong old, ulong entry);
}
