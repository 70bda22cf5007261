using System.Runtime.InteropServices;
using PageProof.Implementation;

namespace PageProof.Benchmarks.Swap;

/// <summary>Pages of one kind, each with another content, made from fixed seeds.</summary>
internal sealed class SwappedPages
{
    public const int Size = 4096;
    public const int Count = 1024;

    private const int Vocabulary = 400;
    private const int LettersMost = 9;

    private readonly byte[] _bytes = new byte[Count * Size];

    private SwappedPages(string name) => Name = name;

    public string Name { get; }

    public Span<byte> this[int page] => _bytes.AsSpan(page * Size, Size);

    /// <summary>From the most compressible to what cannot be compressed.</summary>
    public static SwappedPages[] Kinds() =>
    [
        Make("one word but for one", (random, page) => Words(page)[random.Next(Size / 8)] = 1),
        Make("an eighth random", (random, page) => random.NextBytes(page[..(Size / 8)])),
        Make("text-like", Text),
        Code(),
        Make("half random", (random, page) => random.NextBytes(page[..(Size / 2)])),
        Make("random", (random, page) => random.NextBytes(page)),
    ];

    private static Span<ulong> Words(Span<byte> page) => MemoryMarshal.Cast<byte, ulong>(page);

    private static SwappedPages Make(string name, Unfold unfold)
    {
        SwappedPages pages = new(name);
        for (int page = 0; page < Count; page++)
        {
            unfold(new(page), pages[page]);
        }

        return pages;
    }

    // What programs are made of: the sections of this program's own library, over and over if it is short.
    private static SwappedPages Code()
    {
        SwappedPages pages = new("compiled code");
        byte[] file = File.ReadAllBytes(typeof(ImplementationSystem).Assembly.Location);
        for (int place = 0; place < pages._bytes.Length; place++)
        {
            pages._bytes[place] = file[place % file.Length];
        }

        return pages;
    }

    // Words of a few letters, of which the first of a vocabulary come the most often, with spaces between.
    private static void Text(Random random, Span<byte> page)
    {
        int place = 0;
        while (place < page.Length)
        {
            Random letters = new(random.Next(1 + random.Next(Vocabulary)));
            for (int left = 1 + letters.Next(LettersMost); left > 0 && place < page.Length; left--)
            {
                page[place++] = (byte)('a' + letters.Next(26));
            }

            if (place < page.Length)
            {
                page[place++] = (byte)' ';
            }
        }
    }

    private delegate void Unfold(Random random, Span<byte> page);
}
