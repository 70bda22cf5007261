using PageProof.Contract;
using PageProof.Contract.Paging;

namespace PageProof.Properties.Paging;

/// <summary>Opens the paging door of a system, or says that it has none.</summary>
internal static class Doors
{
    public static ITranslator Translator(ISystem system) => system.OpenTranslator()
        ?? throw new UserError($"The system {system.Name} has no paging door, so it cannot be checked.");

    public static TranslatorCapabilities CapabilitiesOf(ISystem system)
    {
        using var translator = Translator(system);
        return translator.Capabilities;
    }
}
