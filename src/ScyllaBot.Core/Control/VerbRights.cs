using System.Collections.Frozen;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Control;

/// <summary>
/// The least right each verb needs (R21), for chat and control endpoint alike. It keeps out who may not even ask; the engine knows what more it
/// asks of whom.
/// </summary>
public static class VerbRights
{
    private static readonly FrozenDictionary<string, Rights> Table = Rows().ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What changes nothing and is in no row needs <see cref="Rights.Read"/>.</summary>
    public static Rights Of(string verb) => Table.GetValueOrDefault(verb, Rights.Read);

    private static Dictionary<string, Rights> Rows() => new(StringComparer.Ordinal)
    {
        ["run"] = Rights.Operate,
        ["node-task"] = Rights.Operate,
        ["cluster-task"] = Rights.Operate,
        ["start"] = Rights.Operate,
        ["resume"] = Rights.Operate,
        ["retry"] = Rights.Operate,
        ["skip"] = Rights.Operate,
        ["abort"] = Rights.Operate,
        ["restore"] = Rights.Operate,
        ["answer"] = Rights.Operate,
        ["way-out"] = Rights.Operate,
        ["rejoin"] = Rights.Operate,
        ["takeover"] = Rights.Operate,
        ["handback"] = Rights.Operate,
        ["owner"] = Rights.Operate,
        ["tune"] = Rights.Operate,
        ["pay"] = Rights.Operate,
        ["unlock"] = Rights.Approve,
        ["unlock-cluster"] = Rights.Approve,
        ["lift"] = Rights.Approve,
    };
}
