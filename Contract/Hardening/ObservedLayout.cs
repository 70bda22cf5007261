namespace PageProof.Contract.Hardening;

/// <summary>What can be seen of the address space of a running process, from outside.</summary>
public readonly record struct ObservedLayout
{
    /// <summary>Behind the last page of the stack.</summary>
    public LinearAddress StackEnd { get; init; }

    /// <summary>The first page of the program.</summary>
    public LinearAddress Program { get; init; }

    /// <summary>The first page of the interpreter; of no account without one.</summary>
    public LinearAddress Interpreter { get; init; }

    /// <summary>The first page of the vdso and its data.</summary>
    public LinearAddress Vdso { get; init; }

    /// <summary>Where the heap begins.</summary>
    public LinearAddress Brk { get; init; }

    /// <summary>The first page of the first mapping.</summary>
    public LinearAddress Mapping { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"stack to {StackEnd}, program {Program}, vdso {Vdso}, heap {Brk}, mapping {Mapping}";
}
