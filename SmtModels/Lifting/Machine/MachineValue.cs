using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Lifting;

/// <summary>What a local, an argument, a field or a place on the stack holds. Never changed once made.</summary>
internal abstract class MachineValue
{
    private protected MachineValue()
    {
    }
}

/// <summary>An integer: of its own width where it is stored, of 32 or 64 bits on the stack.</summary>
internal sealed class ScalarValue(Term term) : MachineValue
{
    public Term Term { get; } = term;
}

/// <summary>The fields of a structure.</summary>
internal sealed class StructValue(ClrType type, MachineValue[] fields) : MachineValue
{
    public ClrType Type { get; } = type;

    public IReadOnlyList<MachineValue> Fields => fields;

    public StructValue With(int index, MachineValue value)
    {
        MachineValue[] changed = [.. fields];
        changed[index] = value;
        return new(Type, changed);
    }
}

/// <summary>The elements of an array, an inline array or a vector.</summary>
internal sealed class SequenceValue(MachineValue[] elements) : MachineValue
{
    public IReadOnlyList<MachineValue> Elements => elements;

    public int Count => elements.Length;

    public SequenceValue With(int index, MachineValue value)
    {
        MachineValue[] changed = [.. elements];
        changed[index] = value;
        return new(changed);
    }
}

/// <summary>Bytes of the stack that have no type yet.</summary>
internal sealed class RawBytes(int size) : MachineValue
{
    public int Size { get; } = size;
}

/// <summary>The one memory of the machine.</summary>
internal sealed class MemoryHandle : MachineValue
{
    public static MemoryHandle Instance { get; } = new();
}

/// <summary>A type or a field itself, as <c>typeof</c> and initializers of arrays mention them.</summary>
internal sealed class TokenValue(object token) : MachineValue
{
    public object Token { get; } = token;
}

/// <summary>A value of a value type, as an object.</summary>
internal sealed class BoxedValue(ClrType type, MachineValue content) : MachineValue
{
    public ClrType Type { get; } = type;

    public MachineValue Content { get; } = content;
}

/// <summary>Something that may be passed on, and that nothing may be asked of.</summary>
internal sealed class OpaqueValue(string what) : MachineValue
{
    public string What { get; } = what;
}
