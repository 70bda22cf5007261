using PageProof.Contract.Kernel;
using PageProof.Contract.Swap;
using PageProof.Implementation.Kernel;
using PageProof.Implementation.PageCache;
using PageProof.Properties.Harness;

namespace PageProof.Tests.PageCache;

/// <summary>
/// The device of the files, and the numbers of objects and their slots, with more than short sequences need.
/// </summary>
[InLane("pagecache")]
public sealed class FileStoreTests
{
    [Fact]
    public void A_page_is_what_was_written_last_until_it_is_there_no_more()
    {
        const int Files = 3, Pages = 20, Steps = 2_000;
        FileStore store = new();
        Dictionary<(int, ulong), ulong> kept = [];
        var words = new ulong[PhysicalPages.WordsOfFrame];
        CaseRandom random = new(4, 0);
        long read = 0, written = 0;
        for (int step = 0; step < Steps; step++)
        {
            var (file, index) = (random.Below(Files), (ulong)random.Below(Pages));
            if (random.OneIn(3))
            {
                store.Remove(file, index);
                kept.Remove((file, index));
            }
            else
            {
                words.AsSpan().Fill(kept[(file, index)] = random.Next());
                store.Write(file, index, words);
                written++;
            }

            Assert.Equal(kept.Count, store.Count);
            (file, index) = (random.Below(Files), (ulong)random.Below(Pages));
            bool there = kept.TryGetValue((file, index), out ulong word);
            Assert.Equal(there, store.Has(file, index));
            if (there)
            {
                store.Read(file, index, words);
                read++;
                Assert.False(words.AsSpan().ContainsAnyExcept(word));
                Assert.False(store.WordsOf(file, index).ContainsAnyExcept(word));
            }
        }

        Assert.Equal((written, read), store.Transfers);
        Assert.True(kept.Count > 32);
        store.Clear();
        Assert.Equal((0, (0L, 0L)), (store.Count, store.Transfers));
        Assert.False(store.Has(kept.Keys.First().Item1, kept.Keys.First().Item2));
    }

    [Fact]
    public void The_last_page_that_a_file_can_have_goes_with_its_end()
    {
        using KernelMachine machine = new(new(), 64);
        Assert.True(KernelText.TryParse(
            "processes 1\nfile 0 rw\n0: pwrite offset=0xfff000 length=0x8 value=0x7\n0: pwrite length=0x8 value=0x7\n"
            + "0: fsync\n0: ftruncate offset=0x1000\n", out var sequence, out string? reason), reason);
        var answers = new KernelAnswer[sequence.Commands.Length];
        machine.Run(sequence.Start, sequence.Commands.AsSpan(), answers);
        Assert.All(answers, answer => Assert.Equal(KernelAnswerKind.Done, answer.Kind));
        Assert.Equal((1, 1, 2L), (machine.Core.Store.Count, machine.Core.Cache.Cached, machine.Transfers.Written));
        Assert.True(machine.Core.Store.Has(0, 0));
    }

    [Fact]
    public void Numbers_of_objects_are_given_out_again_and_lengths_are_kept()
    {
        ObjectCache cache = new(new(8, 8, 1, new(0, 1)));
        cache.Reset([new(new(5), default)]);
        Assert.Equal((1, 1), (cache.Files, cache.Objects));
        int[] numbers = [.. Enumerable.Range(1, 40).Select(each => cache.Create((ulong)each * 4096))];
        Assert.Equal(Enumerable.Range(1, 40), numbers);
        Assert.All(numbers, number => Assert.Equal((ulong)number, cache[number].PageCount));
        cache.Forget(7);
        cache.Forget(30);
        Assert.Equal([30, 7, 41], new int[] { cache.Create(1), cache.Create(2), cache.Create(3) });
        Assert.Equal((1UL, 2UL, 1), (cache[30].Length, cache[7].Length, cache[7].References));
        cache.Reset([]);
        Assert.Equal((0, 0, 0), (cache.Files, cache.Objects, cache.Create(0)));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 0xABCDEF)]
    [InlineData(31, 0xFFFFFF)]
    public void A_page_of_an_object_is_in_the_slot_that_was_told(byte area, ulong slot)
    {
        ObjectCache cache = new(new(8, 8, 1, new(0, 1)));
        cache.Reset([]);
        int number = cache.Create(1 << 20);
        SwapPlace place = new(new(area), new(slot));
        Assert.False(cache.TryFindSlot(number, 9, out _));
        cache.EnterSlot(number, 9, place);
        Assert.True(cache.TryFindSlot(number, 9, out var found));
        Assert.Equal((place, 1), (found, cache[number].Swapped));
        Assert.False(cache.TryFindSlot(number, 8, out _));
        cache.LeaveSlot(number, 9);
        Assert.False(cache.TryFindSlot(number, 9, out _));
        Assert.Equal(0, cache[number].Swapped);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(4095, 1)]
    [InlineData(4096, 1)]
    [InlineData(4097, 2)]
    [InlineData(3 << 12, 3)]
    public void The_last_page_counts_though_it_is_not_full(ulong length, ulong pages)
    {
        Assert.Equal(pages, new MemoryObject { Length = length }.PageCount);
        Assert.Equal(pages, new Spec.PageCache.MemoryObject(length, [], default).PageCount);
    }
}
