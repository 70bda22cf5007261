using PageProof.Implementation.PageCache;
using PageProof.Properties.Harness;

namespace PageProof.Tests.PageCache;

/// <summary>
/// The index of pages, the device of files and the numbers of objects beside dictionaries, with more pages and objects
/// than a sequence of commands makes: they grow, and what was taken away is used again.
/// </summary>
[InLane("pagecache")]
public sealed class PageIndexTests
{
    private const int Owners = 3;
    private const int PagesMost = 700;
    private const int WordsOfPage = 512;

    [Fact]
    public void An_index_finds_what_a_dictionary_finds()
    {
        PageIndex index = new();
        for (int round = 0; round < 3; round++)
        {
            CaseRandom random = new(11, round);
            Dictionary<(int Owner, ulong Page), int> plain = [];
            index.Clear();
            for (int step = 0; step < 6_000; step++)
            {
                (int Owner, ulong Page) key = (random.Below(Owners), (ulong)random.Below(PagesMost));
                int number = plain.GetValueOrDefault(key, PageIndex.None);
                Assert.Equal(number, index.Find(key.Owner, key.Page));
                if (!plain.ContainsKey(key))
                {
                    plain[key] = step;
                    index.Add(key.Owner, key.Page, step);
                }
                else if (random.OneIn(step < 4_000 ? 4 : 1))
                {
                    plain.Remove(key);
                    index.Remove(key.Owner, key.Page);
                }

                Assert.Equal(plain.Count, index.Count);
            }

            Assert.All(plain, each => Assert.Equal(each.Value, index.Find(each.Key.Owner, each.Key.Page)));
        }
    }

    [Fact]
    public void An_index_that_was_cleared_is_empty()
    {
        PageIndex index = new();
        index.Add(0, 0, 7);
        index.Clear();
        Assert.Equal((0, PageIndex.None), (index.Count, index.Find(0, 0)));
        index.Add(0, 0, 8);
        Assert.Equal((1, 8), (index.Count, index.Find(0, 0)));
    }

    [Fact]
    public void The_device_has_what_was_written_last()
    {
        FileStore store = new();
        CaseRandom random = new(13, 0);
        Dictionary<(int File, ulong Page), ulong> plain = [];
        var page = new ulong[WordsOfPage];
        long written = 0, read = 0;
        for (int step = 1; step < 600; step++)
        {
            (int File, ulong Page) key = (random.Below(Owners), (ulong)random.Below(40));
            Assert.Equal(plain.ContainsKey(key), store.Has(key.File, key.Page));
            if (random.OneIn(3))
            {
                store.Remove(key.File, key.Page);
                plain.Remove(key);
            }
            else if (plain.TryGetValue(key, out ulong value))
            {
                store.Read(key.File, key.Page, page);
                read++;
                Assert.Equal(Filled(value), page);
                Assert.Equal(Filled(value), store.WordsOf(key.File, key.Page).ToArray());
            }

            if (random.OneIn(2))
            {
                plain[key] = (ulong)step;
                store.Write(key.File, key.Page, Filled((ulong)step));
                written++;
            }

            Assert.Equal((plain.Count, (written, read)), (store.Count, store.Transfers));
        }

        store.Clear();
        Assert.Equal((0, (0L, 0L)), (store.Count, store.Transfers));
        Assert.False(store.Has(0, 0));
        store.Write(0, 0, Filled(5));
        store.Read(0, 0, page);
        Assert.Equal(Filled(5), page);
    }

    [Fact]
    public void Numbers_of_objects_are_used_again_and_no_two_objects_have_the_same()
    {
        ObjectCache cache = new(new(64, 64, 1, new(High: 0, Batch: 0)));
        cache.Reset([new(new(5), default), new(new(0x1001), Contract.PageCache.FileRights.Read)]);
        Assert.Equal((2, 2, 0), (cache.Files, cache.Objects, cache.Cached));
        Assert.Equal((2UL, Contract.PageCache.FileRights.Read), (cache[1].PageCount, cache[1].Rights));
        for (int number = 2; number < 40; number++)
        {
            Assert.Equal(number, cache.Create((ulong)number));
        }

        Assert.Equal(40, cache.Objects);
        Assert.Equal((1, ObjectCache.None, 5UL), (cache[39].References, cache[39].First, cache[0].Length));
        cache.Forget(17);
        cache.Forget(23);
        Assert.Equal((23, 17, 40), (cache.Create(1), cache.Create(2), cache.Create(3)));
        Assert.Equal((41, 1UL, 2UL), (cache.Objects, cache[23].Length, cache[17].Length));
        cache.Reset([]);
        Assert.Equal((0, 0, 0), (cache.Files, cache.Objects, cache.Create(1)));
    }

    private static ulong[] Filled(ulong value) => [.. Enumerable.Range(0, WordsOfPage).Select(at => value + (ulong)at)];
}
