using PageProof.Contract.Kernel;

namespace PageProof.Properties.Kernel;

/// <summary>Runs sequences on a kernel, with room for their answers.</summary>
internal sealed class KernelRuns(IKernel kernel) : IDisposable
{
    private KernelAnswer[] _answers = [];

    public IKernel Kernel => kernel;

    /// <summary>The answers to all sequences, those of each after those of the one before.</summary>
    public ReadOnlySpan<KernelAnswer> Ask(ReadOnlySpan<KernelSequence> sequences)
    {
        int count = 0;
        foreach (ref readonly var sequence in sequences)
        {
            count += sequence.Commands.Length;
        }

        if (_answers.Length < count)
        {
            _answers = new KernelAnswer[count];
        }

        // Whoever does not answer must not be taken at the answer of an earlier sequence.
        var answers = _answers.AsSpan(0, count);
        answers.Clear();
        kernel.RunAll(sequences, answers);
        return answers;
    }

    public void Dispose() => kernel.Dispose();
}
