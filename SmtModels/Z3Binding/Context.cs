using System.Runtime.InteropServices;

namespace Microsoft.Z3;

/// <summary>
/// Where expressions are made. One thread uses a context at a time; only <see cref="Interrupt"/> may be
/// called by another.
/// </summary>
public class Context : IDisposable
{
    // The library ends the process at an error unless it is given a handler. Errors are asked for after each call.
    private static readonly Native.ErrorHandler Ignore = static (_, _) => { };

    private readonly HashSet<Z3Object> _owned = new(ReferenceEqualityComparer.Instance);
    private IntPtr _handle;

    public Context()
        : this([])
    {
    }

    public Context(Dictionary<string, string> settings)
    {
        var configuration = Native.Z3_mk_config();
        foreach (var (name, value) in settings)
        {
            Native.Z3_set_param_value(configuration, name, value);
        }

        _handle = Native.Z3_mk_context_rc(configuration);
        Native.Z3_del_config(configuration);
        Native.Z3_set_error_handler(_handle, Ignore);
        BoolSort = new BoolSort(this, Native.Z3_mk_bool_sort(_handle));
    }

    ~Context() => Free();

    public BoolSort BoolSort { get; }

#pragma warning disable IDE1006 // The name is that of the package.
    internal IntPtr nCtx => _handle != IntPtr.Zero
        ? _handle
        : throw new ObjectDisposedException(nameof(Context));
#pragma warning restore IDE1006

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops the check that another thread is in.</summary>
    public void Interrupt() => Native.Z3_interrupt(nCtx);

    public BitVecSort MkBitVecSort(uint size) => new(this, Checked(Native.Z3_mk_bv_sort(nCtx, size)));

    public ArraySort MkArraySort(Sort domain, Sort range) =>
        new(this, Checked(Native.Z3_mk_array_sort(nCtx, domain.NativeObject, range.NativeObject)));

    public BoolExpr MkBoolConst(string name) => new(this, MkConst(name, BoolSort));

    public BitVecExpr MkBVConst(string name, uint size) => new(this, MkConst(name, MkBitVecSort(size)));

    public ArrayExpr MkArrayConst(string name, Sort domain, Sort range) =>
        new(this, MkConst(name, MkArraySort(domain, range)));

    public BoolExpr MkTrue() => new(this, Checked(Native.Z3_mk_true(nCtx)));

    public BoolExpr MkFalse() => new(this, Checked(Native.Z3_mk_false(nCtx)));

    public BitVecNum MkBV(ulong v, uint size) =>
        new(this, Checked(Native.Z3_mk_unsigned_int64(nCtx, v, MkBitVecSort(size).NativeObject)));

    public BoolExpr MkNot(BoolExpr a) => new(this, Checked(Native.Z3_mk_not(nCtx, a.NativeObject)));

    public BoolExpr MkAnd(params BoolExpr[] ts) =>
        new(this, Checked(Native.Z3_mk_and(nCtx, (uint)ts.Length, Handles(ts))));

    public BoolExpr MkOr(params BoolExpr[] ts) =>
        new(this, Checked(Native.Z3_mk_or(nCtx, (uint)ts.Length, Handles(ts))));

    public BoolExpr MkEq(Expr x, Expr y) =>
        new(this, Checked(Native.Z3_mk_eq(nCtx, x.NativeObject, y.NativeObject)));

    public Expr MkITE(BoolExpr t1, Expr t2, Expr t3) => Expr.Create(
        this, Checked(Native.Z3_mk_ite(nCtx, t1.NativeObject, t2.NativeObject, t3.NativeObject)));

    public BitVecExpr MkBVNot(BitVecExpr t) => new(this, Checked(Native.Z3_mk_bvnot(nCtx, t.NativeObject)));

    public BitVecExpr MkBVNeg(BitVecExpr t) => new(this, Checked(Native.Z3_mk_bvneg(nCtx, t.NativeObject)));

    public BitVecExpr MkBVAND(BitVecExpr t1, BitVecExpr t2) => Word(Native.Z3_mk_bvand, t1, t2);

    public BitVecExpr MkBVOR(BitVecExpr t1, BitVecExpr t2) => Word(Native.Z3_mk_bvor, t1, t2);

    public BitVecExpr MkBVXOR(BitVecExpr t1, BitVecExpr t2) => Word(Native.Z3_mk_bvxor, t1, t2);

    public BitVecExpr MkBVAdd(BitVecExpr t1, BitVecExpr t2) => Word(Native.Z3_mk_bvadd, t1, t2);

    public BitVecExpr MkBVSub(BitVecExpr t1, BitVecExpr t2) => Word(Native.Z3_mk_bvsub, t1, t2);

    public BitVecExpr MkBVMul(BitVecExpr t1, BitVecExpr t2) => Word(Native.Z3_mk_bvmul, t1, t2);

    public BitVecExpr MkBVUDiv(BitVecExpr t1, BitVecExpr t2) => Word(Native.Z3_mk_bvudiv, t1, t2);

    public BitVecExpr MkBVURem(BitVecExpr t1, BitVecExpr t2) => Word(Native.Z3_mk_bvurem, t1, t2);

    public BitVecExpr MkBVSDiv(BitVecExpr t1, BitVecExpr t2) => Word(Native.Z3_mk_bvsdiv, t1, t2);

    public BitVecExpr MkBVSRem(BitVecExpr t1, BitVecExpr t2) => Word(Native.Z3_mk_bvsrem, t1, t2);

    public BitVecExpr MkBVSHL(BitVecExpr t1, BitVecExpr t2) => Word(Native.Z3_mk_bvshl, t1, t2);

    public BitVecExpr MkBVLSHR(BitVecExpr t1, BitVecExpr t2) => Word(Native.Z3_mk_bvlshr, t1, t2);

    public BitVecExpr MkBVASHR(BitVecExpr t1, BitVecExpr t2) => Word(Native.Z3_mk_bvashr, t1, t2);

    public BoolExpr MkBVULT(BitVecExpr t1, BitVecExpr t2) =>
        new(this, Checked(Native.Z3_mk_bvult(nCtx, t1.NativeObject, t2.NativeObject)));

    public BoolExpr MkBVSLT(BitVecExpr t1, BitVecExpr t2) =>
        new(this, Checked(Native.Z3_mk_bvslt(nCtx, t1.NativeObject, t2.NativeObject)));

    public BitVecExpr MkConcat(BitVecExpr t1, BitVecExpr t2) => Word(Native.Z3_mk_concat, t1, t2);

    public BitVecExpr MkExtract(uint high, uint low, BitVecExpr t) =>
        new(this, Checked(Native.Z3_mk_extract(nCtx, high, low, t.NativeObject)));

    public BitVecExpr MkZeroExt(uint i, BitVecExpr t) =>
        new(this, Checked(Native.Z3_mk_zero_ext(nCtx, i, t.NativeObject)));

    public BitVecExpr MkSignExt(uint i, BitVecExpr t) =>
        new(this, Checked(Native.Z3_mk_sign_ext(nCtx, i, t.NativeObject)));

    public Expr MkSelect(ArrayExpr a, Expr i) =>
        Expr.Create(this, Checked(Native.Z3_mk_select(nCtx, a.NativeObject, i.NativeObject)));

    public ArrayExpr MkStore(ArrayExpr a, Expr i, Expr v) =>
        new(this, Checked(Native.Z3_mk_store(nCtx, a.NativeObject, i.NativeObject, v.NativeObject)));

    public ArrayExpr MkConstArray(Sort domain, Expr v) =>
        new(this, Checked(Native.Z3_mk_const_array(nCtx, domain.NativeObject, v.NativeObject)));

    public Params MkParams() => new(this);

    public Solver MkSolver() => new(this, Checked(Native.Z3_mk_solver(nCtx)));

    public Solver MkSolver(string logic) => new(this, Checked(Native.Z3_mk_solver_for_logic(nCtx, Symbol(logic))));

    internal IntPtr Symbol(string name) => Checked(Native.Z3_mk_string_symbol(nCtx, name));

    /// <summary>What a call has given, unless it has left an error.</summary>
    internal T Checked<T>(T result)
    {
        int code = Native.Z3_get_error_code(nCtx);
        return code == 0
            ? result
            : throw new Z3Exception(Marshal.PtrToStringUTF8(Native.Z3_get_error_msg(nCtx, code)) ?? $"error {code}");
    }

    internal void Own(Z3Object one) => _owned.Add(one);

    internal void Disown(Z3Object one) => _owned.Remove(one);

    private IntPtr MkConst(string name, Sort sort) =>
        Checked(Native.Z3_mk_const(nCtx, Symbol(name), sort.NativeObject));

    private BitVecExpr Word(Func<IntPtr, IntPtr, IntPtr, IntPtr> make, BitVecExpr t1, BitVecExpr t2) =>
        new(this, Checked(make(nCtx, t1.NativeObject, t2.NativeObject)));

    private static IntPtr[] Handles(BoolExpr[] expressions) =>
        Array.ConvertAll(expressions, expression => expression.NativeObject);

    private void Free()
    {
        if (_handle == IntPtr.Zero)
        {
            return;
        }

        foreach (var one in _owned)
        {
            one.Release();
        }

        _owned.Clear();
        Native.Z3_del_context(_handle);
        _handle = IntPtr.Zero;
    }
}
