using System.Text;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Chat;

/// <summary>
/// The pager's webhook (R7, R14): one POST that waits for its answer. A webhook can not be asked what it got, so what is not confirmed is sent
/// again and says that it may be a repeat.
/// </summary>
/// <param name="url">Where; the address itself is the secret.</param>
/// <param name="http">Real time, from here.</param>
public sealed class Pager(SecretRef url, IHttpExchange http)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <exception cref="RecoverableException">Not confirmed.</exception>
    public async Task SendAsync(string payload, string id, bool mayBeRepeated, CancellationToken ct)
    {
        try
        {
            var answer = await http.SendAsync(
                new HttpCall("POST", HttpCall.Hidden, Patience)
                {
                    SecretUri = url, MaxBytes = 64 * 1024, ContentType = "application/json",
                    Body = Encoding.UTF8.GetBytes(PagerMessage.Sent(payload, id, mayBeRepeated)), Headers = [new("Idempotency-Key", id)],
                },
                ct);
            if (answer.Status is < 200 or >= 300)
            {
                // Whatever it says: somebody will mend the webhook, and what happened must still be told then.
                throw new RecoverableException($"the pager ({url}) answered {answer.Status}");
            }
        }
        catch (ExchangeException broken)
        {
            throw new RecoverableException($"the pager ({url}): {broken.Message}", broken);
        }
    }
}
