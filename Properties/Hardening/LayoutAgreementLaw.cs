using PageProof.Contract;
using PageProof.Contract.Hardening;
using PageProof.Spec.Hardening;

namespace PageProof.Properties.Hardening;

/// <summary>The lockstep law of random placement: each region lies where the Spec has the words put it.</summary>
public sealed class LayoutAgreementLaw(ISystem system) : LayoutLaw(system)
{
    public override string Name => "each region lies where the random words of its request put it";

    protected override string? Refusal(in LayoutRequest request, in AddressSpaceLayout layout)
    {
        var right = AslrSpec.Next(request);
        if (layout == right)
        {
            return null;
        }

        (string Name, LinearAddress Found, LinearAddress Right)[] all =
        [
            ("stack top", layout.StackTop, right.StackTop),
            ("stack pointer", layout.StackPointer, right.StackPointer),
            ("mmap base", layout.MmapBase, right.MmapBase),
            ("program", layout.Program, right.Program),
            ("interpreter", layout.Interpreter, right.Interpreter),
            ("vdso", layout.Vdso, right.Vdso),
            ("heap", layout.Brk, right.Brk),
            ("mapping", layout.Mapping, right.Mapping),
            ("entry area", layout.EntryArea, right.EntryArea),
            ("second entry area", layout.SecondEntryArea, right.SecondEntryArea),
        ];
        return string.Join(", ", all.Where(each => each.Found != each.Right)
            .Select(each => $"the {each.Name} belongs at {each.Right}"));
    }
}
