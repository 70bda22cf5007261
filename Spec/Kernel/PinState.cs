using System.Collections.Immutable;
using PageProof.Spec.PageCache;

namespace PageProof.Spec.Kernel;

/// <summary>Bytes that a device has pinned.</summary>
/// <param name="Pages">Whose pages they lie in, in their order.</param>
/// <param name="Start">Which byte of the first page comes first.</param>
/// <param name="Length">How many bytes.</param>
/// <param name="Writes">Whether the device may write to them.</param>
public sealed record PinState(ImmutableArray<PageSource> Pages, int Start, ulong Length, bool Writes);

/// <summary>A page that no process and no object has any more: pins keep it, and pipes perhaps.</summary>
/// <param name="Loan">The number under which these know it.</param>
/// <param name="Content">Its bytes.</param>
public readonly record struct LeftPage(int Loan, PageContent Content);
