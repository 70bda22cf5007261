namespace Microsoft.Z3;

/// <summary>Parameters of a solver, by name.</summary>
public class Params : Z3Object
{
    internal Params(Context context)
        : base(context, context.Checked(Native.Z3_mk_params(context.nCtx)))
    {
    }

    public Params Add(string name, uint value)
    {
        Native.Z3_params_set_uint(Context.nCtx, NativeObject, Context.Symbol(name), value);
        return Context.Checked(this);
    }

    internal override void IncRef(IntPtr handle) => Native.Z3_params_inc_ref(Context.nCtx, handle);

    internal override void DecRef(IntPtr handle) => Native.Z3_params_dec_ref(Context.nCtx, handle);
}
