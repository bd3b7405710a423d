using ScyllaBot.Core.Control;

namespace ScyllaBot.Doctor;

/// <summary>The configuration: every key that means nothing, every value that is not allowed, and what does not go together.</summary>
internal sealed class SettingsCheck : IBotCheck
{
    private const string Where = "correct it in appsettings.json, or in the environment (ScyllaBot__Section__Key)";

    public string Id => "settings";

    public Task<IEnumerable<DoctorFinding>> LookAsync(DoctorCase @case, CancellationToken ct)
    {
        var found = @case.Unreadable.Select(u => DoctorFinding.Broken(Id, u, "correct the file: it must be JSON")).ToList();
        try
        {
            var (settings, wrong) = StartChecks.Read(@case.Configuration);
            found.AddRange(wrong.Select(w => DoctorFinding.Broken(Id, w.ErrorMessage ?? "a value is not allowed", Where)));
            StartChecks.Approvals(settings);
            if (!@case.IsSandbox)
            {
                found.AddRange(Place(@case, settings));
            }
        }
        catch (StartRefusedException refused)
        {
            found.Add(DoctorFinding.Broken(Id, refused.Message, Where));

            // One value of the wrong type hides what else is wrong; misspelt keys are seen without the values.
            found.AddRange(SettingNames.Unknown(@case.Configuration.GetSection("ScyllaBot")).Select(u => DoctorFinding.Broken(Id, u, Where)).Where(f => !found.Contains(f)));
        }

        return Task.FromResult<IEnumerable<DoctorFinding>>(found.Count > 0 ? found : [DoctorFinding.Ok(Id, "all keys are known, all values allowed")]);
    }

    /// <summary>Whether a real bot or the sandbox would start.</summary>
    private IEnumerable<DoctorFinding> Place(DoctorCase @case, HostSettings settings)
    {
        string? refusal = null;
        try
        {
            if (StartChecks.IsReal(new HostArguments(), settings, @case.Configuration))
            {
                yield break;
            }
        }
        catch (StartRefusedException refused)
        {
            refusal = refused.Message;
        }

        // What lacks is told by the check of what lacks; here stands only that nothing real is configured at all.
        if (refusal is null)
        {
            yield return DoctorFinding.Warning(
                Id, "neither an inventory nor a Discord token is configured: the bot would run in its own sandbox",
                "set ScyllaBot:Inventory to a file with your clusters (ScyllaBot inventory import writes one) and ScyllaBot:Discord:TokenFile to one with the token");
        }
    }
}
