namespace PageProof.SmtModels.Lifting;

/// <summary>
/// A method that cannot be lifted, or an assembly that cannot be read, in one sentence. Where an
/// instruction is to blame, the sentence names its method, its offset and itself.
/// </summary>
public sealed class LiftingException : Exception
{
    public LiftingException(string message)
        : base(message)
    {
    }

    public LiftingException(string message, Exception cause)
        : base(message, cause)
    {
    }

    internal LiftingException(string reason, string method, int offset, string instruction)
        : base($"{method} cannot be lifted: at IL_{offset:x4} ({instruction}), {reason}.")
    {
        Method = method;
        Offset = offset;
        Instruction = instruction;
    }

    /// <summary>The method with the instruction to blame, if there is one.</summary>
    public string? Method { get; }

    /// <summary>The offset of the instruction to blame.</summary>
    public int? Offset { get; }

    /// <summary>The instruction to blame.</summary>
    public string? Instruction { get; }
}
