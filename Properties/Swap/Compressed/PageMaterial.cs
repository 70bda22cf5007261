using System.Collections.Immutable;
using System.Runtime.InteropServices;
using PageProof.Contract.Swap.Compressed;
using PageProof.Properties.Harness;

namespace PageProof.Properties.Swap.Compressed;

/// <summary>Unfolds described pages to their bytes; those of late are kept.</summary>
public sealed class PageMaterial
{
    private const int KeptMost = 1024;
    private const int Vocabulary = 400;
    private const int LettersMost = 9;

    private readonly Dictionary<DescribedPage, ImmutableArray<byte>> _kept = [];

    /// <summary>The bytes of a page.</summary>
    public ImmutableArray<byte> this[DescribedPage page]
    {
        get
        {
            if (!_kept.TryGetValue(page, out var bytes))
            {
                if (_kept.Count == KeptMost)
                {
                    _kept.Clear();
                }

                var words = new ulong[DescribedPage.Words];
                Unfold(page, words);
                bytes = [.. MemoryMarshal.AsBytes(words.AsSpan())];
                _kept.Add(page, bytes);
            }

            return bytes;
        }
    }

    private static void Unfold(DescribedPage page, Span<ulong> words)
    {
        CaseRandom random = new(page.Value, (long)page.Shape);
        switch (page.Shape)
        {
            case PageShape.Fill:
                words.Fill(page.Value);
                break;
            case PageShape.Except:
                words.Fill(page.Value);
                words[page.At] ^= 1UL << page.At % 64;
                break;
            case PageShape.Part:
                FillRandom(ref random, words[..page.At]);
                break;
            case PageShape.Text:
                FillText(ref random, MemoryMarshal.AsBytes(words));
                break;
            default:
                FillRandom(ref random, words);
                break;
        }
    }

    private static void FillRandom(ref CaseRandom random, Span<ulong> words)
    {
        foreach (ref ulong word in words)
        {
            word = random.Next();
        }
    }

    // Words of a few letters, of which the first of the vocabulary come the most often, with spaces between.
    private static void FillText(ref CaseRandom random, Span<byte> bytes)
    {
        int place = 0;
        while (place < bytes.Length)
        {
            int number = random.Below(1 + random.Below(Vocabulary));
            CaseRandom letters = new((ulong)number, 0);
            for (int left = 1 + letters.Below(LettersMost); left > 0 && place < bytes.Length; left--)
            {
                bytes[place++] = (byte)('a' + letters.Below(26));
            }

            if (place < bytes.Length)
            {
                bytes[place++] = (byte)' ';
            }
        }
    }
}
