// What the chosen user does: commands, presses, modals, plain text. Keeps track of the answers that are still due.

import { api } from './api.js';
import { toast } from './toast.js';

const DISCORD_EPOCH_MS = 1_420_070_400_000n;
const KEPT_STATES = 200;

export function createActions(state) {
  const pending = state.get('pending');
  // The stream may tell an interaction's state before the call that made it returns its id.
  const early = new Map();
  const origins = new Map();

  function track(id, origin) {
    if (!id) return;
    origins.set(id, origin);
    if (origins.size > KEPT_STATES) origins.delete(origins.keys().next().value);
    const known = early.get(id);
    early.delete(id);
    if (known) settle(id, known);
  }

  function settle(id, outcome) {
    const origin = origins.get(id);
    if (!origin) {
      early.set(id, outcome);
      if (early.size > KEPT_STATES) early.delete(early.keys().next().value);
      return;
    }
    if (outcome === 'sent') return;
    release(origin.mark);
    if (outcome === 'failed') fail(origin);
  }

  function fail(origin) {
    if (origin.message) {
      pending.set(`failed:${origin.message}`, true);
      state.touch('pending');
    } else {
      note(origin, 'The application did not respond.');
    }
  }

  // A line of the page itself, shown in the channel to this user only and gone with the next load of the page.
  function note(origin, text) {
    const chat = state.get('chat');
    const id = String((BigInt(Date.now()) - DISCORD_EPOCH_MS) << 22n);
    chat.upsert({
      id, channel_id: origin.channel, local: true, ephemeral: true, content: '', failure: text, timestamp: new Date().toISOString(),
      author: { id: state.get('world')?.bot_user_id ?? '0', username: 'ScyllaBot', bot: true },
    });
    state.touch('chat');
  }

  function hold(mark) {
    pending.set(mark, true);
    state.touch('pending');
  }

  function release(mark) {
    if (mark && pending.delete(mark)) state.touch('pending');
  }

  async function attempt(mark, work) {
    if (mark) hold(mark);
    try {
      return await work();
    } catch (error) {
      release(mark);
      toast(error.name === 'TimeoutError' ? 'The sandbox did not answer in time.' : error.message);
      return null;
    }
  }

  return {
    /** A state told by the stream: {id, state: 'sent|acked|failed'}. */
    interaction: ({ id, state: outcome }) => settle(id, outcome),
    origin: id => origins.get(id) ?? null,
    isPending: mark => pending.has(mark),
    hasFailed: message => pending.has(`failed:${message}`),

    async command(name, options) {
      const [user, channel] = [state.get('user'), state.get('channel')];
      const answer = await attempt(null, () => api.command(user, channel, name, options));
      if (answer) track(answer.interaction, { channel });
      return answer !== null;
    },

    async press(message, customId, values) {
      const [user, channel] = [state.get('user'), message.channel_id];
      const mark = `${message.id}/${customId}`;
      if (pending.has(mark)) return;
      pending.delete(`failed:${message.id}`);
      const body = { user, channel, message: message.id, custom_id: customId, ...(values ? { values } : {}) };
      const answer = await attempt(mark, () => api.press(body));
      if (answer) track(answer.interaction, { channel, message: message.id, mark });
    },

    async submitModal(modal, components) {
      const origin = origins.get(modal.interaction_id) ?? { channel: state.get('channel') };
      const body = { user: state.get('user'), channel: origin.channel, custom_id: modal.custom_id, components };
      if (origin.message) body.message = origin.message;
      const answer = await attempt(null, () => api.modal(body));
      if (answer) track(answer.interaction, { channel: origin.channel, message: origin.message });
      return answer !== null;
    },

    async say(content) {
      const [user, channel] = [state.get('user'), state.get('channel')];
      return await attempt(null, async () => (await api.say(user, channel, content)) ?? {}) !== null;
    },
  };
}
