using Microsoft.Extensions.Configuration;
using ScyllaBot.Core.Control;
using ScyllaBot.Doctor;
using ScyllaBot.Testing;

namespace ScyllaBot.Tests.Doctor;

/// <summary>The doctor within a bot: whoever may read may ask it.</summary>
public sealed class RunningDoctorTests
{
    private readonly ManualTime _time = new();
    private readonly List<string?> _looks = [];
    private readonly TaskCompletionSource<DoctorReport> _report = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _begun = new(0);

    [Fact]
    public async Task It_looks_once_at_a_time_and_whoever_asks_for_the_same_hears_the_same()
    {
        using var doctor = Doctor();
        using var hangsUp = new CancellationTokenSource();
        var first = doctor.LookAsync(null, hangsUp.Token);
        await _begun.WaitAsync();
        var second = doctor.LookAsync(null, default);
        var other = Assert.IsType<Problem>(await doctor.LookAsync("messages-prd", default));
        Assert.Equal((409, Problems.Refused), (other.Status, other.Type));
        Assert.Contains("ask again in a moment", other.Detail, StringComparison.Ordinal);

        // Whoever hangs up takes it from nobody else.
        await hangsUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        _report.SetResult(new DoctorReport([DoctorFinding.Ok("settings", "well")]));
        Assert.Equal("well", Assert.Single(Assert.IsType<DoctorReport>(await second).Findings).Seen);
        Assert.Equal([null], _looks);

        // The next one looks anew.
        Assert.IsType<DoctorReport>(await doctor.LookAsync("messages-prd", default));
        Assert.Equal([null, "messages-prd"], _looks);
    }

    [Fact]
    public async Task It_ends_within_its_time_and_says_what_to_do()
    {
        using var doctor = Doctor();
        var asked = doctor.LookAsync(null, default);
        await _begun.WaitAsync();
        _time.Advance(RunningDoctor.Limit);
        var late = Assert.IsType<Problem>(await asked);
        Assert.Contains("ask for one cluster", late.Detail, StringComparison.Ordinal);
        Assert.Equal(409, late.Status);
    }

    [Fact]
    public async Task It_tells_no_secret_that_a_check_might_quote()
    {
        const string Token = "MTEwMDAwMDAwMDAwMDAwMDAx.secret-of-the-bot";
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("ScyllaBot:Discord:Token", Token)]).Build();
        _report.SetResult(new DoctorReport([DoctorFinding.Broken("odd", $"refused: Bot {Token}", $"look at http://ops:hunter22@prometheus and {Token}")]));
        using var doctor = Doctor(LogSecrets.Of(configuration).Without);
        var told = Assert.Single(Assert.IsType<DoctorReport>(await doctor.LookAsync(null, default)).Findings);
        Assert.Equal(("refused: Bot [hidden]", "look at http://ops:[hidden]@prometheus and [hidden]"), (told.Seen, told.Remedy));
    }

    private RunningDoctor Doctor(Func<string, string>? hide = null) => new(
        (cluster, _) =>
        {
            _looks.Add(cluster);
            _begun.Release();
            return _report.Task;
        },
        hide ?? (text => text), _time);
}
