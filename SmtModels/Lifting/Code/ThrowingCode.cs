using Mono.Cecil;
using Mono.Cecil.Cil;

namespace PageProof.SmtModels.Lifting;

/// <summary>
/// The instructions from which every way ends in a throw. What they do before, such as composing a
/// message, matters to nobody: to reach one of them is to throw.
/// </summary>
internal sealed class ThrowingCode
{
    private const string DoesNotReturn = "System.Diagnostics.CodeAnalysis.DoesNotReturnAttribute";

    private readonly bool[] _throws;
    private readonly IReadOnlyList<Operation> _operations;

    public ThrowingCode(IReadOnlyList<Operation> operations)
    {
        _operations = operations;
        _throws = new bool[operations.Count];
        bool changed;
        do
        {
            changed = false;
            for (int index = operations.Count - 1; index >= 0; index--)
            {
                if (!_throws[index] && IsThrow(operations[index], index))
                {
                    _throws[index] = true;
                    changed = true;
                }
            }
        }
        while (changed);
    }

    /// <summary>Whether to reach the instruction is to throw.</summary>
    public bool this[int index] => _throws[index];

    /// <summary>The offset of the first throw that is reached from such an instruction.</summary>
    public int OffsetFrom(int index)
    {
        var operation = _operations[index];
        while (operation.Code != Code.Throw && !NeverReturns(operation))
        {
            index = operation.Code == Code.Br ? operation.Index : index + 1;
            operation = _operations[index];
        }

        return operation.Offset;
    }

    private bool IsThrow(Operation operation, int index) => operation.Code switch
    {
        Code.Throw => true,
        Code.Ret => false,
        Code.Br => _throws[operation.Index],
        _ when operation.IsConditional => operation.Targets.All(target => _throws[target]) && NextThrows(index),
        _ => NeverReturns(operation) || NextThrows(index),
    };

    private bool NextThrows(int index) => index + 1 < _throws.Length && _throws[index + 1];

    private static bool NeverReturns(Operation operation)
    {
        if (operation.Code != Code.Call || operation.Reference is not MethodReference method)
        {
            return false;
        }

        if (method is MethodDefinition definition && IsStraightThrow(definition))
        {
            return true;
        }

        return method.Name.StartsWith("Throw", StringComparison.Ordinal)
            && method.Resolve() is { } resolved
            && (IsStraightThrow(resolved)
                || resolved.CustomAttributes.Any(one => one.AttributeType.FullName == DoesNotReturn));
    }

    private static bool IsStraightThrow(MethodDefinition method) =>
        method.HasBody && method.Body.Instructions.All(one => one.OpCode.FlowControl is not (
            FlowControl.Branch or FlowControl.Cond_Branch or FlowControl.Return));
}
