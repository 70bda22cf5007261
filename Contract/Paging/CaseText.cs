using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace PageProof.Contract.Paging;

/// <summary>
/// A case as text, one line a fact, so that a failure can be read, kept as a file and run again.
/// What equals the plain long-mode state is left out.
/// </summary>
public static class CaseText
{
    private static readonly (string Name, Cr4 Bit)[] Cr4Names =
    [
        ("pse", Cr4.PageSizeExtensions), ("pge", Cr4.PageGlobalEnable), ("la57", Cr4.FiveLevelPaging),
        ("pcide", Cr4.ProcessContextIdentifiers), ("smep", Cr4.SupervisorExecutionPrevention),
        ("smap", Cr4.SupervisorAccessPrevention), ("pke", Cr4.ProtectionKeys), ("cet", Cr4.ControlFlowEnforcement),
    ];

    /// <summary>The text that <see cref="TryParse"/> reads back as an equal case.</summary>
    public static string Print(in TranslationCase translationCase)
    {
        var control = translationCase.Control;
        var access = translationCase.Access;
        var text = new StringBuilder("control");
        text.Append(control.Cr0.HasFlag(Cr0.WriteProtect) ? " wp" : "");
        text.Append(control.Efer.HasFlag(Efer.NoExecuteEnable) ? " nxe" : "");
        foreach (var (name, bit) in Cr4Names)
        {
            text.Append(control.Cr4.HasFlag(bit) ? $" {name}" : "");
        }

        text.Append(control.HasGigabytePages ? " gbpages" : "").Append(control.Vendor == Vendor.Amd ? " amd" : "");
        text.Append($" maxphyaddr={control.MaxPhyAddr} cr3={control.Cr3}");
        text.Append(control.Pkru.Value != 0 ? $" pkru={control.Pkru}" : "");
        text.Append(control.Pat != PageAttributeTable.AtReset ? $" pat={control.Pat}" : "");
        text.Append($" memory=0x{translationCase.Memory.Value:x}\n");
        text.Append($"access {access.Kind} address={access.Address} cpl={(int)access.Cpl}");
        text.Append(access.AlignmentCheck ? " ac" : "").Append(access.Implicit ? " implicit" : "");
        text.Append(access.StackSegment ? " stack\n" : "\n");
        foreach (var word in translationCase.Words)
        {
            text.Append($"word {word.Address}={word.Entry}\n");
        }

        return text.ToString();
    }

    /// <summary>Reads the text of a case; the reason names the line that is wrong.</summary>
    public static bool TryParse(
        string text, out TranslationCase translationCase, [NotNullWhen(false)] out string? reason)
    {
        translationCase = new TranslationCase { Control = ControlState.LongMode };
        bool hasControl = false, hasAccess = false;
        int number = 0;
        foreach (string line in text.Split('\n'))
        {
            number++;
            var parts = line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 0 || parts[0].StartsWith('#'))
            {
                continue;
            }

            bool good = parts[0] switch
            {
                "control" => hasControl = ReadControl(parts[1..], ref translationCase),
                "access" => hasAccess = ReadAccess(parts[1..], ref translationCase.Access),
                "word" => parts.Length == 2 && ReadWord(parts[1], ref translationCase),
                _ => false,
            };
            if (!good)
            {
                reason = $"line {number} is not a line of a case: {line.Trim()}";
                return false;
            }
        }

        reason = hasControl && hasAccess ? null : "a case needs a control line and an access line";
        return reason is null;
    }

    private static bool ReadControl(string[] parts, ref TranslationCase translationCase)
    {
        foreach (string part in parts)
        {
            var control = translationCase.Control;
            var (name, value) = Split(part);
            if (value is null && Flag(ref control, name))
            {
                translationCase.Control = control;
                continue;
            }

            if (!TryNumber(value, out ulong number))
            {
                return false;
            }

            switch (name)
            {
                case "maxphyaddr" when number is >= PhysicalAddressWidth.Least and <= PhysicalAddressWidth.Most:
                    control = control with { MaxPhyAddr = new((byte)number) };
                    break;
                case "cr3":
                    control = control with { Cr3 = new(number) };
                    break;
                case "pkru" when number <= uint.MaxValue:
                    control = control with { Pkru = new((uint)number) };
                    break;
                case "pat":
                    control = control with { Pat = new(number) };
                    break;
                case "memory":
                    translationCase.Memory = new(number);
                    break;
                default:
                    return false;
            }

            translationCase.Control = control;
        }

        return true;
    }

    private static bool Flag(ref ControlState control, string name)
    {
        foreach (var (known, bit) in Cr4Names)
        {
            if (known == name)
            {
                control = control with { Cr4 = control.Cr4 | bit };
                return true;
            }
        }

        switch (name)
        {
            case "wp":
                control = control with { Cr0 = control.Cr0 | Cr0.WriteProtect };
                return true;
            case "nxe":
                control = control with { Efer = control.Efer | Efer.NoExecuteEnable };
                return true;
            case "gbpages":
                control = control with { HasGigabytePages = true };
                return true;
            case "amd":
                control = control with { Vendor = Vendor.Amd };
                return true;
            default:
                return false;
        }
    }

    private static bool ReadAccess(string[] parts, ref Access access)
    {
        if (parts.Length == 0 || !Enum.TryParse(parts[0], out AccessKind kind) || !Enum.IsDefined(kind))
        {
            return false;
        }

        access = access with { Kind = kind };
        foreach (string part in parts[1..])
        {
            var (name, value) = Split(part);
            bool hasNumber = TryNumber(value, out ulong number);
            switch (name)
            {
                case "address" when hasNumber:
                    access = access with { Address = new(number) };
                    break;
                case "cpl" when hasNumber && number <= 3:
                    access = access with { Cpl = (PrivilegeLevel)number };
                    break;
                case "ac" when value is null:
                    access = access with { AlignmentCheck = true };
                    break;
                case "implicit" when value is null:
                    access = access with { Implicit = true };
                    break;
                case "stack" when value is null:
                    access = access with { StackSegment = true };
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    private static bool ReadWord(string part, ref TranslationCase translationCase)
    {
        var (left, right) = Split(part);
        bool isFull = translationCase.Words.Length == TranslationCase.WordCountMax;
        if (!TryNumber(left, out ulong address) || !TryNumber(right, out ulong entry) || address % 8 != 0
            || (isFull && translationCase.IndexOf(new(address)) < 0))
        {
            return false;
        }

        translationCase.Set(new(address), new(entry));
        return true;
    }

    private static (string Name, string? Value) Split(string part) => part.IndexOf('=') switch
    {
        < 0 => (part, null),
        var at => (part[..at], part[(at + 1)..]),
    };

    private static bool TryNumber(string? text, out ulong number)
    {
        number = 0;
        return text is not null && (text.StartsWith("0x", StringComparison.Ordinal)
            ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number));
    }
}
