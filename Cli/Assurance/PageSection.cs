namespace PageProof.Cli.Assurance;

/// <summary>One part of the page.</summary>
/// <param name="Id">Where links lead.</param>
/// <param name="Title">Its head.</param>
/// <param name="Words">What it is about; may be empty.</param>
/// <param name="Content">What it holds.</param>
internal sealed record PageSection(string Id, string Title, string Words, Func<AssuranceData, string> Content)
{
    /// <summary>The way to it.</summary>
    public string Link => $"<li><a href=\"#{Id}\">{Title}</a></li>";

    /// <summary>The part as it stands on the page.</summary>
    public string Html(AssuranceData told) => $"""
        <section id="{Id}" aria-labelledby="{Id}-title"><h2 id="{Id}-title">{Title}</h2>
        {(Words.Length > 0 ? $"<p>{Words}</p>" : "")}{Content(told)}</section>
        """;
}
