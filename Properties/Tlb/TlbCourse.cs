using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Properties.Harness;
using PageProof.Spec.Paging;
using PageProof.Spec.Tlb;

namespace PageProof.Properties.Tlb;

/// <summary>What has been done so far, as far as it says what is worth doing next.</summary>
internal sealed class TlbCourse(TlbWorld world, ControlState control, int cpus, int[] weights)
{
    private const ulong KeepBit = 1UL << 63;

    private readonly TlbCapabilities _capabilities = world.Capabilities;
    private readonly ControlState[] _controls = [.. Enumerable.Repeat(control, cpus)];
    private readonly int _width = CanonicalSpec.WidthOf(world.Levels);
    private readonly int _total = weights.Sum();
    private LinearAddress _address = world.Addresses[0];
    private byte _cpu;
    private PrivilegeLevel _cpl = PrivilegeLevel.Ring3;
    private Access _access = new(world.Addresses[0], AccessKind.Read, PrivilegeLevel.Ring3);

    public TlbCommand Next(ref CaseRandom random)
    {
        _cpu = random.OneIn(4) ? (byte)random.Below(cpus) : _cpu;
        _address = random.OneIn(4) ? random.Of(world.Addresses) : _address;
        int drawn = random.Below(_total);
        int kind = 0;
        while (drawn >= weights[kind])
        {
            drawn -= weights[kind++];
        }

        TlbCommand command = new() { Kind = (TlbCommandKind)kind, Cpu = new(_cpu) };
        command = command.Kind switch
        {
            TlbCommandKind.Store => Store(ref random, command),
            TlbCommandKind.Load => command with { Word = new(Word(ref random).Address, default) },
            TlbCommandKind.Access => command with { Access = _access = NextAccess(ref random) },
            TlbCommandKind.InvalidatePage => command with { Address = RandomAddress(ref random) },
            TlbCommandKind.InvalidatePcid => Invpcid(ref random, command),
            TlbCommandKind.MoveCr0 => command with
            {
                Cr0 = random.OneIn(8) ? Now.Cr0 : Now.Cr0 ^ Cr0.WriteProtect,
            },
            TlbCommandKind.MoveCr3 => command with { Cr3 = new(Cr3Operand(ref random)) },
            TlbCommandKind.MoveCr4 => command with { Cr4 = Now.Cr4 ^ OfferedBit(RandomBit(ref random)) },
            _ when !_capabilities.Refusals && !EntryFormat.Has(Now, Cr4.ProtectionKeys) =>
                command with { Kind = TlbCommandKind.Access, Access = _access = NextAccess(ref random) },

            // Most pages have key 0.
            _ => command with { Pkru = new(Now.Pkru.Value ^ 1u << random.Below(random.OneIn(2) ? 2 : 32)) },
        };
        if (!ControlSpec.Refuses(Now, command))
        {
            _controls[_cpu] = ControlSpec.Next(Now, command);
        }

        return command;
    }

    private ControlState Now => _controls[_cpu];

    private TableWord Word(ref CaseRandom random) => world.WordAt(WordIndex(ref random));

    private int WordIndex(ref CaseRandom random) => random.OneIn(5)
        ? random.Below(world.Count)
        : world.WordOnPath(ref random, Now.Cr3, _address);

    private TlbCommand Store(ref CaseRandom random, TlbCommand command)
    {
        int index = WordIndex(ref random);
        world.Set(index, world.RandomStore(ref random, index));
        return command with { Word = world.WordAt(index) };
    }

    // Often the last again: only one of the same kind and mode can be served by what that has left.
    private Access NextAccess(ref CaseRandom random) => random.OneIn(3)
        ? _access with { Address = random.OneIn(4) ? _access.Address : _address }
        : RandomAccess(ref random);

    private Access RandomAccess(ref CaseRandom random)
    {
        var offered = _capabilities.Translation;
        _cpl = random.OneIn(4) ? random.Of(offered.PrivilegeLevels) : _cpl;
        var kind = random.Below(10) switch
        {
            < 4 => AccessKind.Read,
            < 7 => AccessKind.Write,
            < 9 => AccessKind.Fetch,
            _ when EntryFormat.Has(world.Control, Cr4.ControlFlowEnforcement) => random.OneIn(2)
                ? AccessKind.ShadowStackRead
                : AccessKind.ShadowStackWrite,
            _ => AccessKind.Read,
        };
        bool data = kind is AccessKind.Read or AccessKind.Write;
        bool isImplicit = data && random.OneIn(12) && offered.ImplicitAccesses;
        var address = random.OneIn(40) ? NotCanonical(ref random) : _address;
        bool alignmentCheck = random.OneIn(2);
        bool isStack = data && !isImplicit && random.OneIn(8) && offered.StackReferences;
        return new(address, kind, _cpl, alignmentCheck, isImplicit, isStack);
    }

    private LinearAddress RandomAddress(ref CaseRandom random) => random.Below(16) switch
    {
        0 => NotCanonical(ref random),
        < 4 => random.Of(world.Addresses),
        < 7 => new(_address.Value ^ 1UL << random.Below(30)),
        _ => _address,
    };

    private LinearAddress NotCanonical(ref CaseRandom random) =>
        new(_address.Value ^ 1UL << _width - 1 + random.Below(64 - _width));

    private TlbCommand Invpcid(ref CaseRandom random, TlbCommand command)
    {
        bool hasPcids = EntryFormat.Has(Now, Cr4.ProcessContextIdentifiers);
        ulong pcid = hasPcids || random.OneIn(8) ? random.Of(world.Pcids) : 0u;
        ulong reserved = random.OneIn(16) ? 1UL << 12 + random.Below(52) : 0;
        ulong type = random.OneIn(16) ? random.Edgy() : (ulong)random.Below(4);
        return command with
        {
            Type = (InvpcidType)type,
            Descriptor = new(pcid | reserved, RandomAddress(ref random)),
        };
    }

    private ulong Cr3Operand(ref CaseRandom random)
    {
        bool hasPcids = EntryFormat.Has(Now, Cr4.ProcessContextIdentifiers);
        ulong table = world.RandomCr3(ref random, Now);
        ulong operand = table | (random.OneIn(hasPcids ? 2 : 12) ? KeepBit : 0);
        operand |= random.OneIn(16) ? 1UL << random.Below(64) : 0;
        return TlbFit.OffersCr3(_capabilities, Now, operand, table) ? operand : table;
    }

    private Cr4 OfferedBit(Cr4 bit) => TlbFit.OffersChange(_capabilities, bit) ? bit
        : TlbFit.OffersChange(_capabilities, Cr4.PageGlobalEnable) ? Cr4.PageGlobalEnable
        : Cr4.None;

    private static Cr4 RandomBit(ref CaseRandom random) => random.Below(16) switch
    {
        < 4 => Cr4.PageGlobalEnable,
        < 8 => Cr4.ProcessContextIdentifiers,
        < 10 => Cr4.SupervisorExecutionPrevention,
        < 11 => Cr4.SupervisorAccessPrevention,
        < 12 => Cr4.ProtectionKeys,
        < 13 => Cr4.ControlFlowEnforcement,
        < 14 => Cr4.FiveLevelPaging,
        < 15 => Cr4.PhysicalAddressExtension,
        _ => Cr4.PageSizeExtensions,
    };
}
