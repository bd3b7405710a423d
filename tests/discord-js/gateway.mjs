import { Client, GatewayIntentBits } from 'discord.js';
import { next, refused, same } from './checks.mjs';

export async function gateway(checks, client, human) {
  /** The bot still hears commands: sends one and answers it. */
  const alive = async () => {
    const coming = next(client, 'interactionCreate');
    await human.command([{ type: 2, name: 'deep', options: [{ type: 1, name: 'down' }] }]);
    await (await coming).reply('alive');
  };

  for (const [name, fault] of [
    ['resumes after its connection was cut', ['drop']],
    ['resumes when told to reconnect', ['reconnect']],
    ['resumes after op 9 true', ['invalid-session-resumable']],
    ['resumes after close 4000', ['close', { code: 4000 }]],
  ]) {
    await checks.run(name, async () => {
      const resumed = next(client, 'shardResume');
      await human.fault(...fault);
      await resumed;
      await alive();
    });
  }

  await checks.run('gets what it missed while it was away', async () => {
    const resumed = next(client, 'shardResume');
    const coming = next(client, 'interactionCreate');
    await human.fault('drop');
    await human.command([{ type: 2, name: 'deep', options: [{ type: 1, name: 'down' }] }]);
    await Promise.all([resumed, coming.then(interaction => interaction.reply('replayed'))]);
  });

  await checks.run('starts a new session after op 9 false', async () => {
    const ready = next(client, 'shardReady');
    await human.fault('invalid-session');
    await ready;
    await alive();
  });

  await checks.run('gets the same interaction twice when told so', async () => {
    const seen = [];
    const count = interaction => seen.push(interaction.id);
    client.on('interactionCreate', count);
    await human.fault('duplicate-next');
    await alive();
    await alive();
    client.off('interactionCreate', count);
    same(seen.length, 3, 'deliveries');
    same(seen[0], seen[1], 'duplicate');
  });

  const { entries } = await human.traffic();
  const interval = entries.findLast(entry => entry.kind === 'gateway' && entry.body?.op === 10).body.d.heartbeat_interval;
  if (interval <= 5_000) {
    await checks.run('notices that heartbeats stay without an answer, and resumes', async () => {
      const resumed = next(client, 'shardResume');
      await human.fault('mute');
      await resumed;
      await alive();
    });
  } else {
    console.log('skip unanswered heartbeats: the interval is too long to wait for');
  }

  await checks.run('waits out a 429 and succeeds', async () => {
    const before = (await human.traffic()).next;
    await human.fault('rate-limit', { seconds: 0.3, path: '/messages', method: 'POST' });
    await client.channels.cache.get(human.channel('oncall')).send('patient');
    const posts = (await human.traffic(before)).entries.filter(entry => entry.kind === 'rest' && entry.method === 'POST' && entry.path.endsWith('/messages'));
    same(posts.map(entry => entry.status).join(), '429,200', 'statuses');
  });

  await checks.run('tries again after a 500', async () => {
    await human.fault('rest-500', { path: '/messages', method: 'POST' });
    await client.channels.cache.get(human.channel('oncall')).send('stubborn');
  });

  await checks.run('sees nothing of 204 answers but their emptiness', async () => {
    await client.channels.cache.get(human.channel('oncall')).sendTyping();
  });

  await checks.run('is refused with a wrong token', async () => {
    const stranger = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api: `${human.base}/api`, version: '10' } });
    await refused(stranger.login('stolen.token.1'), 'TokenInvalid');
  });
}

/** Ends the client: run it last. */
export async function ending(checks, client, human) {
  await checks.run('stops for good after close 4004', async () => {
    const stopped = next(client, 'shardDisconnect');
    await human.fault('close', { code: 4004 });
    same((await stopped).code, 4004, 'close code');
  });
}
