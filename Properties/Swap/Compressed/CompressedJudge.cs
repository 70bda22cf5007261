using System.Collections.Immutable;
using System.Runtime.InteropServices;
using PageProof.Contract.Swap.Compressed;
using PageProof.Properties.Harness;
using PageProof.Spec.Swap.Compressed;

namespace PageProof.Properties.Swap.Compressed;

/// <summary>Puts sequences to a compressed store, and looks at all that it shows after each command.</summary>
internal sealed class CompressedJudge(ICompressedStore door) : ICaseJudge<CompressedSequence>
{
    private const byte Untouched = 0x5A;

    private readonly PageMaterial _material = new();
    private readonly byte[] _page = new byte[SizeClassSpec.PageSize];
    private readonly List<string> _lines = [];

    public CompressedCoverage Coverage { get; } = new();

    public int FirstFailure(ReadOnlySpan<CompressedSequence> cases)
    {
        for (int place = 0; place < cases.Length; place++)
        {
            if (Refusal(cases[place], tells: false) is not null)
            {
                return place;
            }
        }

        return -1;
    }

    public string Tell(in CompressedSequence failing)
    {
        string? refusal = Refusal(failing, tells: true);
        _lines.Add(refusal is null ? "Every answer is permitted." : $"That is not permitted: {refusal}.");
        return string.Join(Environment.NewLine, _lines);
    }

    public void Dispose() => door.Dispose();

    // Why the first answer that is not permitted is not; null when there is none.
    private string? Refusal(in CompressedSequence sequence, bool tells)
    {
        _lines.Clear();
        _lines.AddRange(CompressedText.Print(sequence).Split('\n')[..(tells ? 1 : 0)]);
        door.Reset(sequence.Start);
        Coverage.Begin();
        var step = CompressedSpec.Begin(sequence.Start, Show());
        foreach (var command in sequence.Commands)
        {
            if (step.State is not { } before)
            {
                break;
            }

            var (page, answer) = Ask(command);
            var shown = Show();
            if (tells)
            {
                string back = shown.WrittenBack.IsEmpty ? "" : $", {string.Join(", ", shown.WrittenBack)}";
                _lines.Add($"  {_lines.Count}. {command} -> {answer}{back}, {shown.Pages} pages");
            }

            step = CompressedSpec.Follow(before, command, page, answer, shown);
            if (step.State is { } after)
            {
                Coverage.Count(before, command, answer, shown, after);
            }
        }

        return step.Refusal;
    }

    // A store gets a copy, so that what it keeps is its own.
    private (ImmutableArray<byte> Page, CompressedAnswer Answer) Ask(in CompressedCommand command)
    {
        if (command.Kind == CompressedCommandKind.Store)
        {
            var stored = _material[command.Page];
            stored.CopyTo(_page);
            return (stored, door.Do(command, _page));
        }

        _page.AsSpan().Fill(Untouched);
        var answer = door.Do(command, _page);
        return (ImmutableCollectionsMarshal.AsImmutableArray(_page), answer);
    }

    private CompressedShown Show() => new([.. door.WrittenBack], door.Zswap, door.Zram);
}
