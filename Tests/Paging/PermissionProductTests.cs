using PageProof.Implementation;
using PageProof.Properties.Paging;

namespace PageProof.Tests.Paging;

public sealed class PermissionProductTests
{
    [Fact]
    public void The_product_has_over_ten_million_legal_combinations() =>
        Assert.Equal(53_477_376, PermissionProduct.Count);

    [Fact]
    public void A_quarter_of_the_product_is_judged_as_the_Spec_judges_it()
    {
        var slice = PermissionProduct.Controls.Where((_, place) => place % 4 == 1).ToList();
        Laws.Hold(PermissionProduct.Run(new ImplementationSystem(), slice, workers: 2));
    }
}
