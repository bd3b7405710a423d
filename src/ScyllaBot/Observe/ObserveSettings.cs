using System.ComponentModel.DataAnnotations;
using System.Net;

namespace ScyllaBot.Observe;

/// <summary>Section <c>ScyllaBot:Observe</c>: who may look from outside. On the control endpoint's socket the pages are always there.</summary>
internal sealed record ObserveSettings : IValidatableObject
{
    /// <summary>Address and port of the pages, such as <c>127.0.0.1:9410</c>; a port alone means loopback. Null: none.</summary>
    public string? Listen { get; init; }

    /// <summary>Where traces go by OTLP over HTTP, such as <c>http://127.0.0.1:4318</c>. Null: nowhere.</summary>
    public string? Otlp { get; init; }

    public IPEndPoint? Address => Listen is not { Length: > 0 } text ? null
        : ushort.TryParse(text, out var port) ? new IPEndPoint(IPAddress.Loopback, port)
        : IPEndPoint.TryParse(text, out var endpoint) && text.Contains(':', StringComparison.Ordinal) ? endpoint : null;

    public Uri? Collector => Otlp is { Length: > 0 } text && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 ? uri : null;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Listen is { Length: > 0 } && Address is null)
        {
            yield return new ValidationResult("Observe:Listen must be an IP address with a port, such as 127.0.0.1:9410, or a port alone");
        }

        if (Otlp is { Length: > 0 } && Collector is null)
        {
            yield return new ValidationResult("Observe:Otlp must be an http or https address without a password in it, such as http://127.0.0.1:4318");
        }
    }
}
