using PageProof.Contract;
using PageProof.Contract.Paging;

namespace NaiveMmu;

/// <summary>The system that the laws are put to: an assembly has exactly one public class like this.</summary>
public sealed class NaiveSystem : ISystem
{
    /// <inheritdoc/>
    public string Name => "naive MMU";

    /// <inheritdoc/>
    public ITranslator OpenTranslator() => new NaiveMmu();

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}

/// <summary>
/// An x86-64 MMU of four levels as one writes it in an afternoon: it finds the page, and that is about all.
/// What it does not have, such as protection keys, its capabilities leave out, and no case asks for that.
/// </summary>
public sealed class NaiveMmu : ITranslator
{
    /// <inheritdoc/>
    public TranslatorCapabilities Capabilities { get; } = new()
    {
        Memory = new(1 << 30),
        Cr0 = Cr0.WriteProtect,
        Cr4 = Cr4.PageGlobalEnable,
        Efer = Efer.NoExecuteEnable,
        Vendors = [Vendor.Intel],
        Kinds = [AccessKind.Read, AccessKind.Write, AccessKind.Fetch],
        ImplicitAccesses = false,
        StackReferences = false,
    };

    /// <inheritdoc/>
    public void Translate(ReadOnlySpan<TranslationCase> cases, Span<TranslationAnswer> answers)
    {
        for (int index = 0; index < cases.Length; index++)
        {
            TranslationCase memory = cases[index];
            answers[index].Outcome = Walk(ref memory);
            answers[index].Known = AnswerParts.All;
            for (int word = 0; word < memory.Words.Length; word++)
            {
                answers[index].Left[word] = memory.Words[word].Entry;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    // Reads the tables of a case and marks the entries in it.
    private static TranslationOutcome Walk(ref TranslationCase memory)
    {
        var (control, access) = (memory.Control, memory.Access);
        ulong linear = access.Address.Value;
        ulong table = control.Cr3.Value & 0x000F_FFFF_FFFF_F000;
        for (int level = 4; ; level--)
        {
            int offsetBits = 12 + 9 * (level - 1);
            PhysicalAddress at = new(table + (linear >> offsetBits & 0x1FF) * 8);
            if (at.Value >= memory.Memory.Value)
            {
                return TranslationOutcome.OutsideMemory(at);
            }

            PagingEntry entry = memory.Read(at);
            if (!Has(entry, EntryBit.Present))
            {
                return Fault(control, access, PageFaultCode.None);
            }

            bool leaf = level == 1 || Has(entry, EntryBit.PageSize);
            if (!leaf)
            {
                table = entry.Value & 0x000F_FFFF_FFFF_F000;
                continue;
            }

            PageRights rights = RightsOf(entry);
            if (!Permits(control, access, rights))
            {
                return Fault(control, access, PageFaultCode.Present);
            }

            memory.Set(at, new(entry.Value | (ulong)(EntryBit.Accessed | EntryBit.Dirty)));
            ulong offset = (1UL << offsetBits) - 1;
            return TranslationOutcome.Translated(
                new((entry.Value & 0x000F_FFFF_FFFF_F000 & ~offset) | (linear & offset)),
                level switch { 1 => PageSize.Size4K, 2 => PageSize.Size2M, _ => PageSize.Size1G },
                rights,
                Has(entry, EntryBit.Global) && (control.Cr4 & Cr4.PageGlobalEnable) != 0,
                dirty: true,
                key: default,
                TypeOf(control, entry, level));
        }
    }

    private static PageRights RightsOf(PagingEntry entry) =>
        (Has(entry, EntryBit.Writable) ? PageRights.Write : 0)
        | (Has(entry, EntryBit.User) ? PageRights.User : 0)
        | (Has(entry, EntryBit.ExecuteDisable) ? 0 : PageRights.Execute);

    private static bool Permits(in ControlState control, in Access access, PageRights rights)
    {
        bool user = access.Cpl == PrivilegeLevel.Ring3;
        return (!user || (rights & PageRights.User) != 0)
            && (access.Kind != AccessKind.Write || (rights & PageRights.Write) != 0)
            && (access.Kind != AccessKind.Fetch || (rights & PageRights.Execute) != 0);
    }

    private static TranslationOutcome Fault(in ControlState control, in Access access, PageFaultCode cause) =>
        TranslationOutcome.PageFault(
            cause
            | (access.Kind == AccessKind.Write ? PageFaultCode.Write : 0)
            | (access.Kind == AccessKind.Fetch ? PageFaultCode.Fetch : 0)
            | (access.Cpl == PrivilegeLevel.Ring3 ? PageFaultCode.User : 0),
            access.Address);

    // PAT, PCD and PWT choose one of the eight types of IA32_PAT.
    private static MemoryType TypeOf(in ControlState control, PagingEntry leaf, int level)
    {
        EntryBit pat = level == 1 ? EntryBit.PatOfSmallPage : EntryBit.PatOfLargePage;
        int index = (Has(leaf, pat) ? 4 : 0)
            + (Has(leaf, EntryBit.CacheDisable) ? 2 : 0)
            + (Has(leaf, EntryBit.WriteThrough) ? 1 : 0);
        return (MemoryType)(control.Pat.Value >> 8 * index & 7);
    }

    private static bool Has(PagingEntry entry, EntryBit bit) => (entry.Value & (ulong)bit) != 0;
}
