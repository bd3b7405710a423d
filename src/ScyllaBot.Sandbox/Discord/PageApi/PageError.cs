using System.Text.Json.Nodes;

namespace ScyllaBot.Sandbox.Discord.PageApi;

/// <summary>What a human's client would refuse to send: 400, 403 or 404 with words for the human.</summary>
internal sealed class PageError(int status, string message, string? option = null) : Exception(message)
{
    public int Status { get; } = status;

    public JsonObject Json()
    {
        var json = new JsonObject { ["error"] = Message };
        if (option is not null)
        {
            json["option"] = option;
        }

        return json;
    }
}
