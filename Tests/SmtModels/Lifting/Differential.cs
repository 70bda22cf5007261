using System.Reflection;
using Mono.Cecil;
using PageProof.SmtModels.Lifting;
using PageProof.SmtModels.Smt;
using PageProof.SmtModels.Theorems;

namespace PageProof.Tests.SmtModels.Lifting;

/// <summary>
/// Holds what the lifter says of a method against the method itself: on each of many inputs it returns
/// and leaves in memory what the terms tell, and throws exactly when an obligation fails.
/// </summary>
internal sealed class Differential
{
    private const int CasesMany = 10_000;
    private const int CasesFew = 120;

    private readonly TermPool _pool = new();
    private readonly MethodInfo _method;
    private readonly LiftedCall _call;
    private readonly FlatProgram _program;
    private readonly Term _fails;
    private readonly ParameterInfo[] _parameters;
    private readonly (string Name, Type Type, (string Path, Term Term)[] Leaves)[] _inputs;
    private readonly Term? _memory;

    public Differential(MethodInfo method, AssemblySet assemblies, Func<AssemblySet, MethodReference>? find = null)
    {
        _method = method;
        Lifter lifter = new(_pool, assemblies);
        _call = lifter.LiftMethod(find?.Invoke(assemblies) ?? assemblies.Find(method));
        _fails = _call.Fails(_pool);
        _parameters = method.GetParameters();
        _inputs = [.. _call.Parameters.Where(one => !IsMemory(one.Value)).Select(Input)];
        _memory = _call.Parameters.Values.FirstOrDefault(IsMemory)?.Scalar;
        _program = new(Roots());
    }

    public LiftedCall Call => _call;

    /// <summary>How often the part of the result at a path had which value.</summary>
    public Dictionary<ulong, int> Seen { get; } = [];

    /// <summary>The part of the result that <see cref="Seen"/> counts.</summary>
    public string? Watched { get; init; }

    /// <summary>How many terms there are that matter.</summary>
    public int TermCount => _program.Count;

    public static int Cases => Lane.Current is null ? CasesMany : CasesFew;

    /// <summary>The first input on which method and terms differ, or null.</summary>
    /// <param name="cases">How many inputs.</param>
    /// <param name="shape">Gives a word at the end of a path, as it was drawn, another form.</param>
    public string? Difference(int cases, Func<string, ulong, ulong>? shape = null)
    {
        RandomWords random = new(seed: 1);
        int failures = 0;
        for (int number = 0; number < cases; number++)
        {
            MemoryContent content = new(random.Next(), (random.Next() & 7) switch
            {
                0 => random.Next(ulong.MaxValue),
                1 => 1UL << 36,
                _ => ulong.MaxValue,
            });
            var words = _inputs.Select(input => input.Leaves.Select(leaf =>
            {
                ulong word = Draw(random, leaf.Term);
                return shape is null ? word : shape(leaf.Path, word) & leaf.Term.Sort.Mask;
            }).ToArray()).ToArray();
            if (DifferenceOn(words, content, ref failures) is { } difference)
            {
                return $"{_method.DeclaringType!.Name}.{_method.Name}"
                    + $"({string.Join(", ", _inputs.Zip(words, (input, row) => $"{input.Name}: {Shown(row)}"))})"
                    + $", case {number}: {difference}";
            }
        }

        return failures == cases ? $"{_method.Name} always throws, so nothing was compared" : null;
    }

    private static bool IsMemory(LiftedValue value) => value.Scalar is { Sort.IsMemory: true };

    // A truth is a choice on a variable; what is drawn is the word that it becomes.
    private static ulong Draw(RandomWords random, Term term) =>
        term.Kind == TermKind.Ite ? random.Next() & 1 : random.Next(term.Sort.Mask);

    private static string Shown(IEnumerable<ulong> words) =>
        "[" + string.Join(" ", words.Select(word => $"0x{word:x}")) + "]";

    private (string, Type, (string, Term)[]) Input(KeyValuePair<string, LiftedValue> parameter)
    {
        var type = _parameters.FirstOrDefault(one => one.Name == parameter.Key)?.ParameterType
            ?? _method.DeclaringType!;
        return (
            parameter.Key,
            type.IsByRef ? type.GetElementType()! : type,
            [.. parameter.Value.Leaves]);
    }

    private IEnumerable<Term> Roots()
    {
        List<Term> roots = [_fails];
        roots.AddRange(_call.Result?.Leaves.Select(leaf => leaf.Term) ?? []);
        roots.AddRange(_call.Outputs.Values.SelectMany(output => output.Leaves.Select(leaf => leaf.Term)));
        if (_call.Memory is { } memory)
        {
            roots.Add(memory);
        }

        return roots;
    }

    private string? DifferenceOn(ulong[][] words, MemoryContent content, ref int failures)
    {
        Assign(words, content);
        _program.Run();
        bool fails = _program.WordOf(_fails) != 0;
        object?[] arguments = ArgumentsOf(words, content, out object? self);
        object? result;
        try
        {
            result = _method.Invoke(self, BindingFlags.DoNotWrapExceptions, null, arguments, null);
        }
        catch (Exception thrown) when (thrown is not OutOfMemoryException)
        {
            failures++;
            return fails ? null : $"it throws {thrown.GetType().Name}, and no obligation fails";
        }

        return fails ? "an obligation fails, and it does not throw"
            : DifferenceOf("it", _call.Result, _method.ReturnType, result)
            ?? OutputDifference(arguments, self)
            ?? MemoryDifference(content);
    }

    private void Assign(ulong[][] words, MemoryContent content)
    {
        for (int index = 0; index < words.Length; index++)
        {
            foreach (var (place, leaf) in _inputs[index].Leaves.Index())
            {
                var variable = leaf.Term.Kind == TermKind.Ite ? leaf.Term.Arguments[0] : leaf.Term;
                _program.Set(variable, words[index][place]);
            }
        }

        if (_memory is not null)
        {
            _program.Set(_memory, content.Initial);
            _program.Set(_pool.Variable(LiftOptions.MemorySize, Sort.BitVec(64)), content.Size);
        }
    }

    private object?[] ArgumentsOf(ulong[][] words, MemoryContent content, out object? self)
    {
        self = null;
        var arguments = new object?[_parameters.Length];
        for (int index = 0; index < _parameters.Length; index++)
        {
            int input = Array.FindIndex(_inputs, one => one.Name == _parameters[index].Name);
            arguments[index] = input < 0 ? new TestMemory(content) : Make(input, words);
        }

        if (!_method.IsStatic)
        {
            self = Make(0, words);
        }

        return arguments;
    }

    private object? Make(int input, ulong[][] words)
    {
        ReadOnlySpan<ulong> row = words[input];
        return ClrValue.Of(_inputs[input].Type).Make(ref row);
    }

    private string? DifferenceOf(string what, LiftedValue? lifted, Type type, object? value)
    {
        if (lifted is null)
        {
            return null;
        }

        List<ulong> expected = [];
        ClrValue.Of(type.IsByRef ? type.GetElementType()! : type).AddTo(expected, value);
        var told = lifted.Leaves.Select(leaf => _program.WordOf(leaf.Term)).ToList();
        foreach (var (_, term) in lifted.Leaves.Where(leaf => leaf.Path == Watched))
        {
            ulong word = _program.WordOf(term);
            Seen[word] = Seen.GetValueOrDefault(word) + 1;
        }

        return told.SequenceEqual(expected) ? null : $"{what} gives {Shown(expected)}, the terms {Shown(told)}";
    }

    private string? OutputDifference(object?[] arguments, object? self)
    {
        foreach (var (name, output) in _call.Outputs)
        {
            int index = Array.FindIndex(_parameters, one => one.Name == name);
            var type = _inputs.First(one => one.Name == name).Type;
            if (DifferenceOf(name, output, type, index < 0 ? self : arguments[index]) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    private string? MemoryDifference(MemoryContent content)
    {
        if (_memory is null)
        {
            return null;
        }

        var memory = _program.MemoryOf(_call.Memory!);
        foreach (ulong address in memory.Written.Concat(content.Written.Keys))
        {
            if (memory.Read(address) != content.Read(address))
            {
                return $"it leaves 0x{content.Read(address):x} at 0x{address:x}, the terms 0x{memory.Read(address):x}";
            }
        }

        return null;
    }
}
