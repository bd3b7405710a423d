using System.Reflection;
using System.Runtime.CompilerServices;
using ScyllaBot.Core.Clients;

namespace ScyllaBot.Core.Tests.Clients.Contract;

/// <summary>One public method of one client, and how it is called.</summary>
/// <param name="Name">As <see cref="NameOf"/> gives it.</param>
/// <param name="Ask">Calls it; what has to be there before is called before it.</param>
/// <param name="IsRight">Whether its answer is true of the simulated cluster, or what it did was done.</param>
internal sealed record ClientCall(string Name, Func<ContractBed, Task<object?>> Ask, Func<ContractBed, object?, bool> IsRight)
{
    /// <summary>Brings the world into the state that the call is for.</summary>
    public Action<ContractBed> Prepare { get; init; } = _ => { };

    /// <summary>Every method of every client that waits for somebody else, by name.</summary>
    public static IEnumerable<MethodInfo> Methods => typeof(ScyllaApi).Assembly.GetTypes()
        .Where(t => string.Equals(t.Namespace, typeof(ScyllaApi).Namespace, StringComparison.Ordinal) && t is { IsInterface: false, IsNested: false })
        .Where(t => !t.IsDefined(typeof(CompilerGeneratedAttribute)))
        .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .Where(m => typeof(Task).IsAssignableFrom(m.ReturnType));

    /// <summary><c>Type.Method</c>; with its parameters' names where there are several.</summary>
    public static string NameOf(MethodInfo method)
    {
        var name = $"{method.DeclaringType!.Name}.{method.Name}";
        var isOverloaded = Methods.Count(m => m.DeclaringType == method.DeclaringType && string.Equals(m.Name, method.Name, StringComparison.Ordinal)) > 1;
        return isOverloaded ? $"{name}({string.Join(',', method.GetParameters().Select(p => p.Name))})" : name;
    }

    public static ClientCall Read<T>(string name, Func<ContractBed, Task<T>> ask, Func<T, bool> isRight) =>
        new(name, async bed => await ask(bed), (_, answer) => isRight((T)answer!));

    public static ClientCall Act(string name, Func<ContractBed, Task> ask, Func<ContractBed, bool> isDone) =>
        new(name, async bed => { await ask(bed); return null; }, (bed, _) => isDone(bed));

    public override string ToString() => Name;
}
