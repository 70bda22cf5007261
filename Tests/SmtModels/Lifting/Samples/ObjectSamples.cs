namespace PageProof.Tests.SmtModels.Lifting.Samples;

/// <summary>Objects that a method makes for itself: fields, arrays in them, and objects in objects.</summary>
public static class ObjectSamples
{
    public static ulong Kept(byte place, ulong a)
    {
        Shelves shelves = new(new(4, 2));
        shelves.Put(place & 3, a);
        shelves.Put(1, a + 1);
        return shelves.Sum() + shelves[place & 3] * 3;
    }

    public static ulong Changed(bool which, ulong a)
    {
        Shelves one = new(new(2, 1)), other = new(new(3, 2));
        var chosen = which ? one : other;
        chosen.Put(1, a);
        chosen.Put(0, 9);
        return one.Sum() * 3 + other.Sum();
    }

    public static ulong InArray(byte index, ulong a)
    {
        Shelves[] all = [new(new(2, 1)), new(new(2, 5)), new(new(2, 7))];
        all[index % 3].Put(0, a);
        foreach (var each in (ReadOnlySpan<Shelves>)[all[2], all[0]])
        {
            each.Put(1, each[0] + 1);
        }

        all[1] = all[0];
        return all[0].Sum() + all[1].Sum() * 3 + all[2].Sum() * 5;
    }

    public static ulong Missing(bool there, ulong a)
    {
        var shelves = there ? new Shelves(new(1, 3)) : null;
        return shelves!.Sum() + a;
    }

    public static ulong Parted(byte place, ulong a)
    {
        Shelves shelves = new(new(4, 1));
        if (a > 100)
        {
            shelves.Put(place & 3, a);
        }
        else
        {
            shelves = new(new(4, 3));
        }

        return shelves.Sum();
    }
}

/// <summary>How large shelves are, and what is on them.</summary>
public sealed record ShelfShape(int Count, ulong Content);

/// <summary>An object with an array, and another object.</summary>
public sealed class Shelves
{
    private readonly ulong[] _rows;
    private readonly ShelfShape _shape;

    public Shelves(ShelfShape shape)
    {
        _shape = shape;
        _rows = new ulong[shape.Count];
        _rows.AsSpan().Fill(shape.Content);
    }

    public ulong this[int place] => _rows[place];

    public void Put(int place, ulong content) => _rows[place] = content;

    public ulong Sum()
    {
        ulong sum = 0;
        for (int place = 0; place < _shape.Count; place++)
        {
            sum = sum * 3 + _rows[place];
        }

        return sum;
    }
}
