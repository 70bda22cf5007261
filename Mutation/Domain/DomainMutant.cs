namespace PageProof.Mutation.Domain;

/// <summary>One small change of one instruction of the compiled code.</summary>
/// <param name="Mutator">What kind of change it is.</param>
/// <param name="Method">The full name of the method.</param>
/// <param name="Offset">Where the instruction is in the method.</param>
/// <param name="Before">What is written there, in words.</param>
/// <param name="After">What it becomes.</param>
/// <param name="File">The name of the source file; empty when the assembly came without symbols.</param>
/// <param name="Line">The line of the source, from 1; 0 when it is not known.</param>
public sealed record DomainMutant(
    string Mutator, string Method, int Offset, string Before, string After, string File, int Line)
{
    /// <summary>Where to find the change again in a fresh copy of the assembly.</summary>
    internal ChangePlace Place { get; init; }

    /// <summary>The place: source and line if they are known, else the method, then the offset.</summary>
    public string Where => Line > 0 ? $"{File}:{Line} IL_{Offset:x4}" : $"{Method} IL_{Offset:x4}";

    /// <inheritdoc/>
    public override string ToString() => $"{Where}: {Mutator}: {Before} → {After}";
}

/// <summary>A change by its numbers: of the method, the instruction in it, the mutator, and the change there.</summary>
internal readonly record struct ChangePlace(int Method, int Instruction, int Mutator, int Change);
