using PageProof.Contract;
using PageProof.Contract.PageTables;
using PageProof.Contract.Paging;

namespace PageProof.Tests.PageTables;

/// <summary>Says that everything is done, and does nothing.</summary>
internal sealed class IdleSystem : ISystem
{
    public string Name => "idle";

    public ITranslator? OpenTranslator() => null;

    public IPageTable? OpenPageTable() => new IdleTable();

    public void Dispose()
    {
    }

    private sealed class IdleTable : IPageTable
    {
        private int _tables;

        public PageTableCapabilities Capabilities { get; } = new() { Tables = 4 };

        public PhysicalAddress Top => default;

        public ReadOnlySpan<MappedPage> Told => [];

        public ReadOnlySpan<HeldFrame> Held => [];

        public void Reset(PageTableStart start) => _tables = start.Tables;

        public PageTableAnswer Do(in PageTableCommand command) =>
            new() { Outcome = EditOutcome.Done, TablesFree = _tables };

        public void Show(PhysicalAddress table, Span<PagingEntry> entries) => entries.Clear();

        public void Dispose()
        {
        }
    }
}
