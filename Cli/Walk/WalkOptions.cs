using System.CommandLine;
using System.CommandLine.Parsing;
using PageProof.Contract;
using PageProof.Contract.Paging;

namespace PageProof.Cli.Walk;

/// <summary>
/// The options that say what a walk starts from. What is not given comes from the image, and what
/// the image does not tell is as a kernel of today sets its processor up.
/// </summary>
public sealed class WalkOptions
{
    private static readonly (string Name, AccessKind Kind)[] Kinds =
    [
        ("read", AccessKind.Read), ("write", AccessKind.Write), ("fetch", AccessKind.Fetch),
        ("shadow-stack-read", AccessKind.ShadowStackRead),
        ("shadow-stack-write", AccessKind.ShadowStackWrite),
    ];

    private readonly Option<ulong?> _cr3 = Register("--cr3", "CR3: where the top table lies.");

    private readonly Option<AccessKind?> _access = new("--access")
    {
        HelpName = "KIND",
        Description = $"What is done: {string.Join(", ", Kinds.Select(kind => kind.Name))}; read "
            + "when not given.",
        CustomParser = Choice(Kinds),
    };

    private readonly Option<byte?> _cpl = new("--cpl")
    {
        HelpName = "N",
        Description = "The privilege level of the access, 0 to 3; 0 when not given.",
        CustomParser = Numbers.Parser<byte?>(0, 3, number => (byte)number, "a level from 0 to 3"),
    };

    private readonly Option<bool> _alignmentCheck = Flag(
        "--ac", "EFLAGS.AC is set, which suspends SMAP.");

    private readonly Option<bool> _implicit = Flag(
        "--implicit", "The processor makes the access by itself, as it reads a descriptor.");

    private readonly Option<bool> _stack = Flag("--stack", "The address is referenced through SS.");
    private readonly Option<bool?> _wp = Switch("--wp", "CR0.WP; on when not known.");
    private readonly Option<bool?> _nxe = Switch("--nxe", "EFER.NXE: the XD bit; on when not given.");

    private readonly (Option<bool?> Option, Cr4 Bit, bool Usual)[] _cr4 =
    [
        (Switch("--la57", "CR4.LA57: five levels; off when not known."), Cr4.FiveLevelPaging, false),
        (Switch("--smep", "CR4.SMEP; on when not known."), Cr4.SupervisorExecutionPrevention, true),
        (Switch("--smap", "CR4.SMAP; on when not known."), Cr4.SupervisorAccessPrevention, true),
        (Switch("--pge", "CR4.PGE: global pages; on when not known."), Cr4.PageGlobalEnable, true),
        (Switch("--pke", "CR4.PKE: protection keys; off when not known."), Cr4.ProtectionKeys, false),
        (Switch("--cet", "CR4.CET: shadow stacks; off when not known."),
            Cr4.ControlFlowEnforcement, false),
    ];

    private readonly Option<uint?> _pkru = new("--pkru")
    {
        HelpName = "X",
        Description = "PKRU, the rights of the protection keys; 0 when not given.",
        CustomParser = Numbers.Parser<uint?>(
            0, uint.MaxValue, number => (uint)number, "a number of 32 bits"),
    };

    private readonly Option<ulong?> _pat = Register(
        "--pat", $"IA32_PAT; {PageAttributeTable.AtReset}, as after a reset, when not given.");

    private readonly Option<byte?> _maxPhyAddr = new("--maxphyaddr")
    {
        HelpName = "N",
        Description = $"The width of physical addresses; {PhysicalAddressWidth.Most} when not given.",
        CustomParser = Numbers.Parser<byte?>(
            PhysicalAddressWidth.Least,
            PhysicalAddressWidth.Most,
            number => (byte)number,
            $"a width from {PhysicalAddressWidth.Least} to {PhysicalAddressWidth.Most}"),
    };

    private readonly Option<bool> _noGigabytePages = Flag(
        "--no-gbpages", "The processor has no 1-GiB pages.");

    private readonly Option<Vendor?> _vendor = new("--vendor")
    {
        HelpName = "NAME",
        Description = "The maker of the processor, intel or amd; intel when not given.",
        CustomParser = Choice(("intel", Vendor.Intel), ("amd", Vendor.Amd)),
    };

    /// <summary>All of these options, in the order in which the help shows them.</summary>
    public IEnumerable<Option> All =>
    [
        _cr3, _access, _cpl, _alignmentCheck, _implicit, _stack, _wp, _nxe,
        .. _cr4.Select(known => known.Option),
        _pkru, _pat, _maxPhyAddr, _noGigabytePages, _vendor,
    ];

    /// <summary>The name of a kind of access on the command line.</summary>
    public static string NameOf(AccessKind kind) => Kinds.First(known => known.Kind == kind).Name;

    /// <summary>Whether CR3 is given.</summary>
    public bool HasCr3(ParseResult parsed) => parsed.GetValue(_cr3) is not null;

    /// <summary>The state from the options, then what the image tells, then what is usual.</summary>
    public ControlState Control(ParseResult parsed, ImageProcessor? told)
    {
        bool wp = parsed.GetValue(_wp) ?? Bit(told?.Cr0, (ulong)Cr0.WriteProtect) ?? true;
        var cr4 = Cr4.PhysicalAddressExtension;
        foreach (var (option, bit, usual) in _cr4)
        {
            bool on = parsed.GetValue(option) ?? Bit(told?.Cr4, (ulong)bit) ?? usual;
            cr4 |= on ? bit : Cr4.None;
        }

        if (cr4.HasFlag(Cr4.ControlFlowEnforcement) && !wp)
        {
            throw new UserError(
                "CR4.CET cannot be on while CR0.WP is off: leave out --cet, or --wp=false.");
        }

        bool nxe = parsed.GetValue(_nxe) ?? true;
        return ControlState.LongMode with
        {
            Cr0 = wp ? Cr0.WriteProtect : Cr0.None,
            Cr3 = parsed.GetValue(_cr3) is { } top ? new(top) : told?.Cr3 ?? default,
            Cr4 = cr4,
            Efer = Efer.LongModeEnable | (nxe ? Efer.NoExecuteEnable : Efer.None),
            Pkru = new(parsed.GetValue(_pkru) ?? 0),
            Pat = parsed.GetValue(_pat) is { } pat ? new(pat) : PageAttributeTable.AtReset,
            MaxPhyAddr = new(parsed.GetValue(_maxPhyAddr) ?? PhysicalAddressWidth.Most),
            HasGigabytePages = !parsed.GetValue(_noGigabytePages),
            Vendor = parsed.GetValue(_vendor) ?? Vendor.Intel,
        };
    }

    /// <summary>The access to an address.</summary>
    public Access Access(ParseResult parsed, LinearAddress address)
    {
        var kind = parsed.GetValue(_access) ?? AccessKind.Read;
        bool isImplicit = parsed.GetValue(_implicit), stack = parsed.GetValue(_stack);
        bool plain = kind is AccessKind.Read or AccessKind.Write;
        if ((isImplicit || stack) && (!plain || (isImplicit && stack)))
        {
            throw new UserError(
                "--implicit and --stack are for a read or a write, and do not go together.");
        }

        var cpl = (PrivilegeLevel)(parsed.GetValue(_cpl) ?? 0);
        return new(address, kind, cpl, parsed.GetValue(_alignmentCheck), isImplicit, stack);
    }

    private static bool? Bit(ulong? register, ulong bit) =>
        register is { } value ? (value & bit) != 0 : null;

    private static Option<ulong?> Register(string name, string description) => new(name)
    {
        HelpName = "X",
        Description = description,
        CustomParser = Numbers.Parser<ulong?>(
            0, ulong.MaxValue, number => number, "a number of 64 bits"),
    };

    private static Option<bool> Flag(string name, string description) => new(name)
    {
        Description = description,
    };

    private static Option<bool?> Switch(string name, string description) => new(name)
    {
        HelpName = "true|false",
        Description = description,
    };

    private static Func<ArgumentResult, T?> Choice<T>(params (string Name, T Value)[] choices)
        where T : struct => result =>
    {
        string text = result.Tokens[0].Value;
        foreach (var (name, value) in choices)
        {
            if (name == text)
            {
                return value;
            }
        }

        string names = string.Join(", ", choices.Select(choice => choice.Name));
        result.AddError($"{Numbers.NameOf(result)} takes one of {names}, not '{text}'.");
        return null;
    };
}
