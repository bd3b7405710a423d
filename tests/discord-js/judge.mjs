// discord.js 14.28.1 as judge of the emulator: node judge.mjs http://127.0.0.1:PORT [--contract openapi.json]
// Prints one line per check; exit code 1 when any fails.
import { Client, GatewayIntentBits } from 'discord.js';
import { Checks } from './checks.mjs';
import { Human } from './human.mjs';
import { commands, interactions } from './interactions.mjs';
import { messages } from './messages.mjs';
import { ending, gateway } from './gateway.mjs';
import { contract } from './contract.mjs';

const [base, flag, description] = process.argv.slice(2);
if (!base) {
  console.error('usage: node judge.mjs http://127.0.0.1:PORT [--contract discord-openapi.json]');
  process.exit(2);
}

const checks = new Checks();
const human = await Human.meet(base);
const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages],
  rest: { api: `${base}/api`, version: '10' },
});
client.on('error', error => console.log(`client error: ${error.stack}`));
process.on('unhandledRejection', error => {
  console.log(`FAIL unhandled: ${error?.stack ?? error}`);
  process.exitCode = 1;
});

await commands(checks, client, human);
await interactions(checks, client, human);
await messages(checks, client, human);
await gateway(checks, client, human);
await ending(checks, client, human);
if (flag === '--contract') await contract(checks, human, description);
await client.destroy();
process.exit(checks.finish() || process.exitCode || 0);
