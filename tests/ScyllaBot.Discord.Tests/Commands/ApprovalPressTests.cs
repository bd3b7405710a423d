using ScyllaBot.Discord.Commands;
using ScyllaBot.Discord.Tests.Support;

namespace ScyllaBot.Discord.Tests.Commands;

/// <summary>R16, R17: what the buttons of an approval open and what they send.</summary>
public sealed class ApprovalPressTests
{
    private static readonly string Job = FakeControl.KnownJob.Value;

    [Theory]
    [InlineData(ChoiceId.Confirm, "Type the cluster's name to approve")]
    [InlineData(ChoiceId.Glass, "Why alone? The owners are called.")]
    public void R17_what_asks_for_words_opens_a_form_first(string verb, string label)
    {
        var id = new ChoiceId(verb, FakeControl.KnownJob, "start").ToString();
        Assert.True(PressedButton.AsksText(id));
        var modal = PressedButton.TextModal(id);
        var input = modal["components"]![0]!["components"]![0]!;
        Assert.Equal((id, label), (modal["custom_id"]!.ToString(), input["label"]!.ToString()));
        Assert.InRange(input["label"]!.ToString().Length, 1, 45);
    }

    [Fact]
    public void R17_the_typed_name_and_R16_the_reason_reach_the_engine() => TestLoop.Run(async loop =>
    {
        var rig = new InteractionRig(loop);
        await rig.SubmitAsync(new ChoiceId(ChoiceId.Confirm, FakeControl.KnownJob, "start").ToString(), "messages-prd");
        await rig.SubmitAsync(new ChoiceId(ChoiceId.Glass, FakeControl.KnownJob, "start").ToString(), "it burns");
        await rig.PressAsync(new ChoiceId(ChoiceId.Approve, FakeControl.KnownJob, "1.3").ToString());
        Assert.Equal([$"decide {Job} start True messages-prd", $"glass {Job} start it burns", $"decide {Job} 1.3 True"], rig.Control.Asked);
    });
}
