import {
  ActionRowBuilder, ButtonBuilder, ButtonStyle, EmbedBuilder, MessageFlags, ModalBuilder, StringSelectMenuBuilder, TextInputBuilder, TextInputStyle,
} from 'discord.js';
import { next, refused, same } from './checks.mjs';

const SLOW = { name: 'late', description: 'answers too late', type: 1 };
const COMMAND = {
  name: 'judge',
  description: 'what a judge asks',
  contexts: [0],
  options: [
    { type: 1, name: 'run', description: 'runs', options: [
      { type: 3, name: 'cluster', description: 'which', required: true, autocomplete: true },
      { type: 4, name: 'zones', description: 'how many', min_value: 1, max_value: 3 },
      { type: 6, name: 'who', description: 'whom' },
    ] },
    { type: 2, name: 'deep', description: 'a group', options: [{ type: 1, name: 'down', description: 'below', options: [] }] },
    SLOW,
  ],
};

export async function commands(checks, client, human) {
  await checks.run('logs in and finds its guild with four text channels', async () => {
    const ready = next(client, 'clientReady');
    await client.login('sandbox.token.1');
    await ready;
    const guild = client.guilds.cache.get(human.world.guild.id);
    same(client.user.id, human.world.bot_user_id, 'own user');
    same(guild.available, true, 'guild available');
    same([...guild.channels.cache.values()].filter(channel => channel.type === 0).length, 4, 'text channels');
    same(guild.members.me.permissions.has('ManageThreads'), true, 'own permissions');
  });
  await checks.run('registers guild commands and reads them back', async () => {
    const guild = client.guilds.cache.get(human.world.guild.id);
    const set = await guild.commands.set([COMMAND]);
    same(set.size, 1, 'commands');
    const again = await guild.commands.set([COMMAND]);
    same(again.first().id, set.first().id, 'identity over a second PUT');
    same((await guild.commands.fetch()).first().options[0].options[1].maxValue, 3, 'max_value');
  });
  await checks.run('is told in a tree what is wrong with a command', async () => {
    const bad = { name: 'Bad Name', description: '' };
    const error = await refused(client.guilds.cache.get(human.world.guild.id).commands.set([bad]), 50035);
    same(Array.isArray(error.rawError.errors['0'].name._errors), true, 'errors of 0.name');
  });
}

const row = (...buttons) => new ActionRowBuilder().addComponents(buttons);
const button = (id, label) => new ButtonBuilder().setCustomId(id).setLabel(label).setStyle(ButtonStyle.Primary);
const runOptions = [{ type: 1, name: 'run', options: [{ type: 3, name: 'cluster', value: 'messages-stg' }, { type: 4, name: 'zones', value: 2 }] }];

export async function interactions(checks, client, human) {
  const asked = (fits = () => true) => next(client, 'interactionCreate', fits);
  let card;

  await checks.run('gets a subcommand with its member, defers, edits and follows up', async () => {
    const coming = asked();
    await human.command([{ ...runOptions[0], options: [...runOptions[0].options, { type: 6, name: 'who', value: human.user('jon') }] }]);
    const interaction = await coming;
    same(interaction.options.getSubcommand(), 'run', 'subcommand');
    same(interaction.options.getInteger('zones'), 2, 'zones');
    same(interaction.options.getMember('who').roles.cache.has(human.role('approver')), true, 'resolved member');
    same(interaction.member.roles.cache.has(human.role('operator')), true, 'role of the asker');
    same(interaction.memberPermissions.has('SendMessages'), true, 'permissions of the asker');
    same(interaction.channel.name, 'ops', 'channel');
    await interaction.deferReply();
    const embed = new EmbedBuilder().setTitle('card').addFields({ name: 'zone', value: 'b' });
    card = await interaction.editReply({ content: 'working', embeds: [embed], components: [row(button('judge:press', 'Press'), button('judge:modal', 'Ask'))] });
    same(card.flags.has(MessageFlags.Loading), false, 'loading');
    same(card.embeds[0].fields[0].value, 'b', 'field');
    const followed = await interaction.followUp({ content: 'and more' });
    same((await interaction.fetchReply()).id, card.id, 'original');
    await followed.edit('and less').catch(error => { throw error; });
    const secret = await interaction.followUp({ content: 'psst', flags: MessageFlags.Ephemeral });
    same(secret.flags.has(MessageFlags.Ephemeral), true, 'ephemeral');
    const seen = async user => (await human.messages(human.channel('ops'), human.user(user))).some(message => message.id === secret.id);
    same(await seen('mara'), true, 'seen by the asker');
    same(await seen('jon'), false, 'seen by another');
    await interaction.deleteReply(followed);
  });

  await checks.run('gets a subcommand inside a group and answers at once with the message', async () => {
    const coming = asked();
    await human.command([{ type: 2, name: 'deep', options: [{ type: 1, name: 'down' }] }]);
    const interaction = await coming;
    same(interaction.options.getSubcommandGroup(), 'deep', 'group');
    const response = await interaction.reply({ content: 'here', withResponse: true });
    same(response.resource.message.content, 'here', 'message of the response');
    await refused(client.rest.post(`/interactions/${interaction.id}/${interaction.token}/callback`, { auth: false, body: { type: 5 } }), 40060);
  });

  await checks.run('updates the pressed message', async () => {
    const coming = asked();
    await human.press(card, 'judge:press', { user: 'jon' });
    const interaction = await coming;
    same(interaction.isButton(), true, 'button');
    same(interaction.message.id, card.id, 'message');
    await interaction.update({ content: 'pressed' });
    same((await card.fetch()).content, 'pressed', 'content');
  });

  await checks.run('defers a press silently and edits later', async () => {
    const coming = asked();
    await human.press(card, 'judge:press');
    const interaction = await coming;
    await interaction.deferUpdate();
    same((await interaction.editReply('pressed again')).id, card.id, 'edited message');
  });

  await checks.run('opens a modal and gets what was typed', async () => {
    const coming = asked();
    await human.press(card, 'judge:modal');
    const interaction = await coming;
    const reason = new TextInputBuilder().setCustomId('reason').setLabel('Reason').setStyle(TextInputStyle.Paragraph).setMinLength(3);
    await interaction.showModal(new ModalBuilder().setCustomId('judge:why').setTitle('Why').addComponents(new ActionRowBuilder().addComponents(reason)));
    const submitted = asked(each => each.isModalSubmit());
    await human.post('modal', {
      user: human.user('mara'), channel: card.channelId, custom_id: 'judge:why', message: card.id,
      components: [{ type: 1, components: [{ type: 4, custom_id: 'reason', value: 'because' }] }],
    });
    const submit = await submitted;
    same(submit.fields.getTextInputValue('reason'), 'because', 'typed text');
    same(submit.isFromMessage(), true, 'from a message');
    await submit.reply({ content: 'noted', flags: MessageFlags.Ephemeral });
  });

  await checks.run('answers autocomplete', async () => {
    const coming = asked();
    const answer = human.post('autocomplete', {
      user: human.user('mara'), channel: human.channel('ops'), name: 'judge',
      options: [{ type: 1, name: 'run', options: [{ type: 3, name: 'cluster', value: 'mes', focused: true }] }],
    });
    const interaction = await coming;
    same(interaction.options.getFocused(), 'mes', 'focused');
    await interaction.respond([{ name: 'messages-stg', value: 'messages-stg' }]);
    same((await answer).choices[0].value, 'messages-stg', 'choice');
  });

  await checks.run('gets the values of a select menu', async () => {
    const menu = new StringSelectMenuBuilder().setCustomId('judge:menu').addOptions({ label: 'B', value: 'b' }, { label: 'C', value: 'c' });
    const message = await client.channels.cache.get(human.channel('ops')).send({ content: 'choose', components: [new ActionRowBuilder().addComponents(menu)] });
    const coming = asked();
    await human.press(message, 'judge:menu', { values: ['c'] });
    const interaction = await coming;
    same(interaction.values.join(), 'c', 'values');
    await interaction.reply('c it is');
  });

  await checks.run('is refused after three seconds (10062)', async () => {
    const coming = asked();
    await human.command([{ type: 1, name: 'late' }]);
    const interaction = await coming;
    await new Promise(resolve => setTimeout(resolve, 3_300));
    await refused(interaction.reply('too late'), 10062);
    const seen = await human.messages(human.channel('ops'), human.user('mara'));
    same(seen.at(-1).interaction_failed, true, 'shown as failed');
  });
}
