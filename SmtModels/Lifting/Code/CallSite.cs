using Mono.Cecil;

namespace PageProof.SmtModels.Lifting;

/// <summary>What a call instruction names, without open type parameters.</summary>
internal sealed class CallSite
{
    public required ClrType Declaring { get; init; }

    public required MethodReference Reference { get; init; }

    /// <summary>The types of the arguments, without that of <c>this</c>.</summary>
    public required IReadOnlyList<ClrType> Parameters { get; init; }

    public required ClrType Return { get; init; }

    public required IReadOnlyList<ClrType> MethodArguments { get; init; }

    /// <summary>The type to which a type parameter binds the call, if it does.</summary>
    public ClrType? Constraint { get; init; }

    public string Name => Reference.Name;

    public bool HasThis => Reference.HasThis;

    /// <summary>Type and method, as the intrinsic operations are listed.</summary>
    // Survivor: it is the same text each time that it is put together.
    public string Key => field ??= $"{Declaring.DefinitionName}::{Name}";

    /// <summary>The method that is run, once it was looked up.</summary>
    public ClosedMethod? Target { get; set; }

    /// <summary>What is done instead of running a method, once it was looked up.</summary>
    public Intrinsic? Intrinsic { get; set; }
}
