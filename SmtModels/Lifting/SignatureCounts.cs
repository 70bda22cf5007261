using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace PageProof.SmtModels.Lifting;

/// <summary>
/// Whether the signatures of a .NET assembly are long enough for what they count. In a damaged file a method may
/// claim to have hundreds of millions of parameters, and whoever reads them all fills the memory.
/// Source: ECMA-335, II.23.2: each parameter, local variable and type argument takes a byte at least.
/// </summary>
internal static class SignatureCounts
{
    /// <exception cref="BadImageFormatException">The file is damaged in some other way.</exception>
    public static bool AreWithinBlobs(string path)
    {
        using PEReader file = new(File.OpenRead(path));
        var reader = file.GetMetadataReader();
        var blobs = reader.MethodDefinitions.Select(handle => reader.GetMethodDefinition(handle).Signature)
            .Concat(reader.MemberReferences.Select(handle => reader.GetMemberReference(handle).Signature))
            .Concat(Enumerable.Range(1, reader.GetTableRowCount(TableIndex.StandAloneSig)).Select(row =>
                reader.GetStandaloneSignature(MetadataTokens.StandaloneSignatureHandle(row)).Signature))
            .Concat(Enumerable.Range(1, reader.GetTableRowCount(TableIndex.MethodSpec)).Select(row =>
                reader.GetMethodSpecification(MetadataTokens.MethodSpecificationHandle(row)).Signature));
        return blobs.All(blob => IsWithin(reader.GetBlobReader(blob)));
    }

    private static bool IsWithin(BlobReader blob)
    {
        var header = blob.ReadSignatureHeader();
        if (header.Kind is SignatureKind.Field)
        {
            return true;
        }

        if (header.IsGeneric)
        {
            blob.ReadCompressedInteger();
        }

        return blob.ReadCompressedInteger() <= blob.RemainingBytes;
    }
}
