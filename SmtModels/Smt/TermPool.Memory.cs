namespace PageProof.SmtModels.Smt;

/// <content>Memories.</content>
public sealed partial class TermPool
{
    // A read goes into at most so many choices between memories.
    private const int MemoryChoicesMax = 8;

    /// <summary>The word at an address.</summary>
    public Term Select(Term memory, Term address)
    {
        ExpectMemory(memory);
        ExpectQuadword(address);
        int choices = MemoryChoicesMax;
        return Read(ref memory, address, ref choices)
            ?? Intern(TermKind.Select, Sort.BitVec(64), [memory, address]);
    }

    /// <summary>The memory with another word at an address.</summary>
    public Term Store(Term memory, Term address, Term value)
    {
        ExpectMemory(memory);
        ExpectQuadword(address);
        ExpectQuadword(value);
        if (memory.Kind == TermKind.Store && memory.Second == address)
        {
            return Store(memory.First, address, value);
        }

        return Select(memory, address) == value
            ? memory
            : Intern(TermKind.Store, Sort.Memory, [memory, address, value]);
    }

    /// <summary>The memory that has the same word everywhere.</summary>
    public Term ConstantMemory(Term value)
    {
        ExpectQuadword(value);
        return Intern(TermKind.ConstantMemory, Sort.Memory, [value]);
    }

    /// <summary>
    /// What is read where it can be told without asking whether two addresses are the same; otherwise
    /// null, and <paramref name="memory"/> without the latest writes that are elsewhere.
    /// </summary>
    private Term? Read(ref Term memory, Term address, ref int choices)
    {
        while (memory.Kind == TermKind.Store)
        {
            if (memory.Second == address)
            {
                return memory.Third;
            }

            if (!Equal(memory.Second, address).IsFalse)
            {
                return null;
            }

            memory = memory.First;
        }

        return memory.Kind switch
        {
            TermKind.ConstantMemory => memory.First,
            TermKind.Variable => Intern(TermKind.Select, Sort.BitVec(64), [memory, address]),
            _ => choices-- > 0 ? ReadChoice(memory, address, ref choices) : null,
        };
    }

    private Term? ReadChoice(Term choice, Term address, ref int choices)
    {
        var (then, otherwise) = (choice.Second, choice.Third);
        return Read(ref then, address, ref choices) is { } one && Read(ref otherwise, address, ref choices) is { } other
            ? Ite(choice.First, one, other)
            : null;
    }
}
