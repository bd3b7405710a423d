using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ScyllaBot.Sandbox.Discord.Rest.Rules;
using ScyllaBot.Sandbox.Discord.State;

namespace ScyllaBot.Sandbox.Discord.Rest;

/// <summary>
/// A request's JSON and files, from application/json, multipart/form-data or a URL-encoded form (docs: Reference, HTTP API).
/// </summary>
internal sealed record RequestBody(JsonNode? Json, IReadOnlyList<UploadedFile> Files, string? Text)
{
    /// <summary>Discord takes requests up to 25 MiB; what is above is read no further.</summary>
    private const long MaxBytes = 26L * 1024 * 1024;

    private const int MaxFiles = 10;

    public static RequestBody Empty { get; } = new(null, [], null);

    public static async Task<RequestBody> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        if (request.ContentLength is 0 || (request.ContentLength is null && !request.Headers.ContainsKey("Transfer-Encoding")))
        {
            return Empty;
        }

        if (request.ContentLength > MaxBytes)
        {
            throw ApiError.TooLarge();
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = MaxBytes;
        }

        try
        {
            return request.ContentType?.Split(';')[0].Trim().ToLowerInvariant() switch
            {
                "application/json" => await ReadJsonAsync(request, ct),
                "multipart/form-data" => await ReadMultipartAsync(request, ct),
                "application/x-www-form-urlencoded" => await ReadFormAsync(request, ct),
                _ => throw new FormErrors()
                    .Add(
                        "",
                        "CONTENT_TYPE_INVALID",
                        "Expected \"Content-Type\" header to be one of {'application/json', "
                            + "'application/x-www-form-urlencoded', 'multipart/form-data'}."
                    )
                    .Error(),
            };
        }
        catch (BadHttpRequestException tooBig) when (tooBig.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw ApiError.TooLarge();
        }
        catch (InvalidDataException)
        {
            throw ApiError.TooLarge();
        }
    }

    private static async Task<RequestBody> ReadJsonAsync(HttpRequest request, CancellationToken ct)
    {
        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes, ct);
        return new RequestBody(
            Parse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)),
            [],
            System.Text.Encoding.UTF8.GetString(bytes.ToArray())
        );
    }

    private static JsonNode? Parse(ReadOnlySpan<byte> utf8) =>
        JsonReading.TryParse(utf8, out var valid) is var node && valid ? node : throw ApiError.NotJson();

    private static async Task<RequestBody> ReadMultipartAsync(HttpRequest request, CancellationToken ct)
    {
        var form = await request.ReadFormAsync(
            new FormOptions { MultipartBodyLengthLimit = MaxBytes, ValueLengthLimit = 4 * 1024 * 1024 },
            ct
        );
        var json = form.TryGetValue("payload_json", out var payload)
            ? Parse(System.Text.Encoding.UTF8.GetBytes(payload.ToString()))
            : Fields(form);
        var files = new List<UploadedFile>();
        foreach (var part in form.Files.Take(MaxFiles + 1))
        {
            using var bytes = new MemoryStream((int)part.Length);
            await part.CopyToAsync(bytes, ct);
            files.Add(
                new UploadedFile(
                    Index(part.Name, files.Count),
                    part.FileName,
                    part.ContentType ?? "application/octet-stream",
                    bytes.ToArray()
                )
            );
        }

        var names = string.Concat(files.Select(file => $" [{file.Filename} {file.Bytes.Length} bytes]"));
        return new RequestBody(json, files, files.Count == 0 ? json?.Print() : json?.Print() + names);
    }

    private static async Task<RequestBody> ReadFormAsync(HttpRequest request, CancellationToken ct)
    {
        var fields = Fields(await request.ReadFormAsync(ct));
        return new RequestBody(fields, [], fields.Print());
    }

    private static JsonObject Fields(IFormCollection form)
    {
        var fields = new JsonObject();
        foreach (var (key, value) in form)
        {
            fields[key] = value.ToString();
        }

        return fields;
    }

    /// <summary>files[n] → n; an older client's "file" counts up.</summary>
    private static int Index(string name, int otherwise) =>
        name.StartsWith("files[", StringComparison.Ordinal)
        && name.EndsWith(']')
        && int.TryParse(name.AsSpan(6, name.Length - 7), out var index)
            ? index
            : otherwise;
}
