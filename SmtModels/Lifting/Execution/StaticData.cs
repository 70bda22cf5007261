using System.Buffers.Binary;
using Mono.Cecil;

namespace PageProof.SmtModels.Lifting;

/// <summary>
/// What static fields hold that never change. A static constructor is executed when one of its fields
/// is first read; what it leaves there, arrays among it, is taken to be constant.
/// </summary>
internal sealed class StaticData(LiftContext context)
{
    private readonly Dictionary<(ClrType Type, string Field), MachineValue> _values = [];
    private readonly Dictionary<(ClrType Type, string Field), PointerValue> _addresses = [];
    private readonly Dictionary<ClrType, LiftingException?> _constructed = [];
    private readonly Dictionary<(FieldDefinition Field, ClrType Element), PointerValue> _data = [];

    /// <summary>What a field holds.</summary>
    public MachineValue Load(ClrType type, FieldDefinition field)
    {
        if (!field.IsInitOnly)
        {
            throw new LiftingException($"the static field {field.Name} may change");
        }

        if (!_constructed.TryGetValue(type, out var failure))
        {
            failure = Construct(type);
        }

        if (_values.TryGetValue((type, field.Name), out var value))
        {
            return value;
        }

        return failure is null
            ? context.Zero(context.Types.Of(field.FieldType, type.Scope))
            : throw new LiftingException($"the value of {field.Name} is not known, because {failure.Message}");
    }

    /// <summary>Where a field is.</summary>
    public PointerValue AddressOf(ClrType type, FieldDefinition field)
    {
        if (field.InitialValue.Length > 0)
        {
            return ElementsOf(field, context.Types.Of(field.Module.TypeSystem.Byte, GenericScope.None));
        }

        if (!_addresses.TryGetValue((type, field.Name), out var address))
        {
            address = Constant(Load(type, field));

            // Survivor: another root of the same content is as good, since neither ever changes.
            _addresses.Add((type, field.Name), address);
        }

        return address;
    }

    public void Store(ClrType type, FieldDefinition field, MachineValue value) =>
        _values[(type, field.Name)] = context.Stored(value, context.Types.Of(field.FieldType, type.Scope));

    /// <summary>The integers that stand in the assembly itself, as the initial content of a field.</summary>
    public SequenceValue RowOf(FieldDefinition field, int width)
    {
        int size = width / 8;
        var bytes = field.InitialValue;
        var elements = new MachineValue[bytes.Length / size];
        Span<byte> whole = stackalloc byte[sizeof(ulong)];
        for (int index = 0; index < elements.Length; index++)
        {
            bytes.AsSpan(index * size, size).CopyTo(whole);
            elements[index] = new ScalarValue(
                context.Pool.BitVec(BinaryPrimitives.ReadUInt64LittleEndian(whole), width));
        }

        return new(elements);
    }

    /// <summary>The first of the elements that stand in the assembly itself.</summary>
    public PointerValue ElementsOf(FieldDefinition field, ClrType element)
    {
        if (element.Kind != ClrKind.Integer)
        {
            throw new LiftingException($"{field.Name} holds other data than integers");
        }

        if (!_data.TryGetValue((field, element), out var pointer))
        {
            var first = PathStep.ToElement(context.Pool.BitVec(0, 64), isChecked: false);
            pointer = Constant(RowOf(field, element.Width)).Select(location => location.Then(first));

            // Survivor: another root of the same content is as good, since neither ever changes.
            _data.Add((field, element), pointer);
        }

        return pointer;
    }

    private PointerValue Constant(MachineValue value)
    {
        int root = context.NewRoot();
        context.Constants.Add(root, value);
        return context.PointerTo(new(RootKind.Heap, root));
    }

    // Execution goes on after what would have thrown, so that nothing it has assigned can be relied on.
    private void Forget(ClrType type)
    {
        foreach (var key in _values.Keys.Where(key => key.Type == type).ToList())
        {
            _values.Remove(key);
        }
    }

    private LiftingException? Construct(ClrType type)
    {
        _constructed.Add(type, null);
        var definition = type.Definition?.Methods.FirstOrDefault(method => method.IsConstructor && method.IsStatic);
        if (definition is null)
        {
            return null;
        }

        MachineState state = new(PathCondition.Always(context.Pool));
        try
        {
            Executor executor = new(context) { Constructed = type };
            executor.Invoke(context.Methods.Of(definition, type, []), state);
            if (executor.Obligations.Count > 0)
            {
                Forget(type);
                throw new LiftingException($"the static constructor of {type} throws");
            }
        }
        catch (LiftingException failure)
        {
            // The fields that were assigned before are known; whoever asks for another one is told.
            _constructed[type] = failure;
        }

        foreach (var (root, value) in state.Heap)
        {
            context.Constants[root] = value;
        }

        return _constructed[type];
    }
}
