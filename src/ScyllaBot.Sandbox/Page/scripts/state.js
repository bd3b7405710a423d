// One small observable store. Views name the keys they draw; several changes in one turn cause one redraw.

export function createState(initial) {
  const values = { ...initial };
  const views = [];
  let dirty = new Set();

  function flush() {
    const changed = dirty;
    dirty = new Set();
    for (const view of views) {
      if (view.keys.some(key => changed.has(key))) view.draw();
    }
  }

  function touch(key) {
    if (dirty.size === 0) queueMicrotask(flush);
    dirty.add(key);
  }

  return {
    get: key => values[key],
    set(key, value) {
      values[key] = value;
      touch(key);
    },
    /** Says that the object behind a key was changed in place. */
    touch,
    /** Draws now and again whenever one of the keys changes. */
    on(keys, draw) {
      views.push({ keys, draw });
      draw();
    },
  };
}

/** The page's whole state at start. Ids are strings (snowflakes do not fit a double). */
export function initialState() {
  return {
    world: null,
    user: null,
    channel: null,
    chat: null,
    pending: new Map(),
    chatUp: false,
    sandboxUp: false,
    clock: null,
    clusters: [],
    cluster: null,
    verdicts: new Map(),
    effects: new Map(),
    faults: [],
  };
}
