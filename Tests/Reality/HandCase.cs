using PageProof.Contract;
using PageProof.Contract.Paging;

namespace PageProof.Tests.Reality;

/// <summary>
/// A case made by hand, and what the manual says of it. The path to the page is built from the top
/// down: each table follows the one above it in memory.
/// </summary>
internal sealed class HandCase
{
    public const ulong Table = (ulong)(EntryBit.Present | EntryBit.Writable | EntryBit.User);
    public const ulong Top = 0x10000;
    public const ulong Page = 0x40_0000;
    public const ulong Xd = (ulong)EntryBit.ExecuteDisable;
    private const ulong TableStep = 0x1000;

    private readonly List<int> _path = [];
    private TranslationCase _case = new()
    {
        Control = ControlState.LongMode with
        {
            Cr3 = new(Top),
            MaxPhyAddr = new(40),
        },
        Memory = new(16 << 20),
    };

    public HandCase(string name) => Name = name;

    public string Name { get; }

    public TranslationCase Case => _case;

    public TranslationOutcome Expected { get; private set; }

    /// <summary>Level of the leaf, when the case ends in a page.</summary>
    public int LeafLevel { get; private set; }

    public HandCase With(Func<ControlState, ControlState> change)
    {
        _case.Control = change(_case.Control);
        return this;
    }

    /// <summary>The case is about a 1-GiB page; the others do not care.</summary>
    public HandCase WithGigabytePages() => With(control => control with { HasGigabytePages = true });

    /// <summary>
    /// Adapts what the case does not care about to a system; false if it still cannot be asked.
    /// </summary>
    public bool Suits(TranslatorCapabilities capabilities)
    {
        if (!_case.Control.HasGigabytePages)
        {
            With(control => control with { HasGigabytePages = capabilities.GigabytePages[0] });
        }

        var control = _case.Control;
        var access = _case.Access;
        return (control.Cr0 & ~capabilities.Cr0) == 0
            && (control.Cr4 & ~capabilities.Cr4 & ~Cr4.PhysicalAddressExtension) == 0
            && (control.Efer & ~capabilities.Efer & ~Efer.LongModeEnable) == 0
            && capabilities.GigabytePages.Contains(control.HasGigabytePages)
            && capabilities.Widths.Contains(control.MaxPhyAddr)
            && capabilities.Vendors.Contains(control.Vendor)
            && capabilities.PrivilegeLevels.Contains(access.Cpl)
            && capabilities.Kinds.Contains(access.Kind)
            && (capabilities.StackReferences || !access.StackSegment);
    }

    public HandCase With(Cr4 bits) => With(control => control with { Cr4 = control.Cr4 | bits });

    public HandCase With(Cr0 bits) => With(control => control with { Cr0 = control.Cr0 | bits });

    public HandCase With(Efer bits) => With(control => control with { Efer = control.Efer | bits });

    public HandCase At(ulong address, AccessKind kind, int cpl, bool ac = false, bool stack = false)
    {
        _case.Access = new(new(address), kind, (PrivilegeLevel)cpl, ac, StackSegment: stack);
        return this;
    }

    /// <summary>
    /// Lists the entries of the path: the bits of each table from the top down, then the leaf
    /// whole.
    /// </summary>
    public HandCase Path(ulong leaf, params ulong[] tables)
    {
        int level = _case.Control.Cr4.HasFlag(Cr4.FiveLevelPaging) ? 5 : 4;
        ulong table = Top;
        foreach (ulong bits in tables)
        {
            List(table, level--, (table + TableStep) | bits);
            table += TableStep;
        }

        List(table, level, leaf);
        LeafLevel = level;
        return this;
    }

    /// <summary>A path of permissive tables to the 4-KiB page at <see cref="Page"/>.</summary>
    public HandCase Small(ulong bits = Table) => Case.Control.Cr4.HasFlag(Cr4.FiveLevelPaging)
        ? Path(Page | bits, Table, Table, Table, Table)
        : Path(Page | bits, Table, Table, Table);

    public HandCase Smap() => With(Cr4.SupervisorAccessPrevention);

    public HandCase Smep() => With(Cr4.SupervisorExecutionPrevention);

    public HandCase Nxe() => With(Efer.NoExecuteEnable);

    public HandCase Word(ulong address, ulong content)
    {
        _case.Set(new(address), new(content));
        return this;
    }

    public HandCase Reaches(ulong address)
    {
        Expected = TranslationOutcome.Translated(
            new(address), default, default, false, false, default, default);
        return this;
    }

    public HandCase Faults(PageFaultCode code)
    {
        Expected = TranslationOutcome.PageFault(code, _case.Access.Address);
        return this;
    }

    public HandCase IsNotCanonical()
    {
        Expected = _case.Access.StackSegment
            ? TranslationOutcome.StackFault() : TranslationOutcome.GeneralProtection();
        return this;
    }

    /// <summary>What is wrong with an answer, or null.</summary>
    public string? Disagreement(in TranslationAnswer answer)
    {
        if (answer.Outcome != Expected)
        {
            return $"expected {Expected}, was {answer.Outcome}";
        }

        bool isStore = _case.Access.Kind == AccessKind.Write
            && Expected.Kind == OutcomeKind.Translated;
        for (int index = 0; index < _case.Words.Length; index++)
        {
            var before = (EntryBit)_case.Words[index].Entry.Value;
            var left = (EntryBit)answer.Left[index].Value;
            bool isLeaf = _path.Count > 0 && index == _path[^1];
            var most = !_path.Contains(index) ? EntryBit.None
                : isLeaf && isStore
                    ? EntryBit.Accessed | EntryBit.Dirty
                : EntryBit.Accessed;
            bool mayStay = Expected.Kind != OutcomeKind.Translated;
            if (left != (before | most) && !(mayStay && left == before))
            {
                return $"{_case.Words[index]} was left as 0x{(ulong)left:x16}";
            }
        }

        bool knowsAddress = answer.Known.HasFlag(AnswerParts.Address);
        return answer.Known.HasFlag(AnswerParts.Words)
            && (knowsAddress || Expected.Kind != OutcomeKind.Translated)
            ? null : $"it knows only {answer.Known}";
    }

    public override string ToString() => Name;

    private void List(ulong table, int level, ulong entry)
    {
        ulong index = _case.Access.Address.Value >> (12 + 9 * (level - 1)) & 0x1ff;
        var address = new PhysicalAddress(table + 8 * index);
        _case.Set(address, new(entry));
        _path.Add(_case.IndexOf(address));
    }
}
