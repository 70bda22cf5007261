using PageProof.Contract.Swap;
using PageProof.Implementation.PageCache;

namespace PageProof.Implementation.Swap;

/// <summary>
/// The pages that have a slot and a frame at once: the frame by the slot in one hashed index, the slot by the frame in
/// an array. Whoever puts a page in gives it a reference to the slot and one to the frame.
/// </summary>
public sealed class SwapCache(int frames)
{
    /// <summary>There is no such frame.</summary>
    public const int None = -1;

    private readonly PageIndex _frames = new();
    private readonly SwapPlace[] _places = new SwapPlace[frames];
    private readonly bool[] _has = new bool[frames];

    /// <summary>How many pages there are.</summary>
    public int Count => _frames.Count;

    /// <summary>There are none.</summary>
    public void Clear()
    {
        // Survivor: to clear nothing changes nothing, and only takes its time.
        if (Count > 0)
        {
            _frames.Clear();
            _has.AsSpan().Clear();
        }
    }

    /// <summary>The frame of a slot; -1 when the page is not in memory.</summary>
    public int Find(SwapPlace place) => Count == 0 ? None : _frames.Find(place.Area.Value, place.Slot.Value);

    /// <summary>Whether a frame holds a page that has a slot.</summary>
    public bool Has(int frame) => _has[frame];

    /// <summary>The slot of such a frame.</summary>
    public SwapPlace PlaceOf(int frame) => _places[frame];

    /// <summary>A page that has a slot and a frame comes in.</summary>
    public void Add(int frame, SwapPlace place)
    {
        _frames.Add(place.Area.Value, place.Slot.Value, frame);
        (_places[frame], _has[frame]) = (place, true);
    }

    /// <summary>It goes.</summary>
    public void Remove(int frame)
    {
        var place = _places[frame];
        _frames.Remove(place.Area.Value, place.Slot.Value);
        _has[frame] = false;
    }
}
