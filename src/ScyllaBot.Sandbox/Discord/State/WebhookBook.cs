using System.Security.Cryptography;

namespace ScyllaBot.Sandbox.Discord.State;

/// <summary>Incoming webhooks, at most 15 per channel (30007).</summary>
internal sealed class WebhookBook(Snowflakes ids)
{
    public const int PerChannel = 15;

    private readonly Dictionary<ulong, Webhook> _byId = [];

    public IEnumerable<Webhook> In(ulong channel) => _byId.Values.Where(webhook => webhook.Channel == channel);

    public Webhook? Find(ulong id) => _byId.GetValueOrDefault(id);

    public Webhook Add(ulong channel, string name)
    {
        var webhook = new Webhook(ids.Next(), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(34)), channel, name);
        _byId.Add(webhook.Id, webhook);
        return webhook;
    }

    public bool Remove(ulong id) => _byId.Remove(id);
}
