namespace PageProof.SmtModels.Tlb;

/// <summary>The names by which the compiled methods of TLBs are found.</summary>
public static class TlbMethods
{
    public const string Refuses = "tlb.spec.refuses";
    public const string Next = "tlb.spec.next";
    public const string Invalidates = "tlb.spec.invalidates";
    public const string DropsTranslation = "tlb.spec.dropsTranslation";
    public const string DropsPartial = "tlb.spec.dropsPartial";
    public const string DropsTable = "tlb.spec.dropsTable";
}
