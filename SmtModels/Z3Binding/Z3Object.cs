namespace Microsoft.Z3;

/// <summary>
/// Something that lives in a context and is counted there. What is not disposed goes with its context.
/// </summary>
public class Z3Object : IDisposable
{
    internal Z3Object(Context context, IntPtr handle)
    {
        Context = context;
        NativeObject = handle;
        IncRef(handle);
        context.Own(this);
    }

    /// <summary>The context in which it lives.</summary>
    public Context Context { get; }

    internal IntPtr NativeObject { get; private set; }

    public void Dispose()
    {
        if (NativeObject != IntPtr.Zero)
        {
            Release();
            Context.Disown(this);
        }

        GC.SuppressFinalize(this);
    }

    internal void Release()
    {
        DecRef(NativeObject);
        NativeObject = IntPtr.Zero;
    }

    internal virtual void IncRef(IntPtr handle) => Native.Z3_inc_ref(Context.nCtx, handle);

    internal virtual void DecRef(IntPtr handle) => Native.Z3_dec_ref(Context.nCtx, handle);
}
