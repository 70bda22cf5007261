using PageProof.Contract;
using PageProof.Contract.Paging;
using PageProof.Implementation.Paging;

namespace PageProof.Implementation;

/// <summary>Our Implementation, as the laws see it.</summary>
public sealed class ImplementationSystem : ISystem
{
    public string Name => "implementation";

    public ITranslator? OpenTranslator() => new PagingTranslator();

    public void Dispose()
    {
    }
}
