namespace PageProof.Cli.Mutate;

/// <summary>The folder in which changed assemblies lie while they are judged; it goes with the run.</summary>
internal sealed class DomainFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("pageproof-domain-").FullName;
    private long _count;

    /// <summary>Lets a judge have an assembly as a file of the name that the original has.</summary>
    public T With<T>(byte[] image, Func<string, T> judge)
    {
        string own = Path.Combine(_path, $"{Interlocked.Increment(ref _count)}");
        Directory.CreateDirectory(own);
        try
        {
            string assembly = Path.Combine(own, "PageProof.Implementation.dll");
            File.WriteAllBytes(assembly, image);
            return judge(assembly);
        }
        finally
        {
            Directory.Delete(own, recursive: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_path, recursive: true);
}
