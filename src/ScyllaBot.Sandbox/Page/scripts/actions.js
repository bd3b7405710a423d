// What the chosen user does: commands, presses, modals, plain text. Keeps track of the answers that are still due.

import { api } from './api.js';
import { toast } from './toast.js';

const KEPT_STATES = 200;
// Discord decides after 3 s; a button whose answer was lost with the stream must not wait for ever.
const HELD_MS = 5_000;

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
    // What failed is told by the message itself (interaction_failed); here only the button comes back.
    if (outcome !== 'sent') release(origin.mark);
  }

  function hold(mark) {
    pending.set(mark, true);
    state.touch('pending');
    setTimeout(() => release(mark), HELD_MS);
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
    isPending: mark => pending.has(mark),

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
      const body = { user, channel, message: message.id, custom_id: customId, ...(values ? { values } : {}) };
      const answer = await attempt(mark, () => api.press(body));
      if (answer) track(answer.interaction, { channel, message: message.id, mark });
    },

    async submitModal(modal, components) {
      const origin = origins.get(modal.interaction_id)
        ?? { channel: modal.channel_id ?? state.get('channel'), message: modal.message_id };
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
