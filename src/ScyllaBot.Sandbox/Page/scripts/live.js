// Server-sent events that come back by themselves, also after the sandbox was restarted.

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 4_000;

/** Opens a stream and keeps it open. onOpen is called after every (re)connect: the caller then reads the whole state again. */
export function openStream(url, kinds, { onEvent, onOpen, onDown }) {
  let source = null;
  let timer = null;
  let retryMs = FIRST_RETRY_MS;
  let closed = false;

  function connect() {
    source = new EventSource(url);
    source.onopen = () => {
      retryMs = FIRST_RETRY_MS;
      onOpen?.();
    };
    // EventSource gives up for good on some failures (a 502, a refused port after restart), so the retry is ours.
    source.onerror = () => {
      source.close();
      if (closed) return;
      onDown?.();
      timer = setTimeout(connect, retryMs);
      retryMs = Math.min(LAST_RETRY_MS, retryMs * 2);
    };
    for (const kind of kinds) source.addEventListener(kind, event => deliver(kind, event.data));
  }

  function deliver(kind, text) {
    let data;
    try {
      data = JSON.parse(text);
    } catch {
      return;
    }
    onEvent(kind, data);
  }

  connect();
  return {
    close() {
      closed = true;
      clearTimeout(timer);
      source?.close();
    },
  };
}

/**
 * One stream for all tabs of this browser: HTTP/1.1 allows six connections a host, and a demo with a window per user would use
 * them up. The tab that holds the lock reads the stream and passes the events on; when it closes, another takes over.
 */
export function openSharedStream(name, url, kinds, handlers) {
  if (!navigator.locks || typeof BroadcastChannel !== 'function') {
    openStream(url, kinds, handlers);
    return;
  }
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }) => {
    if (data.open) handlers.onOpen?.();
    else if (data.down) handlers.onDown?.();
    else handlers.onEvent(data.kind, data.data);
  };
  navigator.locks.request(name, () => new Promise(() => {
    openStream(url, kinds, {
      onOpen: () => {
        channel.postMessage({ open: true });
        handlers.onOpen?.();
      },
      onDown: () => {
        channel.postMessage({ down: true });
        handlers.onDown?.();
      },
      onEvent: (kind, data) => {
        channel.postMessage({ kind, data });
        handlers.onEvent(kind, data);
      },
    });
  }));
}
