using System.Text;

namespace PageProof.SmtModels.Solving;

/// <summary>The words of a command: separated by blanks, except within single or double quotes.</summary>
internal static class CommandLine
{
    /// <summary>The words, of which there is at least one.</summary>
    public static IReadOnlyList<string> Split(string command)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        char? quote = null;
        foreach (char next in command)
        {
            if (quote is null && (next is '"' or '\''))
            {
                quote = next;
                word ??= new();
            }
            else if (next == quote)
            {
                quote = null;
            }
            else if (quote is null && char.IsWhiteSpace(next))
            {
                End();
            }
            else
            {
                (word ??= new()).Append(next);
            }
        }

        End();
        if (quote is not null)
        {
            throw new SolverException($"The command of the solver ends within quotes: {command}.");
        }

        return words.Count > 0 ? words : throw new SolverException("The command of the solver is empty.");

        void End()
        {
            if (word is not null)
            {
                words.Add(word.ToString());
                word = null;
            }
        }
    }
}
