using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Spec.Paging;

namespace PageProof.Properties.Paging;

/// <summary>
/// Chooses cases that are worth recording: of every class that the system can reach about as many,
/// those of rare classes first, in an order that the seed alone decides.
/// </summary>
public static class FactSelection
{
    private const int Pool = 16;

    /// <summary>Exactly <paramref name="count"/> cases, unless the system can reach too few.</summary>
    public static IReadOnlyList<TranslationCase> Choose(ISystem system, ulong seed, int count)
    {
        var capabilities = Doors.CapabilitiesOf(system);
        TranslationGenerator generator = new(capabilities);
        Dictionary<TranslationClass, List<TranslationCase>> classes = [];
        TranslationCase made = default;
        for (long index = 0; index < (long)count * Pool; index++)
        {
            generator.Generate(seed, index, ref made);
            var each = ClassOf(made);
            if (!classes.TryGetValue(each, out var members))
            {
                classes[each] = members = [];
            }

            members.Add(made);
        }

        // Round by round, one of each class that still has some.
        List<TranslationCase> chosen = [];
        for (int round = 0; chosen.Count < count && classes.Values.Any(members => round < members.Count); round++)
        {
            chosen.AddRange(classes.Values.Where(members => round < members.Count).Select(members => members[round]));
        }

        return [.. chosen.Take(count).OrderBy(MachineOf)];
    }

    private static TranslationClass ClassOf(in TranslationCase made)
    {
        var end = TranslationSpec.Walk(made);
        return new(
            EntryFormat.LevelsOf(made.Control),
            made.Access.Cpl,
            made.Access.Kind,
            end.Outcome.Kind,
            end.Outcome.Code,
            end.Level);
    }

    // A change of these means another machine, so they are kept together.
    private static int MachineOf(TranslationCase made) =>
        made.Control.MaxPhyAddr.Bits << 2 | (made.Control.HasGigabytePages ? 2 : 0) | (int)made.Control.Vendor;
}
