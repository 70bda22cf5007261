using PageProof.Implementation.Swap.Compressed;
using PageProof.Properties.Harness;
using PageProof.Spec.Swap.Compressed;

namespace PageProof.Tests.Swap.Compressed;

/// <summary>The pool by itself: what is stored stays as it is, wherever it is moved, and memory is counted.</summary>
[InLane("zswap")]
public sealed class PoolTests
{
    private const int Page = 4096;
    private const int Rounds = 4_000;
    private const int ObjectsMost = 300;

    private readonly CompressedPool _pool = new();
    private readonly List<(int Handle, byte[] Content)> _stored = [];
    private readonly byte[] _room = new byte[Page];

    /// <summary>The watermark of Documentation/mm/zsmalloc.rst for zspages of at most eight pages.</summary>
    [Fact]
    public void The_classes_are_those_of_zsmalloc()
    {
        var classes = Enumerable.Range(1, Page).Select(SizeClassSpec.ClassOf).Distinct().ToList();
        Assert.Equal(3632, classes.Where(each => each.Objects > 1).Max(each => each.Bytes));
        Assert.Equal(new(3632, 8, 9), SizeClassSpec.ClassOf(3624));
        Assert.Equal(new(Page, 1, 1), SizeClassSpec.ClassOf(3625));
        Assert.Equal(new(32, 1, 128), SizeClassSpec.ClassOf(24));
        Assert.Equal(3625, _pool.HugeFrom);
    }

    [Fact]
    public void An_object_of_each_length_takes_a_zspage_of_its_class()
    {
        for (int length = 1; length <= Page; length++)
        {
            int handle = _pool.Store(_room.AsSpan(0, length));
            Assert.Equal(SizeClassSpec.ClassOf(length).Pages, _pool.Pages);
            _pool.Free(handle, length);
            Assert.Equal(0, _pool.Pages);
        }
    }

    [Theory]
    [InlineData(1, 64)]
    [InlineData(1000, 3700)]
    [InlineData(1, Page)]
    public void What_is_stored_stays_whatever_else_comes_and_goes(int least, int most)
    {
        CaseRandom random = new(5, most);
        for (int round = 0; round < Rounds; round++)
        {
            if (_stored.Count < ObjectsMost && random.Below(8) < 5)
            {
                var content = new byte[least + random.Below(most - least + 1)];
                content.AsSpan().Fill((byte)random.Below(256));
                content[^1] = (byte)round;
                _stored.Add((_pool.Store(content), content));
            }
            else if (_stored.Count > 0)
            {
                var (handle, content) = _stored[random.Below(_stored.Count)];
                Assert.True(_pool.Open(handle, content.Length, _room).SequenceEqual(content));
                _pool.Free(handle, content.Length);
                _stored.RemoveAll(each => each.Handle == handle);
            }

            if (random.OneIn(400))
            {
                CompactAndCompare();
            }
        }

        CompactAndCompare();
        foreach (var (handle, content) in _stored)
        {
            _pool.Free(handle, content.Length);
        }

        Assert.Equal((0, 0L), (_pool.Pages, _pool.Bytes));
    }

    [Fact]
    public void Memory_is_used_again_and_nothing_is_allocated()
    {
        Fill();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Fill();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Fill()
        {
            Span<int> handles = stackalloc int[64];
            foreach (ref int handle in handles)
            {
                handle = _pool.Store(_room.AsSpan(0, 2000));
            }

            foreach (int handle in handles)
            {
                _pool.Free(handle, 2000);
            }
        }
    }

    private void CompactAndCompare()
    {
        int before = _pool.Pages;
        Assert.Equal(before, _pool.Compact() + _pool.Pages);
        int least = _stored.GroupBy(each => SizeClassSpec.ClassOf(each.Content.Length))
            .Sum(of => (of.Count() + of.Key.Objects - 1) / of.Key.Objects * of.Key.Pages);
        Assert.Equal(least, _pool.Pages);
        Assert.Equal(_stored.Sum(each => (long)each.Content.Length), _pool.Bytes);
        Assert.All(_stored, each =>
            Assert.True(_pool.Open(each.Handle, each.Content.Length, _room).SequenceEqual(each.Content)));
    }
}
