namespace Microsoft.Z3;

/// <summary>An expression.</summary>
public class Expr : AST
{
    // Source: the enumerations Z3_ast_kind, Z3_sort_kind and Z3_decl_kind of z3_api.h.
    private const int NumeralKind = 0;
    private const int BoolSortKind = 1;
    private const int BitVecSortKind = 4;
    private const int ArraySortKind = 5;
    private const int TrueKind = 0x100;
    private const int FalseKind = 0x101;
    private const int EqualKind = 0x102;
    private const int IteKind = 0x104;
    private const int AndKind = 0x105;
    private const int OrKind = 0x106;
    private const int NotKind = 0x109;
    private const int StoreKind = 0x300;
    private const int ConstantArrayKind = 0x302;

    internal Expr(Context context, IntPtr handle)
        : base(context, handle)
    {
    }

    public uint NumArgs => Context.Checked(Native.Z3_get_app_num_args(Context.nCtx, NativeObject));

    public Expr[] Args
    {
        get
        {
            var arguments = new Expr[NumArgs];
            for (uint index = 0; index < arguments.Length; index++)
            {
                arguments[index] = Create(
                    Context, Context.Checked(Native.Z3_get_app_arg(Context.nCtx, NativeObject, index)));
            }

            return arguments;
        }
    }

    public bool IsTrue => Kind == TrueKind;

    public bool IsFalse => Kind == FalseKind;

    public bool IsEq => Kind == EqualKind;

    public bool IsITE => Kind == IteKind;

    public bool IsAnd => Kind == AndKind;

    public bool IsOr => Kind == OrKind;

    public bool IsNot => Kind == NotKind;

    public bool IsStore => Kind == StoreKind;

    public bool IsConstantArray => Kind == ConstantArrayKind;

    private int Kind
    {
        get
        {
            var declaration = Context.Checked(Native.Z3_get_app_decl(Context.nCtx, NativeObject));
            return Context.Checked(Native.Z3_get_decl_kind(Context.nCtx, declaration));
        }
    }

    internal static Expr Create(Context context, IntPtr handle)
    {
        var sort = context.Checked(Native.Z3_get_sort(context.nCtx, handle));
        return context.Checked(Native.Z3_get_sort_kind(context.nCtx, sort)) switch
        {
            BoolSortKind => new BoolExpr(context, handle),
            BitVecSortKind when context.Checked(Native.Z3_get_ast_kind(context.nCtx, handle)) == NumeralKind =>
                new BitVecNum(context, handle),
            BitVecSortKind => new BitVecExpr(context, handle),
            ArraySortKind => new ArrayExpr(context, handle),
            _ => new Expr(context, handle),
        };
    }
}

/// <summary>A truth.</summary>
public class BoolExpr : Expr
{
    internal BoolExpr(Context context, IntPtr handle)
        : base(context, handle)
    {
    }
}

/// <summary>A word.</summary>
public class BitVecExpr : Expr
{
    internal BitVecExpr(Context context, IntPtr handle)
        : base(context, handle)
    {
    }
}

/// <summary>A word that is a number.</summary>
public class BitVecNum : BitVecExpr
{
    internal BitVecNum(Context context, IntPtr handle)
        : base(context, handle)
    {
    }

    public ulong UInt64 => Native.Z3_get_numeral_uint64(Context.nCtx, NativeObject, out ulong value)
        ? value
        : throw new Z3Exception("Numeral is not a 64 bit unsigned");
}

/// <summary>An array.</summary>
public class ArrayExpr : Expr
{
    internal ArrayExpr(Context context, IntPtr handle)
        : base(context, handle)
    {
    }
}
