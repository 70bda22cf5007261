using PageProof.Contract;
using PageProof.Contract.Hardening;
using PageProof.Spec.Hardening;

namespace PageProof.Properties.Hardening;

/// <summary>
/// Whatever is drawn, regions never meet, none leaves its address space, and the stack has the room that its
/// limit promises. It asks nothing about where they lie otherwise.
/// </summary>
public sealed class RegionsApartLaw(ISystem system) : LayoutLaw(system)
{
    public override string Name => "regions of a layout never meet, and the stack keeps its room and its guard";

    protected override string? Refusal(in LayoutRequest request, in AddressSpaceLayout layout) =>
        LayoutSpec.Refusal(request, layout);
}
