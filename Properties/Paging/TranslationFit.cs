using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Spec.Paging;

namespace PageProof.Properties.Paging;

/// <summary>
/// Keeps cases within the capabilities of a system. A system that really makes the access cannot be
/// asked to read a table that is not there, to store into a listed word, or to leave its memory.
/// </summary>
public sealed class TranslationFit(TranslatorCapabilities capabilities)
{
    /// <summary>The bits of CR4 that may vary in long mode: PAE is always set.</summary>
    public const Cr4 PagingBits = Cr4.PageSizeExtensions | Cr4.PageGlobalEnable | Cr4.FiveLevelPaging
        | Cr4.ProcessContextIdentifiers | Cr4.SupervisorExecutionPrevention
        | Cr4.SupervisorAccessPrevention | Cr4.ProtectionKeys | Cr4.ControlFlowEnforcement;

    private const ulong QuadwordMask = 7;
    private const int Attempts = 8;

    /// <summary>Changes a case as little as needed so that the system can be asked it.</summary>
    public void Fit(ref TranslationCase made)
    {
        if (!capabilities.Accesses)
        {
            return;
        }

        for (int attempt = 0; attempt < Attempts && !IsMakeable(made); attempt++)
        {
            Move(ref made);
        }

        if (!IsMakeable(made))
        {
            made.Clear();
        }
    }

    /// <summary>Whether the system can be asked the case: the shrinker stays inside.</summary>
    public bool IsWithin(in TranslationCase made)
    {
        var control = made.Control;
        var access = made.Access;
        return IsLegal(control, access)
            && (control.Cr0 & ~capabilities.Cr0) == 0
            && (control.Cr4 & ~capabilities.Cr4 & PagingBits) == 0
            && (control.Efer & ~capabilities.Efer & Efer.NoExecuteEnable) == 0
            && capabilities.Widths.Contains(control.MaxPhyAddr)
            && capabilities.GigabytePages.Contains(control.HasGigabytePages)
            && capabilities.Vendors.Contains(control.Vendor)
            && capabilities.Kinds.Contains(access.Kind)
            && capabilities.PrivilegeLevels.Contains(access.Cpl)
            && (capabilities.ImplicitAccesses || !access.Implicit)
            && (capabilities.StackReferences || !access.StackSegment)
            && AreWordsInside(made)
            && (!capabilities.Accesses || IsMakeable(made));
    }

    /// <summary>Whether a word is the one by which the system maps itself.</summary>
    public bool IsOwnWord(in TranslationCase made, PhysicalAddress at) =>
        capabilities.OwnTopIndex is { } own
        && EntryFormat.TopTable(made.Control.Cr3).Value + (ulong)own * 8 == (at.Value & ~QuadwordMask);

    private static bool IsLegal(in ControlState control, in Access access)
    {
        bool cet = control.Cr4.HasFlag(Cr4.ControlFlowEnforcement);
        bool shadowStack = access.Kind is AccessKind.ShadowStackRead or AccessKind.ShadowStackWrite;
        bool data = access.Kind is AccessKind.Read or AccessKind.Write;
        return (!cet || control.Cr0.HasFlag(Cr0.WriteProtect))
            && (!shadowStack || cet)
            && (!access.Implicit || data)
            && (!access.StackSegment || (data && !access.Implicit))
            && control.Cr4.HasFlag(Cr4.PhysicalAddressExtension)
            && control.Efer.HasFlag(Efer.LongModeEnable)
            && HasLegalTypes(control.Pat);
    }

    private static bool HasLegalTypes(PageAttributeTable pat)
    {
        for (int index = 0; index < 8; index++)
        {
            if (!Enum.IsDefined((MemoryType)(pat.Value >> 8 * index & 0xFF)))
            {
                return false;
            }
        }

        return true;
    }

    private bool AreWordsInside(in TranslationCase made)
    {
        foreach (ref readonly var word in made.Words)
        {
            if (word.Address.Value >= made.Memory.Value || (word.Address.Value & QuadwordMask) != 0
                || IsOwnWord(made, word.Address))
            {
                return false;
            }
        }

        return EntryFormat.TopTable(made.Control.Cr3).Value < made.Memory.Value || !capabilities.Accesses;
    }

    private bool IsMakeable(in TranslationCase made)
    {
        var outcome = TranslationSpec.Walk(made).Outcome;
        return (made.Access.Address.Value & QuadwordMask) == 0
            && outcome.Kind != OutcomeKind.OutsideMemory
            && !ReadsOwnWord(made)
            && (outcome.Kind != OutcomeKind.Translated || IsReachable(made, outcome.Address));
    }

    private bool IsReachable(in TranslationCase made, PhysicalAddress address) =>
        address.Value < made.Memory.Value
        && !IsOwnWord(made, address)
        && (made.Access.Kind == AccessKind.Read || made.IndexOf(address) < 0);

    private bool ReadsOwnWord(in TranslationCase made)
    {
        if (capabilities.OwnTopIndex is null)
        {
            return false;
        }

        int levels = EntryFormat.LevelsOf(made.Control);
        var table = EntryFormat.TopTable(made.Control.Cr3);
        for (int level = levels; level >= 1; level--)
        {
            var at = EntryFormat.EntryAddress(table, made.Access.Address, level);
            if (IsOwnWord(made, at))
            {
                return true;
            }

            var entry = made.Read(at);
            if (EntryFormat.IsLeaf(entry, level) || !EntryFormat.Has(entry, EntryBit.Present))
            {
                return false;
            }

            table = EntryFormat.NextTable(entry);
        }

        return false;
    }

    // Moves the offset within the page: into memory, and on to the next quadword.
    private static void Move(ref TranslationCase made)
    {
        var outcome = TranslationSpec.Walk(made).Outcome;
        ulong address = made.Access.Address.Value & ~QuadwordMask;
        if (outcome.Kind == OutcomeKind.Translated)
        {
            ulong offset = (1UL << (int)outcome.Size) - 1;
            ulong frame = outcome.Address.Value & ~offset;
            ulong room = frame < made.Memory.Value ? made.Memory.Value - frame - 1 : offset;
            address = (address & ~offset) | (address + 8 & offset & room & ~QuadwordMask);
        }

        made.Access = made.Access with { Address = new(address) };
    }
}
