using PageProof.Contract.Kernel;

namespace PageProof.Properties.Kernel;

/// <summary>Runs sequences on a kernel, with room for their answers.</summary>
internal sealed class KernelRuns(IKernel kernel) : IDisposable
{
    private KernelAnswer[] _answers = [];

    public IKernel Kernel => kernel;

    /// <summary>Whether the kernel could not go on in the last run, so that there are no answers.</summary>
    public bool HasBroken { get; private set; }

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
        HasBroken = false;
        try
        {
            kernel.RunAll(sequences, answers);
        }
        catch (Exception exception) when (exception is IndexOutOfRangeException or InvalidOperationException)
        {
            // A kernel that has gone wrong so far answers nothing any more.
            answers.Clear();
            HasBroken = true;
        }

        return answers;
    }

    public void Dispose() => kernel.Dispose();
}
