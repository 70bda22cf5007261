using Mono.Cecil.Cil;
using PageProof.SmtModels.Smt;

namespace PageProof.SmtModels.Lifting;

/// <content>Arrays.</content>
internal sealed partial class Executor
{
    private const int CountMax = 1 << 16;

    private bool AccessArray(MachineState state, Operation operation)
    {
        switch (operation.Code)
        {
            case Code.Newarr:
                int count = PopCount(state, CountMax, "an array");
                state.Push(Allocate(state, Context.Zeros(TypeOf(operation), count)));
                return true;
            case Code.Localloc when _method!.Definition.Body.InitLocals:
                state.Push(Allocate(state, new RawBytes(PopCount(state, CountMax * sizeof(ulong), "a block"))));
                return true;
            case Code.Ldlen:
                var array = state.Pop();
                Term length = Pool.BitVec(0, 64);
                foreach (var (guard, location) in Places(state, array))
                {
                    length = Pool.Ite(guard, Pool.BitVec((ulong)CountAt(state, location), 64), length);
                }

                state.Push(new ScalarValue(length));
                return true;
            case Code.Ldelema:
                state.Push(PopElement(state));
                return true;
            case Code.Ldelem_Any:
                state.Push(Context.Loaded(Read(state, PopElement(state)), TypeOf(operation)));
                return true;
            case Code.Stelem_Any:
                StoreElement(state, Context.Stored(state.Pop(), TypeOf(operation)));
                return true;
            default:
                return AccessElement(state, operation);
        }
    }

    private bool AccessElement(MachineState state, Operation operation)
    {
        if (Element(operation.Code) is not (var width, var isSigned))
        {
            return false;
        }

        if (width == 0)
        {
            AccessReference(state, operation.Code);
            return true;
        }

        ClrType type = new(ClrKind.Integer, $"a number of {width} bits") { Width = width, IsSigned = isSigned };
        if (operation.Code is >= Code.Stelem_I and <= Code.Stelem_I8)
        {
            StoreElement(state, Context.Stored(state.Pop(), type));
        }
        else
        {
            state.Push(Context.Loaded(Read(state, PopElement(state)), type));
        }

        return true;
    }

    private void AccessReference(MachineState state, Code code)
    {
        if (code is Code.Ldelem_R4 or Code.Ldelem_R8)
        {
            throw Outside("it is an array of fractions");
        }

        if (code == Code.Stelem_Ref)
        {
            StoreElement(state, state.Pop());
        }
        else
        {
            state.Push(Read(state, PopElement(state)));
        }
    }

    private void StoreElement(MachineState state, MachineValue value) =>
        Write(state, PopElement(state), value);

    private PointerValue PopElement(MachineState state)
    {
        var index = PopWord(state);
        return ElementAt(state, state.Pop(), index);
    }

    private int PopCount(MachineState state, int most, string what)
    {
        var count = PopWord(state);
        return count.IsConstant && count.Value <= (ulong)most
            ? (int)count.Value
            : throw Outside($"it makes {what} of a size that is not fixed, or too great");
    }

    private static (int Width, bool IsSigned)? Element(Code code) => code switch
    {
        Code.Ldelem_I1 or Code.Stelem_I1 => (8, true),
        Code.Ldelem_U1 => (8, false),
        Code.Ldelem_I2 or Code.Stelem_I2 => (16, true),
        Code.Ldelem_U2 => (16, false),
        Code.Ldelem_I4 or Code.Ldelem_U4 or Code.Stelem_I4 => (32, true),
        Code.Ldelem_I8 or Code.Ldelem_I or Code.Stelem_I8 or Code.Stelem_I => (64, true),
        Code.Ldelem_Ref or Code.Stelem_Ref or Code.Ldelem_R4 or Code.Ldelem_R8 => (0, false),
        _ => null,
    };
}
