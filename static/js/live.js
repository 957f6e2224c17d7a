// Live updates: one stream a browser. The tab that holds the lock listens and tells the others.
// Each page hears the event "tandem:live" at window: {name: "change", kind, about, number, event},
// {name: "inbox"}, or {name: "resync"} when it must look for itself whether it still shows the truth.
const SILENT_MS = 20000;
const TICK_MS = 5000;
const POLL_MS = 15000;
const MOST_WAIT_MS = 60000;

const mark = document.getElementById("live");
const person = document.body.dataset.author;
const name = `tandem-live-${person}`;
const tabs = "BroadcastChannel" in window ? new BroadcastChannel(name) : null;

let lastWord = Date.now();
let lastTick = Date.now();
let lastPoll = 0;
let failures = 0;
let ended = false;
let release = null;
let source = null;

function hear(message) {
  if (message.name !== "silence") lastWord = Date.now();
  if (message.name === "bye") ended = true;
  show();
  if (["beat", "bye", "silence"].includes(message.name)) return;
  dispatchEvent(new CustomEvent("tandem:live", { detail: message }));
}

function tell(message) {
  tabs?.postMessage(message);
  hear(message);
}
tabs?.addEventListener("message", ({ data }) => hear(data));

// Not all at the same moment: a server that comes back is not run over.
const resync = () => setTimeout(() => tell({ name: "resync" }), Math.random() * 1500);

function connect() {
  source = new EventSource("/live/");
  source.addEventListener("hello", () => {
    if (failures) resync();
    failures = 0;
    document.documentElement.dataset.stream = "here";
    tell({ name: "beat" });
  });
  source.addEventListener("beat", () => tell({ name: "beat" }));
  source.addEventListener("resync", resync);
  source.addEventListener("change", ({ data, lastEventId }) => {
    tell({ name: "change", event: Number(lastEventId), ...JSON.parse(data) });
  });
  source.addEventListener("bye", () => {
    tell({ name: "bye" });
    disconnect();
    release?.();
  });
  source.addEventListener("error", () => {
    failures += 1;
    // A refusal (too many streams, signed out, a proxy) closes it for good: the browser does not try again.
    if (source?.readyState === EventSource.CLOSED) {
      disconnect();
      setTimeout(() => release && !ended && !source && connect(), Math.min(2000 * 2 ** failures, MOST_WAIT_MS));
    }
  });
}

function disconnect() {
  source?.close();
  source = null;
  delete document.documentElement.dataset.stream;
}

function lead(options = {}) {
  if (!navigator.locks) {
    release = () => {};
    connect();
    return;
  }
  const held = () => new Promise((resolve) => {
    release = resolve;
    connect();
  });
  navigator.locks.request(name, options, held).catch(() => {
    // Another tab took over, because this one had fallen silent.
    disconnect();
    release = null;
    if (!ended) lead();
  });
}

const isSilent = () => Date.now() - lastWord > SILENT_MS;

function show() {
  if (!mark) return;
  const off = ended || isSilent();
  mark.hidden = !off;
  const text = mark.querySelector("[data-text]");
  const words = ended ? mark.dataset.ended : mark.dataset.silent;
  const time = new Date(lastWord).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  if (off && text.dataset.shown !== words + time) {
    text.dataset.shown = words + time;
    text.textContent = words.replace("{time}", time);
  }
}

function tick() {
  const now = Date.now();
  const slept = now - lastTick > 3 * TICK_MS;
  lastTick = now;
  if (ended) return;
  if (slept && source) {
    disconnect();
    connect();
  }
  if (slept) hear({ name: "resync" });
  // Who leads and hears nothing is on a dead connection; who follows takes over from a tab that sleeps.
  if (isSilent() && !document.hidden && now - lastPoll > POLL_MS) {
    lastPoll = now;
    if (source) {
      disconnect();
      connect();
    } else if (navigator.locks && !release) lead({ steal: true });
    dispatchEvent(new CustomEvent("tandem:live", { detail: { name: "resync" } }));
  }
  show();
}

if (person) {
  lead();
  setInterval(tick, TICK_MS);
  mark?.querySelector("button")?.addEventListener("click", () => location.reload());
}
