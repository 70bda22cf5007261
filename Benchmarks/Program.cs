using BenchmarkDotNet.Running;

// Without a filter it asks which benchmarks to run: --filter '*' runs all.
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
