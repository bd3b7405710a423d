namespace ScyllaBot.Observe;

/// <summary>Numbers that are looked up when somebody asks for the page.</summary>
internal interface IGauges
{
    Task WriteAsync(Exposition page, CancellationToken ct);
}
