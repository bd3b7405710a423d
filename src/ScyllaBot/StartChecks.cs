using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot;

/// <summary>What must hold before anything starts.</summary>
internal static class StartChecks
{
    /// <summary>Production where nothing else is said, as everywhere in .NET.</summary>
    internal static string EnvironmentName => Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? "Production";

    /// <summary>The file beside the program, those in the folder it is run from (the one of its environment last), environment variables: the later wins.</summary>
    /// <exception cref="StartRefusedException">A file is not JSON, or may not be read.</exception>
    public static IConfiguration Configuration()
    {
        try
        {
            return new ConfigurationBuilder()
                .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
                .AddJsonFile(Path.GetFullPath("appsettings.json"), optional: true)
                .AddJsonFile(Path.GetFullPath($"appsettings.{EnvironmentName}.json"), optional: true)
                .AddEnvironmentVariables().Build();
        }
        catch (InvalidDataException unreadable)
        {
            throw new StartRefusedException($"{unreadable.Message} {unreadable.InnerException?.Message}");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The configuration can not be read: {unreadable.Message}");
        }
    }

    /// <exception cref="StartRefusedException">Every setting that is wrong.</exception>
    public static HostSettings Settings(IConfiguration configuration)
    {
        var (settings, wrong) = Read(configuration);
        return wrong.Count == 0 ? settings
            : throw new StartRefusedException($"The configuration, section ScyllaBot, is wrong: {string.Join("; ", wrong.Select(w => w.ErrorMessage))}");
    }

    /// <summary>The settings, and each thing that is wrong with them.</summary>
    /// <exception cref="StartRefusedException">A value is of another type: none could be read.</exception>
    public static (HostSettings Settings, IReadOnlyList<ValidationResult> Wrong) Read(IConfiguration configuration)
    {
        HostSettings settings;
        try
        {
            settings = configuration.GetSection("ScyllaBot").Get<HostSettings>() ?? new HostSettings();
        }
        catch (InvalidOperationException unreadable)
        {
            throw new StartRefusedException($"The configuration can not be read: {unreadable.Message}");
        }

        var wrong = new List<ValidationResult>(SettingNames.Unknown(configuration.GetSection("ScyllaBot"))
            .Concat(PlaceholderIds.In(configuration.GetSection("ScyllaBot"))).Select(u => new ValidationResult(u)));
        foreach (var part in new object[]
        {
            settings, settings.Sandbox, settings.Approvals, settings.Calls, settings.Heartbeat, settings.Control, settings.Observe, settings.Backup, settings.Retention,
        })
        {
            Validator.TryValidateObject(part, new ValidationContext(part), wrong, validateAllProperties: true);
        }

        return (settings, wrong);
    }

    /// <summary>Decision 9: the sandbox by default only where nothing real is configured.</summary>
    /// <returns>True: real clusters, by the configured inventory.</returns>
    public static bool IsReal(HostArguments arguments, HostSettings settings, IConfiguration configuration)
    {
        if (arguments.Sandbox || arguments.Demo)
        {
            return false;
        }

        var hasToken = HasToken(configuration.GetSection("ScyllaBot:Discord"));
        if (!string.IsNullOrEmpty(settings.Inventory))
        {
            return hasToken ? true : throw new StartRefusedException(
                $"An inventory ({settings.Inventory}) is configured but no Discord token: "
                + "set ScyllaBot__Discord__TokenFile to the path of a file that holds it (or ScyllaBot__Discord__Token), or use --sandbox.");
        }

        var production = string.Equals(configuration["DOTNET_ENVIRONMENT"] ?? configuration["ASPNETCORE_ENVIRONMENT"], "Production", StringComparison.OrdinalIgnoreCase);
        return !hasToken && !production ? false : throw new StartRefusedException(
            "A Discord token or a Production environment is configured, but no inventory: set ScyllaBot:Inventory to a file with your clusters "
            + "(ScyllaBot inventory import writes one), or use --sandbox to try it with its own Discord and clusters.");
    }

    /// <summary>An empty setting is none, and hides no other.</summary>
    public static bool HasToken(IConfigurationSection discord) => discord["Token"] is { Length: > 0 } || discord["TokenFile"] is { Length: > 0 };

    /// <exception cref="StartRefusedException">Every mistake of the inventory.</exception>
    public static Inventory Inventory(string file, string yaml) => InventoryYaml.Read(file, yaml) switch
    {
        InventoryReading.Read read => read.Inventory,
        InventoryReading.Invalid invalid => throw new StartRefusedException(string.Join("\n", invalid.Errors)),
        var other => throw new InvalidOperationException($"unknown reading {other}"),
    };

    public static ApprovalPolicy Approvals(HostSettings settings) => new()
    {
        Starts = ImmutableSortedDictionary<ClusterEnvironment, int>.Empty
            .Add(ClusterEnvironment.Sandbox, settings.Approvals.Sandbox)
            .Add(ClusterEnvironment.Staging, settings.Approvals.Staging)
            .Add(ClusterEnvironment.Production, settings.Approvals.Production),
        Patience = TimeSpan.FromMinutes(settings.Approvals.PatienceMinutes),
        Approvers = (settings.Approvals.Approvers ?? []).ToImmutableSortedDictionary(a => EnvironmentOf(a.Key), a => a.Value.ToImmutableArray()),
        Workflows = (settings.Approvals.Workflows ?? []).ToImmutableSortedDictionary(
            w => w.Key, w => new ApprovalRule { Count = CountOf(w.Key, w.Value.Count), Approvers = [.. w.Value.Approvers ?? []] }, StringComparer.Ordinal),
        Groups = (settings.Approvals.Groups ?? []).ToImmutableSortedDictionary(g => g.Key, g => g.Value.ToImmutableArray(), StringComparer.Ordinal),
        BreakGlass = [.. settings.Approvals.BreakGlass ?? []],
        Owners = [.. settings.Approvals.Owners ?? []],
    };

    private static int? CountOf(string workflow, int? count) => count is null or (>= 0 and <= 10)
        ? count : throw new StartRefusedException($"ScyllaBot:Approvals:Workflows:{workflow}:Count must be between 0 and 10.");

    private static ClusterEnvironment EnvironmentOf(string name) => Enum.TryParse<ClusterEnvironment>(name, ignoreCase: true, out var environment) && !int.TryParse(name, out _)
        ? environment
        : throw new StartRefusedException($"ScyllaBot:Approvals:Approvers:{name} is no environment; there are {string.Join(", ", Enum.GetNames<ClusterEnvironment>())}.");
}
