using System.Collections.Immutable;
using Microsoft.Extensions.Configuration;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Workflows;
using ScyllaBot.Discord;
using ScyllaBot.Real;

namespace ScyllaBot.Doctor;

/// <summary>Reads what there is of a bot that may not start: whatever can not be read is left out, and its check says why.</summary>
internal static class CaseReader
{
    /// <summary>Each file by itself: one that is no JSON does not hide the others.</summary>
    public static (IConfiguration Configuration, ImmutableArray<string> Unreadable) Configuration()
    {
        try
        {
            return (StartChecks.Configuration(), []);
        }
        catch (StartRefusedException)
        {
            var unreadable = ImmutableArray.CreateBuilder<string>();
            var builder = new ConfigurationBuilder();
            foreach (var file in new[] { Path.Combine(AppContext.BaseDirectory, "appsettings.json"), Path.GetFullPath("appsettings.json"), Path.GetFullPath($"appsettings.{StartChecks.EnvironmentName}.json") }.Distinct(StringComparer.Ordinal))
            {
                try
                {
                    builder.AddConfiguration(new ConfigurationBuilder().AddJsonFile(file, optional: true).Build());
                }
                catch (InvalidDataException wrong)
                {
                    unreadable.Add($"{wrong.Message} {wrong.InnerException?.Message}");
                }
            }

            return (builder.AddEnvironmentVariables().Build(), unreadable.ToImmutable());
        }
    }

    /// <param name="arguments">As the bot would be given them.</param>
    /// <param name="configuration">What could be read of it.</param>
    /// <param name="unreadable">Why not all of it.</param>
    /// <param name="transports">How nodes are reached.</param>
    public static DoctorCase Read(HostArguments arguments, IConfiguration configuration, ImmutableArray<string> unreadable, RealTransports transports)
    {
        var settings = SettingsOf(configuration);
        var workflows = arguments.Workflows ?? settings.Workflows;
        return new DoctorCase
        {
            Configuration = configuration, Unreadable = unreadable, Settings = settings, State = arguments.State ?? settings.State, Workflows = workflows,
            Library = LibraryOf(workflows), Inventory = InventoryOf(settings.Inventory), Discord = DiscordOf(configuration),
            Http = transports.Http, Commands = transports.Commands, NodeSide = transports.NodeSide,
        };
    }

    private static HostSettings SettingsOf(IConfiguration configuration)
    {
        try
        {
            return StartChecks.Read(configuration).Settings;
        }
        catch (StartRefusedException)
        {
            // One value of the wrong type hides all: what names files and folders is text, and is still there.
            var section = configuration.GetSection("ScyllaBot");
            var defaults = new HostSettings();
            return defaults with
            {
                State = section["State"] is { Length: > 0 } state ? state : defaults.State,
                Workflows = section["Workflows"] is { Length: > 0 } folder ? folder : defaults.Workflows,
                Inventory = section["Inventory"],
            };
        }
    }

    private static WorkflowLibrary? LibraryOf(string folder)
    {
        try
        {
            return WorkflowFiles.Load(folder);
        }
        catch (StartRefusedException)
        {
            return null;
        }
    }

    private static Inventory? InventoryOf(string? file)
    {
        try
        {
            return file is { Length: > 0 } ? InventoryFile.Read(Path.GetFullPath(file)) : null;
        }
        catch (StartRefusedException)
        {
            return null;
        }
    }

    private static DiscordOptions? DiscordOf(IConfiguration configuration)
    {
        var section = configuration.GetSection("ScyllaBot:Discord");
        try
        {
            if (!StartChecks.HasToken(section))
            {
                return null;
            }

            RealStart.RefuseOpenWire(section["ApiBase"]);
            var options = new DiscordOptions();
            section.Bind(options);
            options.Token = RealStart.TokenOf(section);
            return options;
        }
        catch (Exception unreadable) when (unreadable is StartRefusedException or InvalidOperationException)
        {
            return null;
        }
    }
}
