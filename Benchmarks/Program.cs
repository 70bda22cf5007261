using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using PageProof.Benchmarks.Kernel;
using PageProof.Benchmarks.Swap;

if (args is ["kernel"])
{
    return KernelFigures.Print(Console.Out) ? 0 : 1;
}

if (args is ["swap"])
{
    CompressionFigures.Print(Console.Out);
    return 0;
}

// Without a filter it asks which benchmarks to run: --filter '*' runs all. In this process, because a
// project of another name than its assembly is not found again from outside.
var config = DefaultConfig.Instance
    .AddJob(Job.ShortRun.WithIterationCount(8).WithToolchain(InProcessEmitToolchain.Instance));
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
return 0;
