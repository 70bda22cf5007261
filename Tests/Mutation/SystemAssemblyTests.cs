using System.Runtime.CompilerServices;
using Mono.Cecil;
using PageProof.Contract;
using PageProof.Mutation.Loading;

namespace PageProof.Tests.Mutation;

/// <summary>An assembly is a system, or one sentence says why not.</summary>
public sealed class SystemAssemblyTests(SampleSystem sample) : IClassFixture<SampleSystem>
{
    [Fact]
    public void A_system_shares_the_words_of_the_host_and_goes_when_disposed()
    {
        var context = LoadAndDispose();
        for (int attempt = 0; context.IsAlive && attempt < 20; attempt++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(context.IsAlive);
    }

    [Fact]
    public void No_public_system_is_refused() =>
        Refused("has no public class that implements", sample.Variant(module => Hide(module, "Plain")));

    [Fact]
    public void Two_public_systems_are_refused() =>
        Refused(
            "has 2 public classes that implement PageProof.Contract.ISystem, and exactly one is wanted: "
            + "Sample.Plain, Sample.Second.",
            sample.Variant(module => Show(module, "Second")));

    [Fact]
    public void A_constructor_that_asks_for_something_is_refused() =>
        Refused("has no public constructor without parameters", sample.Variant(module =>
        {
            Hide(module, "Plain");
            Show(module, "Asking");
        }));

    [Fact]
    public void A_constructor_that_throws_is_told_in_one_line() =>
        Refused("cannot be made: InvalidOperationException: no luck today", sample.Variant(module =>
        {
            Hide(module, "Plain");
            Show(module, "Throwing");
        }));

    [Fact]
    public void A_missing_member_of_Contract_is_named() =>
        Refused("was built against another Contract: this one has no", sample.Variant(module =>
            module.GetMemberReferences().First(member => member.DeclaringType.Name == "PagingText").Name = "To"));

    [Fact]
    public void A_missing_type_of_Contract_is_named() =>
        Refused("was built against another Contract: this one has no PageProof.Contract.Paging.IGone", sample.Variant(
            module => module.GetTypeReferences().First(type => type.Name == "ITranslator").Name = "IGone"));

    [Fact]
    public void A_door_that_is_not_implemented_is_told() =>
        Refused("OpenTranslator", sample.Variant(module =>
        {
            var plain = module.GetType("Sample.Plain");
            plain.Methods.First(method => method.Name == "OpenTranslator").Name = "CloseTranslator";
        }));

    [Fact]
    public void A_missing_library_is_named() =>
        Refused("needs the assembly Missing.Library, which is not beside it", sample.Variant(module =>
        {
            var missing = new AssemblyNameReference("Missing.Library", new(1, 0));
            module.AssemblyReferences.Add(missing);
            module.GetTypeReferences().First(type => type.Name == "EventArgs").Scope = missing;
            Show(module, "Needy");
        }));

    [Fact]
    public void No_file_a_folder_and_what_is_no_assembly_are_refused()
    {
        Refused("There is no assembly at", "/nowhere/at/all.dll");
        Refused("is a folder", Path.GetTempPath());
        Refused("is not a .NET assembly", sample.FileOf([]));
        Refused("is not a .NET assembly", sample.FileOf("#!/bin/sh\n"u8));
        Refused("is not a .NET assembly", Environment.ProcessPath!);
    }

    [Fact]
    public void A_truncated_or_random_file_is_refused()
    {
        byte[] image = File.ReadAllBytes(sample.Assembly);
        var random = new Random(1);
        for (int part = 0; part < 32; part++)
        {
            Refused("", sample.FileOf(image.AsSpan(0, image.Length * part / 32)));
            byte[] noise = new byte[image.Length];
            random.NextBytes(noise);

            // Half of them look like an assembly for a while.
            image.AsSpan(0, part % 2 * 0x400).CopyTo(noise);
            Refused("", sample.FileOf(noise));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference LoadAndDispose()
    {
        using var loaded = SystemAssembly.Load(sample.Assembly);
        ISystem system = loaded.System;
        Assert.Equal("sample", system.Name);
        Assert.Null(system.OpenTranslator());
        return new(System.Runtime.Loader.AssemblyLoadContext.GetLoadContext(system.GetType().Assembly));
    }

    private static void Hide(ModuleDefinition module, string name) =>
        module.GetType($"Sample.{name}").IsPublic = false;

    private static void Show(ModuleDefinition module, string name) =>
        module.GetType($"Sample.{name}").IsPublic = true;

    private static void Refused(string reason, string path)
    {
        var error = Assert.Throws<UserError>(() => SystemAssembly.Load(path));
        Assert.Contains(path, error.Message);
        Assert.Contains(reason, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }
}
