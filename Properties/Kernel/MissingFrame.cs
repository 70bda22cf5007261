using PageProof.Contract.Kernel;

namespace PageProof.Properties.Kernel;

/// <summary>A sequence in which a frame is missing.</summary>
/// <param name="Sequence">The sequence.</param>
/// <param name="Frame">Which of the frames that it asks for; 0 for each of them in turn.</param>
public readonly record struct MissingFrame(KernelSequence Sequence, long Frame);
