using System.Collections.Immutable;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Sandbox.Http.NodeRoute;

namespace ScyllaBot.Sandbox.Http;

/// <summary>Options and log levels of a node (facts/scylla.md 1.19). Nothing here writes an option: that is a file and a SIGHUP.</summary>
internal static class ConfigRoutes
{
    private static readonly string[] _levels = ["error", "warn", "info", "debug", "trace"];

    public static ImmutableArray<NodeRoute> All { get; } =
    [
        Get("/v2/config/{id}", StartPhase.RestListening, Value),
        Get("/system/logger", StartPhase.RestListening, _ => RestAnswer.Json(LoggerLevels.Names)),
        Get("/system/logger/{name}", StartPhase.RestListening, Level),
        Post("/system/logger/{name}", StartPhase.RestListening, SetLevel),
    ];

    private static RestAnswer Value(NodeCall call) => call.Node.Machine.Config.Value(call.Path["id"]) is { } json
        ? new RestAnswer(200, json)
        : RestAnswer.Error(400, $"No such config entry: {call.Path["id"]}");

    private static RestAnswer Level(NodeCall call) => call.Node.Machine.Loggers.Of(call.Path["name"]) is { } level
        ? RestAnswer.Json(level)
        : Unknown(call);

    private static RestAnswer SetLevel(NodeCall call)
    {
        if (call.Ask("level") is not { } level)
        {
            return RestAnswer.Error(400, "Missing mandatory parameter 'level'");
        }

        if (!_levels.Contains(level, StringComparer.Ordinal))
        {
            return RestAnswer.Error(400, $"Unknown level {level}");
        }

        return call.Node.Machine.Loggers.Set(call.Path["name"], level, call.Cause) ? RestAnswer.Void : Unknown(call);
    }

    private static RestAnswer Unknown(NodeCall call) => RestAnswer.Error(400, $"Unknown logger name {call.Path["name"]}");
}
