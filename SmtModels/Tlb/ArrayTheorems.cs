using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Theorems;

namespace PageProof.SmtModels.Tlb;

/// <summary>
/// C15 and C16: a set-associative array of the Implementation is a cache of what was put into it, and tags
/// name what is cached.
/// </summary>
internal static class ArrayTheorems
{
    private static readonly CodeTasks<ArrayScene> Tasks = new("tlb", subject => new(subject));

    private static readonly CodeTasks<CodeScene> OfTags = new("tlb", subject => new(subject));

    public static IEnumerable<ProofTask> All =>
    [
        Tasks.Theorem(
            "C15",
            "A lookup returns only what was filled under its tag and not dropped since, and finds the last fill.",
            Lookup),
        Tasks.Witness(
            "C15'",
            "A lookup finds whatever was filled, unless it was dropped since.",
            scene => new(
                "evicted",
                scene.Asks("first") & !scene.IsDropped("first") & !scene.IsRefilled("first", "second", "last"),
                scene.Found.Is(scene.Payload("first")))),
        OfTags.Theorem(
            "C16",
            "Tags tell canonical addresses, levels, PCIDs and global entries apart.",
            scene => [TellApart(scene, IsCanonical)]),
        OfTags.Witness(
            "C16'",
            "Tags tell all addresses apart, canonical or not.",
            scene => TellApart(scene, _ => scene.True)),
    ];

    private static IEnumerable<ProofStep> Lookup(ArrayScene scene)
    {
        var last = scene.Matches("last");
        var second = scene.Matches("second") & !scene.IsDropped("second") & !scene.IsRefilled("second", "last");
        var first = scene.Matches("first") & !scene.IsDropped("first")
            & !scene.IsRefilled("first", "second", "last");
        yield return new(
            "only what was filled",
            !scene.Found.Is(0),
            (last & scene.Found.Is(scene.Payload("last"))) | (second & scene.Found.Is(scene.Payload("second")))
                | (first & scene.Found.Is(scene.Payload("first"))));
        yield return new("the last", scene.Asks("last"), scene.Found.Is(scene.Payload("last")));
        yield return new(
            "no eviction while a way is empty",
            scene.Asks("second") & !scene.IsDropped("second") & !scene.IsRefilled("second", "last")
                & (scene.IsDropped("first") | !scene.IsSameSet("first", "second")),
            scene.Found.Is(scene.Payload("second")));
    }

    // Of five levels, and so of four as well.
    private static Fact IsCanonical(Word address) => address.Bits(56, 0).SignWidened(64).Is(address);

    private static ProofStep TellApart(CodeScene scene, Func<Word, Fact> given)
    {
        var (one, other) = (Tagged(scene, "one"), Tagged(scene, "other"));
        var levels = one.Level.IsWithin(1, 5) & other.Level.IsWithin(1, 5);
        var pcids = one.Pcid.IsWithin(0, 0xFFF) & other.Pcid.IsWithin(0, 0xFFF);
        var offsetBits = Enumerable.Range(1, 5).Aggregate(scene.Number(0), (bits, level) =>
            one.Level.Is((ulong)level).Choose(scene.Number((ulong)(12 + 9 * (level - 1))), bits));
        return new(
            "told apart",
            given(one.Address) & given(other.Address) & levels & pcids & one.Tag.Is(other.Tag),
            one.Level.Is(other.Level) & ((one.Address ^ other.Address) >> offsetBits).Is(0)
                & one.Global.Iff(other.Global) & (one.Global | one.Pcid.Is(other.Pcid)));
    }

    private static (Word Tag, Word Address, Word Level, Word Pcid, Fact Global) Tagged(CodeScene scene, string name)
    {
        const string OfTranslation = "tlb.tag.ofTranslation", OfPcid = "tlb.tag.ofPcid";
        var address = scene.Any(OfTranslation, "address", $"{name}.address");
        var level = scene.Any(OfTranslation, "level", $"{name}.level");
        var global = scene.Any(OfTranslation, "global", $"{name}.global");
        var pcid = scene.Any(OfPcid, "pcid", $"{name}.pcid");
        var tag = scene.Run(
            OfTranslation,
            ("address", address), ("level", level), ("pcid", scene.Run(OfPcid, ("pcid", pcid))), ("global", global));
        return (
            scene.WordOf(tag), scene.WordOf(address), scene.WordOf(level), scene.WordOf(pcid), scene.FactOf(global));
    }

    /// <summary>Two fills, an invalidation, one fill more, and a lookup.</summary>
    private sealed class ArrayScene : CodeScene
    {
        private const string FindAfter = "tlb.array.findAfter";

        private readonly LiftedValue _tag;
        private readonly LiftedValue _other;
        private readonly LiftedValue _number;
        private readonly LiftedValue _mask;
        private readonly LiftedValue _wanted;

        public ArrayScene(ProofSubject subject)
            : base(subject)
        {
            (_tag, _other, _number) = (Any(FindAfter, "tag"), Any(FindAfter, "otherTag"), Any(FindAfter, "number"));
            (_mask, _wanted) = (Any(FindAfter, "mask"), Any(FindAfter, "wanted"));
            Found = WordOf(Run(
                FindAfter,
                ("first", Fill("first")), ("second", Fill("second")), ("mask", _mask), ("wanted", _wanted),
                ("last", Fill("last")), ("tag", _tag), ("otherTag", _other), ("number", _number)));
            Assume(!WordOf(_tag).Is(0) & !WordOf(_other).Is(0));
            foreach (string fill in (string[])["first", "second", "last"])
            {
                Assume(!Tag(fill).Is(0) & !Payload(fill).Is(0));
            }
        }

        /// <summary>What the lookup finds.</summary>
        public Word Found { get; }

        public Word Payload(string fill) => WordOf(Fill(fill), "Payload");

        /// <summary>The lookup is for the tag of a fill and no other, in its set.</summary>
        public Fact Asks(string fill) =>
            WordOf(_tag).Is(Tag(fill)) & WordOf(_other).Is(Tag(fill)) & WordOf(_number).Is(Number(fill));

        /// <summary>The lookup is for the tag of a fill among others, in its set.</summary>
        public Fact Matches(string fill) =>
            (WordOf(_tag).Is(Tag(fill)) | WordOf(_other).Is(Tag(fill))) & IsSameSet(Number(fill), WordOf(_number));

        /// <summary>The invalidation drops a fill.</summary>
        public Fact IsDropped(string fill) => (Tag(fill) & WordOf(_mask)).Is(WordOf(_wanted));

        /// <summary>One of the others has come under the same tag later.</summary>
        public Fact IsRefilled(string fill, params string[] others) => others
            .Select(other => Tag(other).Is(Tag(fill)) & IsSameSet(fill, other)).Aggregate((a, b) => a | b);

        public Fact IsSameSet(string fill, string other) => IsSameSet(Number(fill), Number(other));

        private static Fact IsSameSet(Word one, Word other) => ((one ^ other) & 1).Is(0);

        private LiftedValue Fill(string name) => Any(FindAfter, name);

        private Word Tag(string fill) => WordOf(Fill(fill), "Tag");

        private Word Number(string fill) => WordOf(Fill(fill), "Number");
    }
}
