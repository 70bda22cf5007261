namespace PageProof.Contract.Kernel;

/// <summary>Why a line that is none of a sequence is none, for people. Never empty.</summary>
internal static class KernelMistakes
{
    private const int QuotedMost = 40;

    /// <param name="parts">The words of the line.</param>
    /// <param name="processes">How many processes the lines before it permit; 0 when none said so.</param>
    /// <param name="cpus">How many CPUs.</param>
    /// <param name="files">How many files the lines before it have.</param>
    /// <param name="commands">How many commands.</param>
    public static string Of(string[] parts, int processes, int cpus, int files, int commands) => parts[0] switch
    {
        "processes" or "cpus" or "file" or "frames" when commands > 0 => $"'{parts[0]}' stands before all commands",
        "processes" => processes > 0 ? "the number of processes is told twice"
            : $"it has to tell one number of processes, from 1 to {KernelStart.ProcessesMax}",
        "cpus" => cpus > 0 ? "the number of CPUs is told twice"
            : $"it has to tell one number of CPUs, from 1 to {KernelStart.CpusMax}",
        "file" => files >= KernelStart.FilesMax ? $"there can be {KernelStart.FilesMax} files and no more"
            : $"a file has a length of at most {KernelStart.FileLengthMax} bytes, and is r, w, rw or closed",
        "frames" => "it has to tell one number of frames once, from "
            + $"{KernelStart.FramesLeast} to {KernelStart.FramesMost}",
        [>= '0' and <= '9', ':'] => OfCommand(parts, processes, cpus, commands),
        _ => $"{Quoted(parts[0])} is neither the number of a process with a colon, nor processes, cpus, frames or file",
    };

    private static string OfCommand(string[] parts, int processes, int cpus, int commands)
    {
        if (parts.Length < 2 || !KernelLines.AllNames.Contains(parts[1]))
        {
            string what = parts.Length < 2 ? "there is no command" : $"{Quoted(parts[1])} is no command";
            return $"{what}: it is one of {string.Join(", ", KernelLines.AllNames)}";
        }

        if (commands >= KernelSequence.CommandsMax)
        {
            return $"a sequence has {KernelSequence.CommandsMax} commands at most";
        }

        for (int count = 3; count <= parts.Length; count++)
        {
            if (!KernelLines.TryRead(parts[..count], out _))
            {
                return OfMember(parts[count - 1], parts[2..(count - 1)]);
            }
        }

        return parts[0][0] - '0' >= processes
            ? processes == 0 ? "no line before it says how many processes there can be"
                : $"there are no more than {processes} processes, and the first is 0"
            : $"there are no more than {Math.Max(cpus, 1)} CPUs, and the first is 0";
    }

    private static string OfMember(string part, string[] before)
    {
        string name = part.Split('=')[0];
        return KernelLines.Members.All(each => each.Name != name)
                ? $"{Quoted(name)} is none of {string.Join(", ", KernelLines.Members.Select(each => each.Name))}"
            : part.Length == name.Length ? $"'{name}' has no value after an equals sign"
            : before.Any(each => each.Split('=')[0] == name) ? $"'{name}' is told twice"
            : $"{Quoted(part[(name.Length + 1)..])} is no value of '{name}'";
    }

    private static string Quoted(string word) =>
        word.Length <= QuotedMost ? $"'{word}'" : $"'{word[..QuotedMost]}...'";
}
