using Mono.Cecil.Cil;

namespace PageProof.Mutation.Domain;

/// <summary>How two values are compared.</summary>
internal enum ComparisonKind
{
    /// <summary>==</summary>
    Equal,
    /// <summary>!=</summary>
    NotEqual,
    /// <summary>&lt;</summary>
    Less,
    /// <summary>&lt;=</summary>
    LessOrEqual,
    /// <summary>&gt;</summary>
    Greater,
    /// <summary>&gt;=</summary>
    GreaterOrEqual,
}

/// <summary>A comparison of integers, and the instructions for it.</summary>
/// <param name="Kind">How.</param>
/// <param name="Unsigned">Whether an ordering takes its operands as unsigned.</param>
internal readonly record struct Comparison(ComparisonKind Kind, bool Unsigned)
{
    /// <summary>How it is written.</summary>
    public string Sign => Kind switch
    {
        ComparisonKind.Equal => "==",
        ComparisonKind.NotEqual => "!=",
        ComparisonKind.Less => "<",
        ComparisonKind.LessOrEqual => "<=",
        ComparisonKind.Greater => ">",
        _ => ">=",
    };

    /// <summary>Whether it asks for more than equality.</summary>
    public bool IsOrder => Kind is not (ComparisonKind.Equal or ComparisonKind.NotEqual);

    /// <summary>The comparison that is true where this one is false.</summary>
    public Comparison Negated => this with
    {
        Kind = Kind switch
        {
            ComparisonKind.Equal => ComparisonKind.NotEqual,
            ComparisonKind.NotEqual => ComparisonKind.Equal,
            ComparisonKind.Less => ComparisonKind.GreaterOrEqual,
            ComparisonKind.LessOrEqual => ComparisonKind.Greater,
            ComparisonKind.Greater => ComparisonKind.LessOrEqual,
            _ => ComparisonKind.Less,
        },
    };

    /// <summary>The same ordering with equality added, or dropped.</summary>
    public Comparison AtTheEdge => this with
    {
        Kind = Kind switch
        {
            ComparisonKind.Less => ComparisonKind.LessOrEqual,
            ComparisonKind.LessOrEqual => ComparisonKind.Less,
            ComparisonKind.Greater => ComparisonKind.GreaterOrEqual,
            _ => ComparisonKind.Greater,
        },
    };

    /// <summary>What an instruction compares, or null when it compares nothing.</summary>
    public static Comparison? Of(Code code) => code switch
    {
        Code.Ceq or Code.Beq => new(ComparisonKind.Equal, false),
        Code.Bne_Un => new(ComparisonKind.NotEqual, true),
        Code.Clt or Code.Blt => new(ComparisonKind.Less, false),
        Code.Clt_Un or Code.Blt_Un => new(ComparisonKind.Less, true),
        Code.Cgt or Code.Bgt => new(ComparisonKind.Greater, false),
        Code.Cgt_Un or Code.Bgt_Un => new(ComparisonKind.Greater, true),
        Code.Ble => new(ComparisonKind.LessOrEqual, false),
        Code.Ble_Un => new(ComparisonKind.LessOrEqual, true),
        Code.Bge => new(ComparisonKind.GreaterOrEqual, false),
        Code.Bge_Un => new(ComparisonKind.GreaterOrEqual, true),
        _ => null,
    };

    /// <summary>The branch that is taken when it is true.</summary>
    public OpCode Branch => (Kind, Unsigned) switch
    {
        (ComparisonKind.Equal, _) => OpCodes.Beq,
        (ComparisonKind.NotEqual, _) => OpCodes.Bne_Un,
        (ComparisonKind.Less, false) => OpCodes.Blt,
        (ComparisonKind.Less, true) => OpCodes.Blt_Un,
        (ComparisonKind.LessOrEqual, false) => OpCodes.Ble,
        (ComparisonKind.LessOrEqual, true) => OpCodes.Ble_Un,
        (ComparisonKind.Greater, false) => OpCodes.Bgt,
        (ComparisonKind.Greater, true) => OpCodes.Bgt_Un,
        (_, false) => OpCodes.Bge,
        _ => OpCodes.Bge_Un,
    };

    /// <summary>The instructions that leave 1 when it is true, else 0. There are codes for three kinds only.</summary>
    public Instruction[] Instructions() => Kind switch
    {
        ComparisonKind.Equal => [Instruction.Create(OpCodes.Ceq)],
        ComparisonKind.Less => [Instruction.Create(Unsigned ? OpCodes.Clt_Un : OpCodes.Clt)],
        ComparisonKind.Greater => [Instruction.Create(Unsigned ? OpCodes.Cgt_Un : OpCodes.Cgt)],
        _ => [.. Negated.Instructions(), Instruction.Create(OpCodes.Ldc_I4, 0), Instruction.Create(OpCodes.Ceq)],
    };
}
