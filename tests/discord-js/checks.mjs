// A list of named checks that run one after another, one line each.

export class Checks {
  #failed = 0;
  #done = 0;

  async run(name, body) {
    let timer;
    const tooLong = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error('took longer than 20 s')), 20_000); });
    try {
      await Promise.race([body(), tooLong]);
      console.log(`ok   ${name}`);
    } catch (error) {
      this.#failed++;
      console.log(`FAIL ${name}: ${error?.stack ?? error}`);
    } finally {
      clearTimeout(timer);
      this.#done++;
    }
  }

  finish() {
    console.log(`${this.#done - this.#failed} of ${this.#done} checks passed`);
    return this.#failed === 0 ? 0 : 1;
  }
}

export function same(actual, expected, what) {
  if (actual !== expected) throw new Error(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
}

export async function refused(promise, code) {
  const error = await promise.then(() => null, caught => caught);
  if (error === null) throw new Error(`expected code ${code}, but the call succeeded`);
  same(error.code, code, `code of "${error.message}"`);
  return error;
}

/** Resolves with the first event that fits; the listener is in place when this returns. */
export function next(emitter, event, fits = () => true) {
  return new Promise(resolve => {
    const listen = (...values) => {
      if (!fits(...values)) return;
      emitter.off(event, listen);
      resolve(values[0]);
    };
    emitter.on(event, listen);
  });
}
