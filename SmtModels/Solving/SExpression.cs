using System.Text;

namespace PageProof.SmtModels.Solving;

/// <summary>A symbol, a literal or a string; or a list.</summary>
internal sealed class SExpression
{
    private SExpression(string? atom, IReadOnlyList<SExpression> items)
    {
        Atom = atom;
        Items = items;
    }

    /// <summary>The text of an atom, without the bars or quotes around it; null for a list.</summary>
    public string? Atom { get; }

    /// <summary>What a list holds.</summary>
    public IReadOnlyList<SExpression> Items { get; }

    /// <summary>Whether this is a list that begins with that word.</summary>
    public bool Begins(string word) => Items.Count > 0 && Items[0].Atom == word;

    /// <summary>The first expressions of a text, up to where it is none any more.</summary>
    public static IReadOnlyList<SExpression> Read(string text, int most)
    {
        var read = new List<SExpression>();
        var open = new Stack<List<SExpression>>();
        for (int at = 0; at < text.Length && read.Count < most;)
        {
            char next = text[at];
            if (char.IsWhiteSpace(next))
            {
                at++;
            }
            else if (next == ';')
            {
                at = EndOfLine(text, at);
            }
            else if (next == '(')
            {
                open.Push([]);
                at++;
            }
            else if (next == ')')
            {
                if (!open.TryPop(out var items))
                {
                    break;
                }

                Add(new(null, items));
                at++;
            }
            else
            {
                Add(new(ReadAtom(text, ref at), []));
            }
        }

        return read;

        void Add(SExpression expression) => (open.TryPeek(out var list) ? list : read).Add(expression);
    }

    private static string ReadAtom(string text, ref int at)
    {
        char quote = text[at];
        if (quote is not ('|' or '"'))
        {
            int start = at;
            while (at < text.Length && !char.IsWhiteSpace(text[at]) && text[at] is not ('(' or ')' or ';'))
            {
                at++;
            }

            return text[start..at];
        }

        var atom = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] == quote)
            {
                at++;
                bool isDoubled = quote == '"' && at < text.Length && text[at] == '"';
                if (!isDoubled)
                {
                    break;
                }
            }

            atom.Append(text[at]);
        }

        return atom.ToString();
    }

    private static int EndOfLine(string text, int at)
    {
        int end = text.IndexOf('\n', at);
        return end < 0 ? text.Length : end + 1;
    }
}
