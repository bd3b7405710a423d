// The human's side of the emulator: /page-api.

export class Human {
  constructor(base, world) {
    this.base = base;
    this.world = world;
  }

  static async meet(base) {
    return new Human(base, await (await fetch(`${base}/page-api/world`)).json());
  }

  user(name) {
    return this.world.users.find(each => each.name === name).id;
  }

  channel(name) {
    return this.world.channels.find(each => each.name === name).id;
  }

  role(name) {
    return this.world.roles.find(each => each.name === name).id;
  }

  async post(path, body) {
    const response = await fetch(`${this.base}/page-api/${path}`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  }

  async messages(channel, user) {
    return (await fetch(`${this.base}/page-api/messages?channel=${channel}&user=${user}`)).json();
  }

  async traffic(after = 0) {
    return (await fetch(`${this.base}/page-api/traffic?after=${after}`)).json();
  }

  command(options, { user = 'mara', channel = 'ops', name = 'judge' } = {}) {
    return this.post('command', { user: this.user(user), channel: this.channel(channel), name, options });
  }

  press(message, customId, { user = 'mara', values } = {}) {
    return this.post('press', { user: this.user(user), channel: message.channelId, message: message.id, custom_id: customId, values });
  }

  fault(kind, more = {}) {
    return this.post('faults', { kind, ...more });
  }
}
