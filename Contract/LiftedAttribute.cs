namespace PageProof.Contract;

/// <summary>
/// Marks a method about which theorems are proved, under the name by which they ask for it: so that a
/// renamed method, or another assembly, is found the same way. What it computes is read off its compiled
/// form.
/// </summary>
/// <param name="name">The name of the method in the theorems, such as <c>paging.spec.walk</c>.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true, Inherited = false)]
public sealed class LiftedAttribute(string name) : Attribute
{
    /// <summary>The name of the method in the theorems.</summary>
    public string Name { get; } = name;
}
