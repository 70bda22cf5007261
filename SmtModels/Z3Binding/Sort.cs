namespace Microsoft.Z3;

/// <summary>The sort of an expression.</summary>
public class Sort : AST
{
    internal Sort(Context context, IntPtr handle)
        : base(context, handle)
    {
    }
}

/// <summary>Truths.</summary>
public class BoolSort : Sort
{
    internal BoolSort(Context context, IntPtr handle)
        : base(context, handle)
    {
    }
}

/// <summary>Words of a width.</summary>
public class BitVecSort : Sort
{
    internal BitVecSort(Context context, IntPtr handle)
        : base(context, handle)
    {
    }
}

/// <summary>Arrays from one sort to another.</summary>
public class ArraySort : Sort
{
    internal ArraySort(Context context, IntPtr handle)
        : base(context, handle)
    {
    }
}
