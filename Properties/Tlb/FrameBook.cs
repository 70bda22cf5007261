using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Contract.Tlb;
using PageProof.Spec.Tlb;

namespace PageProof.Properties.Tlb;

/// <summary>
/// The frames of a machine: which were given back, what each holds, and which pages were saved when. So a
/// store that came too late to be saved is found, and a frame that never comes back.
/// </summary>
internal sealed class FrameBook
{
    private readonly HashSet<ulong> _free = [];
    private readonly HashSet<ulong> _pages = [];
    private readonly Dictionary<ulong, ulong> _contents = [];
    private readonly Dictionary<ulong, ulong> _saved = [];

    public void Begin()
    {
        _free.Clear();
        _pages.Clear();
        _contents.Clear();
        _saved.Clear();
    }

    public bool IsFree(PhysicalAddress frame) => _free.Contains(frame.Value);

    /// <summary>A table page, when there is one, and a frame are in use.</summary>
    public void Linked(PhysicalAddress? table, in Mapping given)
    {
        if (table is { } linked)
        {
            _free.Remove(linked.Value);
            _pages.Remove(linked.Value);
        }

        if (given.Present)
        {
            _free.Remove(given.Frame.Value);
            _pages.Add(given.Frame.Value);
        }
    }

    /// <summary>A frame is taken for a page, and cleared.</summary>
    public string? Take(PhysicalAddress frame)
    {
        _free.Remove(frame.Value);
        _saved.Remove(frame.Value);
        _contents[frame.Value] = 0;
        _pages.Add(frame.Value);
        return null;
    }

    public string? Release(PhysicalAddress frame) =>
        _free.Add(frame.Value) ? null : "It was given back before.";

    /// <summary>What the frame holds is saved, and marks alone will tell that it changed.</summary>
    public string? TakeClean(PhysicalAddress frame)
    {
        _saved[frame.Value] = _contents.GetValueOrDefault(frame.Value);
        return null;
    }

    /// <summary>A load finds what was stored last; a store is marked.</summary>
    public string? Touch(in TlbEvent happened, in Mapping through)
    {
        ulong frame = through.Frame.Value;
        if (happened.Access == AccessKind.Write)
        {
            _contents[frame] = happened.Number;
            return through.Dirty ? null : "A store through a translation without D.";
        }

        return _contents.GetValueOrDefault(frame) == happened.Number
            ? null
            : $"The frame holds {_contents.GetValueOrDefault(frame)}, and {happened.Number} was loaded.";
    }

    /// <summary>What was unmapped and never given back, or stored and never saved; null when nothing.</summary>
    /// <param name="givenOf">How a frame is mapped now.</param>
    /// <param name="unlinked">Table pages that nothing leads to.</param>
    public string? Lost(Func<PhysicalAddress, Mapping> givenOf, IEnumerable<PhysicalAddress> unlinked)
    {
        foreach (ulong frame in _pages)
        {
            if (!_free.Contains(frame) && !givenOf(new(frame)).Present)
            {
                return $"The frame 0x{frame:x} is mapped nowhere, and was never given back.";
            }
        }

        foreach (var table in unlinked)
        {
            if (!_free.Contains(table.Value) && !_pages.Contains(table.Value))
            {
                return $"Nothing leads to the table page {table}, and it was never given back.";
            }
        }

        foreach (var (frame, saved) in _saved)
        {
            var given = givenOf(new(frame));
            if (given.Present && !given.Dirty && _contents.GetValueOrDefault(frame) != saved)
            {
                return $"The frame 0x{frame:x} was saved with {saved}, is clean, and holds {_contents[frame]}: "
                    + "a store is lost.";
            }
        }

        return null;
    }
}
