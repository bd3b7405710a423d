// The virtual clock of the clusters: virtual = anchor + (real now - real anchor) x factor.

export class VirtualClock {
  #real = 0;
  #virtual = 0;
  #factor = 1;
  #known = false;

  /** Takes the body of GET /sandbox/clock. */
  set({ real, virtual, factor }) {
    const [realMs, virtualMs] = [Date.parse(real), Date.parse(virtual)];
    if (!Number.isFinite(realMs) || !Number.isFinite(virtualMs) || !Number.isFinite(factor)) return;
    [this.#real, this.#virtual, this.#factor, this.#known] = [realMs, virtualMs, factor, true];
  }

  get known() {
    return this.#known;
  }

  get factor() {
    return this.#factor;
  }

  /** Virtual milliseconds since 1970; the real time while no anchor is known. */
  now(realNow = Date.now()) {
    return this.#known ? this.#virtual + (realNow - this.#real) * this.#factor : realNow;
  }
}
