using System.Runtime.InteropServices;

namespace Microsoft.Z3;

/// <summary>Decides whether assertions can all hold.</summary>
public class Solver : Z3Object
{
    internal Solver(Context context, IntPtr handle)
        : base(context, handle)
    {
    }

    public Params Parameters
    {
        set
        {
            Native.Z3_solver_set_params(Context.nCtx, NativeObject, value.NativeObject);
            Context.Checked(true);
        }
    }

    /// <summary>The model that the last check has found, or null when it has found none.</summary>
    public Model? Model
    {
        get
        {
            var model = Context.Checked(Native.Z3_solver_get_model(Context.nCtx, NativeObject));
            return model == IntPtr.Zero ? null : new Model(Context, model);
        }
    }

    public string ReasonUnknown => Marshal.PtrToStringUTF8(
        Context.Checked(Native.Z3_solver_get_reason_unknown(Context.nCtx, NativeObject))) ?? "";

    public void Assert(params BoolExpr[] constraints)
    {
        foreach (var constraint in constraints)
        {
            Native.Z3_solver_assert(Context.nCtx, NativeObject, constraint.NativeObject);
            Context.Checked(true);
        }
    }

    public Status Check() => (Status)Context.Checked(Native.Z3_solver_check(Context.nCtx, NativeObject));

    internal override void IncRef(IntPtr handle) => Native.Z3_solver_inc_ref(Context.nCtx, handle);

    internal override void DecRef(IntPtr handle) => Native.Z3_solver_dec_ref(Context.nCtx, handle);
}
