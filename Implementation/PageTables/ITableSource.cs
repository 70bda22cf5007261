namespace PageProof.Implementation.PageTables;

/// <summary>Where an editor gets frames for tables.</summary>
public interface ITableSource
{
    /// <summary>Takes a frame of 4 KiB, whatever it holds; false when there is none.</summary>
    bool TryTake(out ulong frame);
}
