namespace Microsoft.Z3;

/// <summary>Values under which the assertions of a solver hold.</summary>
public class Model : Z3Object
{
    internal Model(Context context, IntPtr handle)
        : base(context, handle)
    {
    }

    /// <summary>What an expression is in the model; with completion, also where the model leaves it open.</summary>
    public Expr Eval(Expr t, bool completion = false) =>
        Context.Checked(Native.Z3_model_eval(Context.nCtx, NativeObject, t.NativeObject, completion, out var value))
            ? Expr.Create(Context, value)
            : throw new Z3Exception("The model gives the expression no value.");

    internal override void IncRef(IntPtr handle) => Native.Z3_model_inc_ref(Context.nCtx, handle);

    internal override void DecRef(IntPtr handle) => Native.Z3_model_dec_ref(Context.nCtx, handle);
}
