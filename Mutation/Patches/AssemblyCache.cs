using System.Reflection.PortableExecutable;
using PageProof.Contract;

namespace PageProof.Mutation.Patches;

/// <summary>
/// Compiled assemblies by the hash of all that they depend on, in a folder of the user's cache. An
/// entry appears whole or not at all, and the folder never grows beyond its bound. The oldest
/// entries go first.
/// </summary>
public sealed class AssemblyCache(string folder)
{
    /// <summary>The most bytes that entries keep on the disk.</summary>
    public const long BytesMax = 256 << 20;

    // An entry just handed out is about to be loaded, and a fresh work folder is still in use.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    /// <summary>The cache of this user: below XDG_CACHE_HOME, else where the system keeps caches.</summary>
    public static AssemblyCache OfUser()
    {
        string? stated = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string caches = Path.IsPathRooted(stated) ? stated
            : home.Length > 0 ? Path.Combine(home, ".cache")
            : Path.GetTempPath();
        return new(Path.Combine(caches, "pageproof", "compiled"));
    }

    /// <summary>
    /// The path of the entry <paramref name="key"/>. When there is none, <paramref name="make"/> is
    /// given an empty folder and answers with the path of the file that it made there.
    /// </summary>
    public string Get(string key, Func<string, string> make)
    {
        string entry = Path.Combine(folder, key + ".dll");
        try
        {
            if (IsWhole(entry))
            {
                Tidy(() => File.SetLastWriteTimeUtc(entry, DateTime.UtcNow));
                return entry;
            }

            Directory.CreateDirectory(folder);
            Tidy(Trim);
            string work = Path.Combine(folder, $"work-{Guid.NewGuid():n}");
            Directory.CreateDirectory(work);
            try
            {
                File.Move(make(work), entry, overwrite: true);
            }
            finally
            {
                Tidy(() => Directory.Delete(work, recursive: true));
            }

            return entry;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"The cache of compiled patches at {folder} fails: {error.Message}");
        }
    }

    // Another process may be at the same housekeeping; whoever comes second has nothing left to do.
    private static void Tidy(Action step)
    {
        try
        {
            step();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static bool IsWhole(string path)
    {
        try
        {
            using var image = new PEReader(File.OpenRead(path));
            return image.HasMetadata;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException
            or BadImageFormatException)
        {
            return false;
        }
    }

    private void Trim()
    {
        var now = DateTime.UtcNow;
        var folderInfo = new DirectoryInfo(folder);

        // Work folders of runs that were killed.
        foreach (var left in folderInfo.EnumerateDirectories("work-*"))
        {
            if (now - left.LastWriteTimeUtc > Grace)
            {
                left.Delete(recursive: true);
            }
        }

        var entries = folderInfo.GetFiles("*.dll").OrderBy(file => file.LastWriteTimeUtc).ToArray();
        long bytes = entries.Sum(file => file.Length);
        foreach (var file in entries.TakeWhile(file => now - file.LastWriteTimeUtc > Grace))
        {
            if (bytes <= BytesMax)
            {
                break;
            }

            bytes -= file.Length;
            file.Delete();
        }
    }
}
