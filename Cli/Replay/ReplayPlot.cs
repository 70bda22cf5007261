using System.Security;
using System.Text;
using PageProof.Contract.Reclaim;

namespace PageProof.Cli.Replay;

/// <summary>
/// Draws a replay as an SVG: a panel of misses and one of write-backs, a line for each policy with its name at its
/// end. Both axes are logarithmic. Colours follow whether the reader prefers light or dark, and every line also has a
/// mark and a dash of its own, for who cannot tell colours apart.
/// </summary>
internal static class ReplayPlot
{
    private const int Width = 960;
    private const int Left = 84;
    private const int Right = 800;
    private const int PanelHeight = 330;
    private const int PanelGap = 70;
    private const int Top = 96;
    private const int LabelGap = 17;

    // Okabe and Ito, with a light and a dark one of each.
    private static readonly (string Light, string Dark, string Dash)[] Styles =
    [
        ("#1b1b1b", "#f2f2f2", "none"), ("#0072b2", "#56b4e9", "none"), ("#d55e00", "#ff9e57", "none"),
        ("#007a5a", "#3ddbb0", "none"), ("#007a5a", "#3ddbb0", "5 4"), ("#9a3f77", "#e79cc8", "none"),
        ("#8a6d00", "#f0e442", "none"), ("#5b4bb5", "#b3a6ff", "7 3"), ("#b3202c", "#ff7b86", "7 3 2 3"),
    ];

    /// <summary>The whole picture.</summary>
    public static string Draw(ReplayReport report)
    {
        int height = Top + 2 * PanelHeight + PanelGap + 70;
        string trace = SecurityElement.Escape(Path.GetFileName(Plain(report.Trace)));
        var result = report.Result;
        StringBuilder svg = new();
        svg.Append("<svg xmlns=\"http://www.w3.org/2000/svg\" ")
            .Append($"viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-labelledby=\"title description\">\n")
            .Append($"<title id=\"title\">Page misses of {trace} by policy and size of memory</title>\n")
            .Append($"<desc id=\"description\">{Description(report)}</desc>\n<style>\n{Style()}</style>\n")
            .Append($"<rect class=\"ground\" width=\"{Width}\" height=\"{height}\"/>\n")
            .Append($"<text class=\"head\" x=\"{Left}\" y=\"38\">{trace}</text>\n")
            .Append($"<text class=\"small\" x=\"{Left}\" y=\"60\">")
            .Append($"{Number(result.References)} references to {Number(result.Pages)} pages, in ")
            .Append($"{Number(result.Records)} records.</text>\n");
        Panel(svg, report, Top, "Misses", row => row.Misses);
        Panel(svg, report, Top + PanelHeight + PanelGap, "Pages written back", row => row.WriteBacks);
        svg.Append($"<text class=\"small\" x=\"{Left}\" y=\"{height - 16}\">")
            .Append($"{report.TimeNote}</text>\n</svg>\n");
        return svg.ToString();
    }

    private static void Panel(
        StringBuilder svg, ReplayReport report, int top, string what, Func<ReplayRow, long> figure)
    {
        int bottom = top + PanelHeight;
        var figures = report.Result.Rows.Select(figure).ToList();
        // Zero has no logarithm: it lies on a line of its own, below one.
        double most = Math.Ceiling(Math.Log10(Math.Max(10, figures.Max())));
        double least = figures.Min() == 0 ? -1 : Math.Min(most - 1, Math.Floor(Math.Log10(figures.Min())));
        double Level(double power) => bottom - (power - least) / (most - least) * PanelHeight;
        double Height(long value) => Level(value < 1 ? least : Math.Max(least, Math.Log10(value)));
        svg.Append($"<text class=\"name\" x=\"{Left}\" y=\"{top - 12}\">{what}</text>\n");
        for (int power = (int)least; power <= most; power++)
        {
            double y = Level(power);
            svg.Append($"<path class=\"grid\" d=\"M{Left} {y:0.#}H{Right}\"/>")
                .Append($"<text class=\"tick end\" x=\"{Left - 10}\" y=\"{y + 4:0.#}\">")
                .Append($"{Power(power)}</text>\n");
        }

        var frames = report.Frames;
        double Place(int each) => frames.Count == 1 ? (Left + Right) / 2.0
            : Left + Math.Log2((double)each / frames[0]) / Math.Log2((double)frames[^1] / frames[0]) * (Right - Left);
        double last = double.NegativeInfinity;
        foreach (int each in frames.Where(each => Place(each) - last >= 44 || each == frames[0]))
        {
            last = Place(each);
            svg.Append($"<path class=\"grid\" d=\"M{last:0.#} {bottom}v6\"/>")
                .Append($"<text class=\"tick middle\" x=\"{last:0.#}\" y=\"{bottom + 21}\">")
                .Append($"{Number(each)}</text>\n");
        }

        svg.Append($"<text class=\"small middle\" x=\"{(Left + Right) / 2}\" ")
            .Append($"y=\"{bottom + 41}\">frames</text>\n");
        Lines(svg, report, (kind, each) => (Place(each), Height(figure(report.Row(kind, each)))), top, bottom);
    }

    private static void Lines(
        StringBuilder svg,
        ReplayReport report,
        Func<ReplacementKind, int, (double X, double Y)> point,
        int top,
        int bottom)
    {
        var kinds = report.Kinds;
        var labels = Spread([.. kinds.Select(kind => point(kind, report.Frames[^1]).Y)], top, bottom);
        // The optimum is drawn last, above all others.
        foreach (var (place, kind) in kinds.Index().Reverse())
        {
            var points = report.Frames.Select(each => point(kind, each)).ToList();
            string line = string.Join(' ', points.Select(each => $"{each.X:0.#},{each.Y:0.#}"));
            svg.Append($"<g class=\"p p{(int)kind}\"><polyline points=\"{line}\"/>");
            foreach (var each in points)
            {
                svg.Append(Mark(kind, each.X, each.Y));
            }

            string name = ReplacementText.Of(kind);
            var ((x, y), label) = (points[^1], labels[place]);
            svg.Append($"<path class=\"lead\" d=\"M{x + 6:0.#} {y:0.#}L{Right + 30} {label:0.#}\"/>")
                .Append(Mark(kind, Right + 38, label))
                .Append($"<text x=\"{Right + 48}\" y=\"{label + 4:0.#}\">{name}</text></g>\n");
        }
    }

    // Where names stand so that none covers another, each near the end of its line.
    private static double[] Spread(double[] wanted, double top, double bottom)
    {
        var places = (double[])wanted.Clone();
        var order = Enumerable.Range(0, places.Length).OrderBy(each => wanted[each]).ToList();
        double room = top;
        foreach (int each in order)
        {
            places[each] = Math.Max(wanted[each], room);
            room = places[each] + LabelGap;
        }

        double limit = bottom;
        foreach (int each in Enumerable.Reverse(order))
        {
            places[each] = Math.Min(places[each], limit);
            limit = places[each] - LabelGap;
        }

        return places;
    }

    private static string Mark(ReplacementKind kind, double x, double y) => ((int)kind % 4) switch
    {
        0 => $"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"3.6\"/>",
        1 => $"<path d=\"M{x - 4:0.#} {y - 4:0.#}h8v8h-8z\"/>",
        2 => $"<path d=\"M{x:0.#} {y - 5:0.#}l5 9h-10z\"/>",
        _ => $"<path d=\"M{x:0.#} {y - 5:0.#}l5 5l-5 5l-5 -5z\"/>",
    };

    private static string Style()
    {
        StringBuilder css = new("""
            text { font: 14px system-ui, sans-serif; fill: #1b1b1b }
            .head { font-size: 21px; font-weight: 600 } .name { font-weight: 600 }
            .small, .tick { fill: #52565c; font-size: 13px }
            .end { text-anchor: end } .middle { text-anchor: middle }
            .ground { fill: #ffffff } .grid { stroke: #d8dbe0; fill: none }
            polyline { fill: none; stroke-width: 2; stroke-linejoin: round } .lead { stroke-width: 0.8; opacity: 0.55 }

            """);
        foreach (var (place, style) in Styles.Index())
        {
            css.Append(Coloured(place, style.Light))
                .Append($".p{place} polyline {{ stroke-dasharray: {style.Dash} }}\n");
        }

        css.Append(".p text { stroke: none }\n").Append("polyline, .lead { fill: none !important }\n")
            .Append("@media (prefers-color-scheme: dark) {\n.ground { fill: #14171a } .grid { stroke: #343a41 }\n")
            .Append("text { fill: #f2f2f2 } .small, .tick { fill: #aab1b9 }\n");
        css.AppendJoin("", Styles.Index().Select(each => Coloured(each.Index, each.Item.Dark)));
        return css.Append("}\n").ToString();
    }

    private static string Coloured(int place, string colour) =>
        $".p{place} {{ stroke: {colour}; fill: {colour} }}\n.p{place} text {{ fill: {colour} }}\n";

    private static string Description(ReplayReport report)
    {
        int least = report.Frames[0], most = report.Frames[^1];
        var told = report.Kinds.Select(kind => $"{ReplacementText.Of(kind)} "
            + $"{Number(report.Row(kind, least).Misses)} and {Number(report.Row(kind, most).Misses)}");
        return "Two line charts with logarithmic axes: misses and write-backs over the number of frames. "
            + $"Misses in {least} and in {most} frames: {string.Join("; ", told)}.";
    }

    private static string Power(int power) => power switch
    {
        < 0 => "0",
        < 3 => Number((long)Math.Pow(10, power)),
        < 6 => $"{Number((long)Math.Pow(10, power - 3))} k",
        < 9 => $"{Number((long)Math.Pow(10, power - 6))} M",
        _ => $"{Number((long)Math.Pow(10, power - 9))} G",
    };

    // XML knows no control characters.
    private static string Plain(string text) => new([.. text.Where(letter => !char.IsControl(letter))]);

    private static string Number(long number) => ReplayReport.Number(number);
}
