using PageProof.Contract.Paging;
using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Paging;

/// <summary>A control state as terms. The named bits are read as the statements name them.</summary>
public sealed class ControlTerms(PagingScene scene, LiftedValue value)
{
    /// <summary>The value that a lifted method is given.</summary>
    public LiftedValue Value { get; } = value;

    public Word Cr0 => scene.WordOf(Value.At("Cr0"));

    public Word Cr3 => scene.WordOf(Value.At("Cr3", "Value"));

    public Word Cr4 => scene.WordOf(Value.At("Cr4"));

    public Word Efer => scene.WordOf(Value.At("Efer"));

    public Word Pkru => scene.WordOf(Value.At("Pkru", "Value"));

    public Word MaxPhyAddr => scene.WordOf(Value.At("MaxPhyAddr", "Bits"));

    public Word Pat => scene.WordOf(Value.At("Pat", "Value"));

    public Word Vendor => scene.WordOf(Value.At("Vendor"));

    public Fact HasGigabytePages => !scene.WordOf(Value.At("HasGigabytePages")).Is(0);

    public Fact IsAmd => Vendor.Is((ulong)Contract.Paging.Vendor.Amd);

    public Fact WritesAreProtected => Cr0.HasAny((ulong)Contract.Paging.Cr0.WriteProtect);

    public Fact HasExecuteDisable => Efer.HasAny((ulong)Contract.Paging.Efer.NoExecuteEnable);

    /// <summary>Shadow stacks need CR0.WP: a processor refuses CR4.CET without it, and its clearing.</summary>
    public Fact CetNeedsWriteProtect => (!Has(Contract.Paging.Cr4.ControlFlowEnforcement)) | WritesAreProtected;

    /// <summary>What the type of a field promises, where the field has room for more.</summary>
    public Fact IsWellFormed =>
        MaxPhyAddr.IsWithin(PhysicalAddressWidth.Least, PhysicalAddressWidth.Most)
            & Vendor.IsWithin(0, (ulong)Contract.Paging.Vendor.Amd);

    /// <summary>Each byte of IA32_PAT holds a memory type that there is.</summary>
    public Fact HasPatOfTypes => Enumerable.Range(0, 8)
        .Select(index => Pat.Bits(8 * index + 7, 8 * index))
        .Select(type => Enum.GetValues<MemoryType>().Select(known => type.Is((ulong)known))
            .Aggregate((a, b) => a | b))
        .Aggregate((a, b) => a & b);

    /// <summary>What most processors are set to, and the text of a case leaves out.</summary>
    public Fact IsPlain => Pat.Is(PageAttributeTable.AtReset.Value) & Pkru.Is(0)
        & Vendor.Is((ulong)Contract.Paging.Vendor.Intel) & (Cr3 & 0xFFF).Is(0);

    public Fact Has(Cr4 bit) => Cr4.HasAny((ulong)bit);

    public ControlTerms WithCr0(Word cr0) => With(cr0, "Cr0");

    public ControlTerms WithCr3(Word cr3) => With(cr3, "Cr3", "Value");

    public ControlTerms WithCr4(Word cr4) => With(cr4, "Cr4");

    public ControlTerms WithPkru(Word pkru) => With(pkru, "Pkru", "Value");

    public ControlTerms WithMaxPhyAddr(Word bits) => With(bits, "MaxPhyAddr", "Bits");

    private ControlTerms With(Word word, params string[] path) =>
        new(scene, Value.With(path, Lifter.OfScalar(word.Term)));
}
