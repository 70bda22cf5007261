using Mono.Cecil;
using Mono.Cecil.Cil;

namespace PageProof.SmtModels.Lifting;

/// <content>Arguments, locals, fields, and what pointers point at.</content>
internal sealed partial class Executor
{
    private bool Move(Frame frame, MachineState state, Operation operation)
    {
        var method = frame.Method;
        int index = operation.Index;
        switch (operation.Code)
        {
            case Code.Nop or Code.Constrained or Code.Readonly or Code.Volatile or Code.Unaligned or Code.Tail:
                return true;
            case Code.Ldarg:
                state.Push(Context.Loaded(state.Cells[frame.Cells + index], method.Parameters[index]));
                return true;
            case Code.Ldloc:
                state.Push(Context.Loaded(state.Cells[frame.Locals + index], method.Locals[index]));
                return true;
            case Code.Starg:
                state.Cells[frame.Cells + index] = Context.Stored(state.Pop(), method.Parameters[index]);
                return true;
            case Code.Stloc:
                state.Cells[frame.Locals + index] = Context.Stored(state.Pop(), method.Locals[index]);
                return true;
            case Code.Ldarga:
                state.Push(Context.PointerTo(new(RootKind.Cell, frame.Cells + index)));
                return true;
            case Code.Ldloca:
                state.Push(Context.PointerTo(new(RootKind.Cell, frame.Locals + index)));
                return true;
            case Code.Dup:
                state.Push(state.Stack[^1]);
                return true;
            case Code.Pop:
                state.Pop();
                return true;
            case Code.Ldnull:
                state.Push(new PointerValue(new Target(Pool.True, null)));
                return true;
            case Code.Ldstr:
                state.Push(new OpaqueValue("a string"));
                return true;
            default:
                return false;
        }
    }

    private bool Access(MachineState state, Operation operation)
    {
        switch (operation.Code)
        {
            case Code.Ldfld:
                LoadField(state, FieldOf(operation));
                return true;
            case Code.Ldflda:
                var address = state.Pop();
                state.Push(AddressOfField(address, FieldOf(operation)));
                return true;
            case Code.Stfld:
                var field = FieldOf(operation);
                var stored = Context.Stored(state.Pop(), field.Type);
                Write(state, AddressOfField(state.Pop(), field), stored);
                return true;
            case Code.Ldsfld or Code.Ldsflda or Code.Stsfld:
                AccessStatic(state, operation);
                return true;
            case Code.Ldobj:
                state.Push(Context.Loaded(Read(state, state.Pop()), TypeOf(operation)));
                return true;
            case Code.Stobj:
                var value = Context.Stored(state.Pop(), TypeOf(operation));
                Write(state, state.Pop(), value);
                return true;
            case Code.Cpobj:
                var copied = Read(state, state.Pop());
                Write(state, state.Pop(), copied);
                return true;
            case Code.Initobj:
                Write(state, state.Pop(), Context.Zero(TypeOf(operation)));
                return true;
            case Code.Box:
                state.Push(new BoxedValue(TypeOf(operation), Context.Stored(state.Pop(), TypeOf(operation))));
                return true;
            case Code.Unbox_Any when state.Stack[^1] is BoxedValue boxed && boxed.Type == TypeOf(operation):
                state.Pop();
                state.Push(Context.Loaded(boxed.Content, boxed.Type));
                return true;
            case Code.Isinst when state.Stack[^1] is BoxedValue held:
                if (held.Type != TypeOf(operation))
                {
                    state.Pop();
                    state.Push(new PointerValue(new Target(Pool.True, null)));
                }

                return true;
            case Code.Ldtoken:
                state.Push(new TokenValue(operation.Reference is TypeReference
                    ? TypeOf(operation)
                    : operation.Reference!));
                return true;
            case Code.Sizeof:
                state.Push(new ScalarValue(Pool.BitVec((ulong)TypeOf(operation).ByteSize, 32)));
                return true;
            default:
                return AccessIndirectly(state, operation);
        }
    }

    private bool AccessIndirectly(MachineState state, Operation operation)
    {
        if (Indirect(operation.Code) is not (var width, var isSigned))
        {
            return false;
        }

        // A load by reference of any width: a reference itself, in a local by reference.
        if (width == 0)
        {
            var other = operation.Code == Code.Stind_Ref ? state.Pop() : null;
            var at = state.Pop();
            if (other is null)
            {
                state.Push(Read(state, at));
            }
            else
            {
                Write(state, at, other);
            }

            return true;
        }

        ClrType type = new(ClrKind.Integer, $"a number of {width} bits") { Width = width, IsSigned = isSigned };
        if (operation.Code is >= Code.Stind_I1 and <= Code.Stind_I8 or Code.Stind_I)
        {
            var value = Context.Stored(state.Pop(), type);
            Write(state, state.Pop(), value);
        }
        else
        {
            state.Push(Context.Loaded(Read(state, state.Pop()), type));
        }

        return true;
    }

    private static (int Width, bool IsSigned)? Indirect(Code code) => code switch
    {
        Code.Ldind_I1 or Code.Stind_I1 => (8, true),
        Code.Ldind_U1 => (8, false),
        Code.Ldind_I2 or Code.Stind_I2 => (16, true),
        Code.Ldind_U2 => (16, false),
        Code.Ldind_I4 or Code.Ldind_U4 or Code.Stind_I4 => (32, true),
        Code.Ldind_I8 or Code.Ldind_I or Code.Stind_I8 or Code.Stind_I => (64, true),
        Code.Ldind_Ref or Code.Stind_Ref => (0, false),
        _ => null,
    };

    private void LoadField(MachineState state, FieldSite field)
    {
        var from = state.Pop();
        if (from is PointerValue)
        {
            state.Push(Context.Loaded(Read(state, AddressOfField(from, field)), field.Type));
            return;
        }

        state.Push(Context.Loaded(field.Declaring.Kind switch
        {
            ClrKind.Integer => from,
            ClrKind.InlineArray => RowOf(from).Elements[0],
            _ => FieldIn(from, PathStep.ToField(field.Declaring, field.Index)),
        }, field.Type));
    }

    private PointerValue AddressOfField(MachineValue from, FieldSite field) => field.Declaring.Kind switch
    {
        _ when field.Declaring.HasFields => AsPointer(from).Select(location =>
            location.Then(PathStep.ToField(field.Declaring, field.Index))),

        // The one field of a primitive type is itself, that of an inline array its first element.
        ClrKind.Integer => AsPointer(from),
        ClrKind.InlineArray => AsPointer(from).Select(location =>
            location.Then(PathStep.ToElement(Pool.BitVec(0, 64), isChecked: false))),
        _ => throw Outside($"{field.Declaring} is an object whose fields are not known"),
    };

    // Survivor: a field that is looked up again is at the same place.
    private FieldSite FieldOf(Operation operation) =>
        (FieldSite)(operation.Resolved ??= SiteOf((FieldReference)operation.Reference!));

    private FieldSite SiteOf(FieldReference reference)
    {
        var declaring = Context.Types.Of(reference.DeclaringType, _method!.Scope);
        int index = declaring.HasFields ? declaring.IndexOfField(reference.Name) : 0;
        var type = declaring.Kind switch
        {
            _ when declaring.HasFields => declaring.Fields[index].Type,
            ClrKind.InlineArray => declaring.Element!,
            _ => declaring,
        };
        return new(declaring, index, type);
    }

    private void AccessStatic(MachineState state, Operation operation)
    {
        var reference = (FieldReference)operation.Reference!;
        var field = reference.Resolve() ?? throw Outside("the field is not to be found");
        var declaring = Context.Types.Of(reference.DeclaringType, _method!.Scope);
        switch (operation.Code)
        {
            case Code.Stsfld when Constructed == declaring:
                Context.Statics.Store(declaring, field, state.Pop());
                break;
            case Code.Stsfld:
                throw Outside("it changes a static field");
            case Code.Ldsflda:
                state.Push(Context.Statics.AddressOf(declaring, field));
                break;
            default:
                var type = Context.Types.Of(field.FieldType, declaring.Scope);
                state.Push(Context.Loaded(Context.Statics.Load(declaring, field), type));
                break;
        }
    }

    /// <summary>A field of an instance.</summary>
    private sealed record FieldSite(ClrType Declaring, int Index, ClrType Type);
}
