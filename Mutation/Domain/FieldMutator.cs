using Mono.Cecil;
using Mono.Cecil.Cil;

namespace PageProof.Mutation.Domain;

/// <summary>
/// A field or a property that is read in the place of the one declared beside it, among those of the
/// same type.
/// </summary>
internal sealed class FieldMutator : Mutator
{
    private const string Getter = "get_";

    /// <inheritdoc/>
    public override string Name => "wrong field";

    /// <inheritdoc/>
    public override IEnumerable<Change> ChangesAt(Site site) => site.Instruction.Operand switch
    {
        FieldReference field when site.Code is Code.Ldfld or Code.Ldflda => Fields(site, field),
        MethodReference method when site.Code is Code.Call or Code.Callvirt
            && method is { HasThis: true, Parameters.Count: 0, DeclaringType: not GenericInstanceType }
            && IsGetter(method) && site.Instruction.Previous?.OpCode.Code != Code.Constrained =>
            Properties(site, method),
        _ => [],
    };

    private static IEnumerable<Change> Fields(Site site, FieldReference field)
    {
        if (field.Resolve() is not { } known)
        {
            yield break;
        }

        var alike = known.DeclaringType.Fields
            .Where(each => !each.IsStatic && each.FieldType.FullName == known.FieldType.FullName).ToList();
        foreach (var other in Neighbours(alike, known))
        {
            FieldReference reference = new(other.Name, field.FieldType, field.DeclaringType);
            yield return site.Become(
                Told(site, other.Name), Instruction.Create(site.Instruction.OpCode, reference));
        }
    }

    private static IEnumerable<Change> Properties(Site site, MethodReference getter)
    {
        if (getter.Resolve() is not { } known)
        {
            yield break;
        }

        var alike = known.DeclaringType.Methods
            .Where(each => each is { IsStatic: false, IsPublic: true, Parameters.Count: 0 } && IsGetter(each)
                && each.ReturnType.FullName == known.ReturnType.FullName).ToList();
        foreach (var other in Neighbours(alike, known))
        {
            yield return site.Become(
                Told(site, other.Name[Getter.Length..]),
                Instruction.Create(site.Instruction.OpCode, site.Method.Module.ImportReference(other)));
        }
    }

    private static bool IsGetter(MethodReference method) =>
        method.Name.StartsWith(Getter, StringComparison.Ordinal);

    private static string Told(Site site, string name) =>
        site.Operand(0) is var owner && owner == "this" ? name : $"{owner}.{name}";

    private static IEnumerable<T> Neighbours<T>(List<T> members, T member)
        where T : class
    {
        int index = members.IndexOf(member);
        return members.Where((_, other) => index >= 0 && Math.Abs(other - index) == 1);
    }
}
