using System.Reflection;
using System.Runtime.CompilerServices;

namespace PageProof.SmtModels.Theorems;

/// <summary>
/// Values of structures and integers as the rows of words of which they consist, in the order in which
/// the lifter lists them.
/// </summary>
public sealed class ClrValue
{
    private static readonly Dictionary<Type, ClrValue> Known = [];

    private readonly Type _type;
    private readonly Func<ulong, object>? _make;
    private readonly Func<object, ulong>? _word;
    private readonly (FieldInfo Field, ClrValue Value)[] _fields = [];

    private ClrValue(Type type)
    {
        _type = type;
        if (type.IsEnum)
        {
            var underlying = Of(Enum.GetUnderlyingType(type));
            _make = word => Enum.ToObject(type, underlying._make!(word));
            _word = value => underlying._word!(Convert.ChangeType(
                value, underlying._type, System.Globalization.CultureInfo.InvariantCulture));
            return;
        }

        (_make, _word) = Integer(type);
        if (_make is null)
        {
            const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
            _fields =
            [
                .. type.GetFields(Own).OrderBy(field => field.MetadataToken)
                    .Select(field => (field, Of(field.FieldType))),
            ];
        }
    }

    /// <summary>The way in which values of a type consist of words.</summary>
    public static ClrValue Of(Type type)
    {
        lock (Known)
        {
            if (!Known.TryGetValue(type, out var value))
            {
                value = new(type);
                Known.Add(type, value);
            }

            return value;
        }
    }

    /// <summary>The value that consists of the next words.</summary>
    public object? Make(ref ReadOnlySpan<ulong> words)
    {
        if (_make is not null)
        {
            var made = _make(words[0]);
            words = words[1..];
            return made;
        }

        if (Nullable.GetUnderlyingType(_type) is { } held)
        {
            bool isThere = words[0] != 0;
            words = words[1..];
            var content = Of(held).Make(ref words);
            return isThere ? content : null;
        }

        object value = RuntimeHelpers.GetUninitializedObject(_type);
        foreach (var (field, part) in _fields)
        {
            field.SetValue(value, part.Make(ref words));
        }

        return value;
    }

    /// <summary>Adds the words of which a value consists.</summary>
    public void AddTo(List<ulong> words, object? value)
    {
        if (_word is not null)
        {
            words.Add(_word(value!));
            return;
        }

        // A nullable that holds nothing is boxed as nothing, and one that does as what it holds.
        if (Nullable.GetUnderlyingType(_type) is { } held)
        {
            words.Add(value is null ? 0UL : 1);
            Of(held).AddTo(words, value ?? RuntimeHelpers.GetUninitializedObject(held));
            return;
        }

        foreach (var (field, part) in _fields)
        {
            part.AddTo(words, field.GetValue(value));
        }
    }

    private static (Func<ulong, object>? Make, Func<object, ulong>? Word) Integer(Type type) =>
        Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => (word => word != 0, value => (bool)value ? 1UL : 0),
            TypeCode.Char => (word => (char)word, value => (char)value),
            TypeCode.SByte => (word => (sbyte)word, value => (byte)(sbyte)value),
            TypeCode.Byte => (word => (byte)word, value => (byte)value),
            TypeCode.Int16 => (word => (short)word, value => (ushort)(short)value),
            TypeCode.UInt16 => (word => (ushort)word, value => (ushort)value),
            TypeCode.Int32 => (word => (int)word, value => (uint)(int)value),
            TypeCode.UInt32 => (word => (uint)word, value => (uint)value),
            TypeCode.Int64 => (word => (long)word, value => (ulong)(long)value),
            TypeCode.UInt64 => (word => word, value => (ulong)value),
            _ when type == typeof(nint) => (word => (nint)(long)word, value => (ulong)(nint)value),
            _ when type == typeof(nuint) => (word => (nuint)word, value => (nuint)value),
            _ => (null, null),
        };
}
