namespace PageProof.SmtModels.Smt;

/// <summary>
/// What a term does with its arguments. The meaning is that of SMT-LIB, also for division by zero and
/// for shifts by more than the width. Less-or-equal is written as the negation of less.
/// Source: SMT-LIB 2.6, theories Core, FixedSizeBitVectors and ArraysEx; logic QF_BV.
/// </summary>
public enum TermKind
{
    Constant,
    Variable,
    Not,
    And,
    Or,
    Ite,
    Equal,
    BvNot,
    BvNeg,
    BvAnd,
    BvOr,
    BvXor,
    BvAdd,
    BvSub,
    BvMul,
    BvUdiv,
    BvUrem,
    BvSdiv,
    BvSrem,
    BvShl,
    BvLshr,
    BvAshr,
    Ult,
    Slt,
    Concat,
    Extract,
    ZeroExtend,
    SignExtend,
    Select,
    Store,
    ConstantMemory,
}
