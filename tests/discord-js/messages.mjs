import {
  AttachmentBuilder, ButtonBuilder, ButtonStyle, ContainerBuilder, EmbedBuilder, MediaGalleryBuilder, MessageFlags, SectionBuilder, SeparatorBuilder,
  TextDisplayBuilder,
} from 'discord.js';
import { next, refused, same } from './checks.mjs';

// One white pixel.
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mP8DwAAAQEBABoBk/8AAAAASUVORK5CYII=', 'base64');

export async function messages(checks, client, human) {
  const channel = client.channels.cache.get(human.channel('staging'));
  const pingsOf = async message => (await human.messages(message.channelId, human.user('mara'))).find(each => each.id === message.id).pings;
  let card;

  await checks.run('posts once per nonce', async () => {
    card = await channel.send({ content: 'card', nonce: 'judge-1', enforceNonce: true });
    same((await channel.send({ content: 'card', nonce: 'judge-1', enforceNonce: true })).id, card.id, 'second post');
  });

  await checks.run('pings only who is named and allowed, and never by an edit', async () => {
    const content = `<@${human.user('mara')}> <@${human.user('jon')}> <@&${human.role('on-call')}> @everyone`;
    const silent = await channel.send({ content, allowedMentions: { parse: [] } });
    same((await pingsOf(silent)).length, 0, 'pings without permission');
    same(silent.mentions.users.size, 0, 'mentions without permission');
    const loud = await channel.send({ content, allowedMentions: { users: [human.user('mara')] } });
    same((await pingsOf(loud)).join(), human.user('mara'), 'pings');
    same(loud.mentions.everyone, false, 'everyone');
    await silent.edit({ content, allowedMentions: { parse: ['users', 'roles'] } });
    same((await pingsOf(silent)).length, 0, 'pings after an edit');
    await refused(channel.send({ content, allowedMentions: { parse: ['users'], users: [human.user('mara')] } }), 50035);
  });

  await checks.run('sends a picture in an embed by multipart', async () => {
    const embed = new EmbedBuilder().setTitle('timeline').setImage('attachment://timeline.png');
    const message = await channel.send({ embeds: [embed], files: [new AttachmentBuilder(PNG, { name: 'timeline.png', description: 'a pixel' })] });
    const picture = await fetch(message.embeds[0].image.url);
    same(Buffer.from(await picture.arrayBuffer()).equals(PNG), true, 'picture comes back');
    same(message.embeds[0].image.width, 1, 'width');
  });

  await checks.run('sends components of the second version', async () => {
    const text = content => new TextDisplayBuilder().setContent(content);
    const stop = new ButtonBuilder().setCustomId('judge:stop').setLabel('Stop').setStyle(ButtonStyle.Danger);
    const container = new ContainerBuilder().setAccentColor(0xff0000).addTextDisplayComponents(text('# hello'))
      .addSeparatorComponents(new SeparatorBuilder())
      .addSectionComponents(new SectionBuilder().addTextDisplayComponents(text('step')).setButtonAccessory(stop))
      .addMediaGalleryComponents(new MediaGalleryBuilder().addItems({ media: { url: 'attachment://timeline.png' } }));
    const files = [new AttachmentBuilder(PNG, { name: 'timeline.png' })];
    const message = await channel.send({ components: [container], files, flags: MessageFlags.IsComponentsV2 });
    same(message.components[0].components[0].content, '# hello', 'text');
    same(message.components[0].components[3].items[0].media.data.url.startsWith('http'), true, 'unfurled link');
    await refused(message.edit({ content: 'plain' }), 50035);
  });

  await checks.run('opens a thread on its message, writes, archives, and finds it archived', async () => {
    const created = next(client, 'threadCreate');
    const thread = await card.startThread({ name: 'log', autoArchiveDuration: 1440 });
    same(thread.id, card.id, 'thread id');
    same((await created).id, card.id, 'event');
    await thread.send('line');
    await refused(client.rest.post(`/channels/${card.channelId}/messages/${card.id}/threads`, { body: { name: 'again' } }), 160004);
    await thread.setArchived(true);
    same((await thread.fetch(true)).archived, true, 'archived');
  });

  await checks.run('makes and runs a webhook', async () => {
    const webhook = await channel.createWebhook({ name: 'pager' });
    const message = await webhook.send({ content: 'from afar', username: 'Pager' });
    same(message.author.username, 'Pager', 'author');
    same((await webhook.editMessage(message, 'nearer')).content, 'nearer', 'edited');
    await refused(channel.createWebhook({ name: 'my discord hook' }), 50035);
    await webhook.delete();
  });

  await checks.run('writes to a user directly, unless they refuse', async () => {
    const mara = await client.users.fetch(human.user('mara'));
    same((await mara.send('hello')).channel.isDMBased(), true, 'direct');
    await refused((await client.users.fetch(human.user('kim'))).send('hello'), 50007);
  });

  await checks.run('pins, lists, deletes, and hears that a message is unknown', async () => {
    await card.pin();
    same((await channel.messages.fetch({ limit: 100 })).has(card.id), true, 'listed');
    const gone = await client.channels.cache.get(human.channel('oncall')).send('gone');
    await gone.delete();
    await refused(gone.edit('back'), 10008);
  });

  await checks.run('is told which limits a message breaks', async () => {
    const error = await refused(channel.send({ content: 'x'.repeat(2001) }), 50035);
    same(error.rawError.errors.content._errors[0].code, 'BASE_TYPE_MAX_LENGTH', 'error');
  });
}
