using System.Reflection;
using System.Runtime.InteropServices;

namespace Microsoft.Z3;

/// <summary>
/// The functions of the Z3 library that the binding calls.
/// Source: the header z3_api.h of Z3 4.8.
/// </summary>
internal static class Native
{
    private const string Library = "libz3";

    private static readonly string[] Names = ["libz3.so.4", "libz3.so", "libz3"];

    static Native() => NativeLibrary.SetDllImportResolver(typeof(Native).Assembly, Resolve);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate void ErrorHandler(IntPtr context, int code);

    [DllImport(Library)]
    public static extern void Z3_get_version(out uint major, out uint minor, out uint build, out uint revision);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_config();

    [DllImport(Library)]
    public static extern void Z3_set_param_value(
        IntPtr configuration,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string value);

    [DllImport(Library)]
    public static extern void Z3_del_config(IntPtr configuration);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_context_rc(IntPtr configuration);

    [DllImport(Library)]
    public static extern void Z3_del_context(IntPtr context);

    [DllImport(Library)]
    public static extern void Z3_interrupt(IntPtr context);

    [DllImport(Library)]
    public static extern void Z3_set_error_handler(IntPtr context, ErrorHandler handler);

    [DllImport(Library)]
    public static extern int Z3_get_error_code(IntPtr context);

    [DllImport(Library)]
    public static extern IntPtr Z3_get_error_msg(IntPtr context, int code);

    [DllImport(Library)]
    public static extern void Z3_inc_ref(IntPtr context, IntPtr ast);

    [DllImport(Library)]
    public static extern void Z3_dec_ref(IntPtr context, IntPtr ast);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_string_symbol(
        IntPtr context, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_bool_sort(IntPtr context);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_bv_sort(IntPtr context, uint size);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_array_sort(IntPtr context, IntPtr domain, IntPtr range);

    [DllImport(Library)]
    public static extern int Z3_get_sort_kind(IntPtr context, IntPtr sort);

    [DllImport(Library)]
    public static extern IntPtr Z3_get_sort(IntPtr context, IntPtr ast);

    [DllImport(Library)]
    public static extern int Z3_get_ast_kind(IntPtr context, IntPtr ast);

    [DllImport(Library)]
    public static extern IntPtr Z3_ast_to_string(IntPtr context, IntPtr ast);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_const(IntPtr context, IntPtr symbol, IntPtr sort);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_true(IntPtr context);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_false(IntPtr context);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_unsigned_int64(IntPtr context, ulong value, IntPtr sort);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_not(IntPtr context, IntPtr a);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_and(IntPtr context, uint count, IntPtr[] arguments);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_or(IntPtr context, uint count, IntPtr[] arguments);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_eq(IntPtr context, IntPtr a, IntPtr b);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_ite(IntPtr context, IntPtr condition, IntPtr then, IntPtr otherwise);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_bvnot(IntPtr context, IntPtr a);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_bvneg(IntPtr context, IntPtr a);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_bvand(IntPtr context, IntPtr a, IntPtr b);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_bvor(IntPtr context, IntPtr a, IntPtr b);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_bvxor(IntPtr context, IntPtr a, IntPtr b);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_bvadd(IntPtr context, IntPtr a, IntPtr b);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_bvsub(IntPtr context, IntPtr a, IntPtr b);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_bvmul(IntPtr context, IntPtr a, IntPtr b);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_bvudiv(IntPtr context, IntPtr a, IntPtr b);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_bvurem(IntPtr context, IntPtr a, IntPtr b);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_bvsdiv(IntPtr context, IntPtr a, IntPtr b);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_bvsrem(IntPtr context, IntPtr a, IntPtr b);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_bvshl(IntPtr context, IntPtr a, IntPtr b);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_bvlshr(IntPtr context, IntPtr a, IntPtr b);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_bvashr(IntPtr context, IntPtr a, IntPtr b);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_bvult(IntPtr context, IntPtr a, IntPtr b);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_bvslt(IntPtr context, IntPtr a, IntPtr b);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_concat(IntPtr context, IntPtr a, IntPtr b);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_extract(IntPtr context, uint high, uint low, IntPtr a);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_zero_ext(IntPtr context, uint bits, IntPtr a);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_sign_ext(IntPtr context, uint bits, IntPtr a);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_select(IntPtr context, IntPtr array, IntPtr index);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_store(IntPtr context, IntPtr array, IntPtr index, IntPtr value);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_const_array(IntPtr context, IntPtr domain, IntPtr value);

    [DllImport(Library)]
    public static extern IntPtr Z3_get_app_decl(IntPtr context, IntPtr application);

    [DllImport(Library)]
    public static extern uint Z3_get_app_num_args(IntPtr context, IntPtr application);

    [DllImport(Library)]
    public static extern IntPtr Z3_get_app_arg(IntPtr context, IntPtr application, uint index);

    [DllImport(Library)]
    public static extern int Z3_get_decl_kind(IntPtr context, IntPtr declaration);

    [DllImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static extern bool Z3_get_numeral_uint64(IntPtr context, IntPtr numeral, out ulong value);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_params(IntPtr context);

    [DllImport(Library)]
    public static extern void Z3_params_inc_ref(IntPtr context, IntPtr parameters);

    [DllImport(Library)]
    public static extern void Z3_params_dec_ref(IntPtr context, IntPtr parameters);

    [DllImport(Library)]
    public static extern void Z3_params_set_uint(IntPtr context, IntPtr parameters, IntPtr name, uint value);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_solver(IntPtr context);

    [DllImport(Library)]
    public static extern IntPtr Z3_mk_solver_for_logic(IntPtr context, IntPtr logic);

    [DllImport(Library)]
    public static extern void Z3_solver_inc_ref(IntPtr context, IntPtr solver);

    [DllImport(Library)]
    public static extern void Z3_solver_dec_ref(IntPtr context, IntPtr solver);

    [DllImport(Library)]
    public static extern void Z3_solver_set_params(IntPtr context, IntPtr solver, IntPtr parameters);

    [DllImport(Library)]
    public static extern void Z3_solver_assert(IntPtr context, IntPtr solver, IntPtr constraint);

    [DllImport(Library)]
    public static extern int Z3_solver_check(IntPtr context, IntPtr solver);

    [DllImport(Library)]
    public static extern IntPtr Z3_solver_get_model(IntPtr context, IntPtr solver);

    [DllImport(Library)]
    public static extern IntPtr Z3_solver_get_reason_unknown(IntPtr context, IntPtr solver);

    [DllImport(Library)]
    public static extern void Z3_model_inc_ref(IntPtr context, IntPtr model);

    [DllImport(Library)]
    public static extern void Z3_model_dec_ref(IntPtr context, IntPtr model);

    [DllImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static extern bool Z3_model_eval(
        IntPtr context, IntPtr model, IntPtr term, [MarshalAs(UnmanagedType.U1)] bool completion, out IntPtr value);

    /// <summary>Debian's name of the library goes first: the others are links that only a compiler needs.</summary>
    private static IntPtr Resolve(string library, Assembly assembly, DllImportSearchPath? path)
    {
        if (library != Library)
        {
            return IntPtr.Zero;
        }

        foreach (string name in Names)
        {
            if (NativeLibrary.TryLoad(name, assembly, path, out var handle))
            {
                return handle;
            }
        }

        return NativeLibrary.Load(Names[0], assembly, path);
    }
}
