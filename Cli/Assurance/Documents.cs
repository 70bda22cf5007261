using Markdig;

namespace PageProof.Cli.Assurance;

/// <summary>What the page quotes whole; it travels inside the tool.</summary>
internal static class Documents
{
    private const string TableBegin =
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Table\"><table>";

    private static readonly MarkdownPipeline Pipeline =
        new MarkdownPipelineBuilder().UsePipeTables().DisableHtml().Build();

    /// <summary>A document as it is.</summary>
    public static string Text(string name)
    {
        using var stream = typeof(Documents).Assembly.GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }

    /// <summary>A document of docs without its title. The page has its own head above it, and tables scroll.</summary>
    public static string Html(string name)
    {
        var lines = Text(name).Split('\n').SkipWhile(line => line.StartsWith("# ", StringComparison.Ordinal));
        return Markdown.ToHtml(string.Join('\n', lines), Pipeline)
            .Replace("<h2", "<h3", StringComparison.Ordinal).Replace("</h2>", "</h3>", StringComparison.Ordinal)
            .Replace("<table>", TableBegin, StringComparison.Ordinal)
            .Replace("</table>", "</table></div>", StringComparison.Ordinal);
    }
}
