// How Discord writes a time: <t:unix:style>.

const UNITS = [['year', 31_536_000], ['month', 2_592_000], ['day', 86_400], ['hour', 3_600], ['minute', 60], ['second', 1]];
const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'always' });
const STYLES = {
  t: { hour: '2-digit', minute: '2-digit' },
  T: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  d: { day: '2-digit', month: '2-digit', year: 'numeric' },
  D: { day: 'numeric', month: 'long', year: 'numeric' },
  f: { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' },
  F: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' },
};

/** "in 5 minutes", "2 hours ago": whole units, rounded towards zero. */
export function relative(unixSeconds, nowMs) {
  const seconds = Math.trunc(unixSeconds - nowMs / 1000);
  const [unit, size] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? UNITS.at(-1);
  return seconds === 0 ? 'now' : RELATIVE.format(Math.trunc(seconds / size), unit);
}

/** A point in time in one of Discord's styles (t T d D f F R), in the browser's zone unless one is named. */
export function formatTime(unixSeconds, style, nowMs, timeZone) {
  if (style === 'R') return relative(unixSeconds, nowMs);
  return new Intl.DateTimeFormat('en-GB', { ...(STYLES[style] ?? STYLES.f), hour12: false, timeZone }).format(unixSeconds * 1000);
}

/** A message's own time, as the chat shows it beside the author. */
export function stamp(iso, nowMs = Date.now()) {
  const at = Date.parse(iso);
  if (!Number.isFinite(at)) return '';
  const sameDay = new Date(at).toDateString() === new Date(nowMs).toDateString();
  return sameDay ? `Today at ${formatTime(at / 1000, 't')}` : `${formatTime(at / 1000, 'd')} ${formatTime(at / 1000, 't')}`;
}

/** Redraws every relative time on the page; the clusters' clock runs fast, so this is called twice a second. */
export function refreshTimes(root, nowMs) {
  for (const node of root.querySelectorAll('time[data-unix][data-style="R"]')) {
    const text = relative(Number(node.dataset.unix), nowMs);
    if (node.textContent !== text) node.textContent = text;
  }
}
