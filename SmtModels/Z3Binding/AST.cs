using System.Runtime.InteropServices;

namespace Microsoft.Z3;

/// <summary>An expression, a sort or a declaration.</summary>
public class AST : Z3Object
{
    private const int ApplicationKind = 1;

    internal AST(Context context, IntPtr handle)
        : base(context, handle)
    {
    }

    /// <summary>Whether it applies a function to arguments.</summary>
    public bool IsApp => Context.Checked(Native.Z3_get_ast_kind(Context.nCtx, NativeObject)) == ApplicationKind;

    public override string ToString() => Marshal.PtrToStringUTF8(
        Context.Checked(Native.Z3_ast_to_string(Context.nCtx, NativeObject))) ?? "";
}
