// What the chosen user knows of the chat: messages by channel, what was read, what pinged. No DOM.

import { isThread } from './threads.js';

const MAX_KEPT = 300;

/** Orders ids as numbers: longer is later, equal lengths compare as text. */
export function compareIds(a, b) {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

// Text, direct, announcement, and threads; a category (4) holds no messages.
const WITH_MESSAGES = [0, 1, 5];

/** Whether the user may read the channel. Direct messages are their own human's only; the world names them "@name". */
export function isVisible(channel, world, user) {
  if (!WITH_MESSAGES.includes(channel.type) && !isThread(channel)) return false;
  return channel.type !== 1 || channel.name === `@${world.users.find(each => each.id === user)?.name}`;
}

export class Chat {
  #channels = new Map();
  #reads;
  #dismissed = new Set();

  /** reads: Map(channel id → newest read message id), owned by the caller so that it survives a change of user. */
  constructor(user, reads) {
    this.user = user;
    this.#reads = reads;
  }

  /** Takes a full answer of GET /page-api/messages in any order. */
  load(channel, messages) {
    this.#channels.set(channel, new Map(messages.map(each => [each.id, each])));
  }

  upsert(message) {
    const all = this.#of(message.channel_id);
    all.set(message.id, message);
    if (all.size > MAX_KEPT) all.delete(this.list(message.channel_id)[0]?.id);
  }

  remove(channel, id) {
    this.#of(channel).delete(id);
  }

  dismiss(id) {
    this.#dismissed.add(id);
  }

  /** A channel's messages, oldest first, without those dismissed. */
  list(channel) {
    return [...this.#of(channel).values()]
      .filter(each => !this.#dismissed.has(each.id))
      .sort((a, b) => compareIds(a.id, b.id));
  }

  /** Everything in the channel counts as read. */
  markRead(channel) {
    const newest = this.list(channel).at(-1);
    if (newest && compareIds(newest.id, this.#reads.get(channel) ?? '0') > 0) this.#reads.set(channel, newest.id);
  }

  /** {unread, pings}: messages of others after the last read one, and how many of them notified the user. */
  badge(channel) {
    const read = this.#reads.get(channel) ?? '0';
    const fresh = this.list(channel).filter(each => compareIds(each.id, read) > 0 && each.author?.id !== this.user);
    return { unread: fresh.length, pings: fresh.filter(each => each.pings?.includes(this.user)).length };
  }

  #of(channel) {
    let found = this.#channels.get(channel);
    if (!found) this.#channels.set(channel, found = new Map());
    return found;
  }
}
