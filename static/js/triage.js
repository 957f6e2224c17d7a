// Triage: a request is shown beside the list without loading the page, the next one is fetched beforehand, and what
// others do appears by itself: rows come, change and go, but never the request that somebody is looking at.
const TOGETHER_MS = 300;
const BUSY_MS = 800;

const root = () => document.getElementById("triage");
const one = () => document.getElementById("one");
const list = () => document.getElementById("queue");
const shown = () => root().querySelector("[data-one]");
const rowOf = (number) => list()?.querySelector(`[data-pick="${number}"]`);
const numberIn = (address) => new URL(address, location.href).searchParams.get("request");

// ---- one request
const fetched = new Map();
let latest = 0;
let swapped = root();

async function part(name, address) {
  const url = new URL(address, location.href);
  url.searchParams.set("part", name);
  const answer = await fetch(url).catch(() => null);
  // Whoever was signed out in between gets another page; that one is no part of this.
  return answer?.ok && !answer.redirected ? answer.text() : null;
}

async function load(address) {
  const number = numberIn(address);
  const known = fetched.get(number);
  const version = rowOf(number)?.dataset.v;
  fetched.delete(number);
  if (known && known.version === version) return known.html;
  return part("one", address);
}

async function fetchNext() {
  const next = one()?.querySelector("[data-next]")?.href;
  if (!next || fetched.has(numberIn(next))) return;
  const version = rowOf(numberIn(next))?.dataset.v;
  const html = await part("one", next);
  if (html) fetched.set(numberIn(next), { version, html });
}

async function pick(address, remember = true) {
  const turn = (latest += 1);
  const html = await load(address);
  if (turn !== latest) return;
  if (!html) return location.assign(address);
  one().innerHTML = html;
  window.htmx.process(one());
  if (remember) history[root().hasAttribute("data-picked") ? "replaceState" : "pushState"]({ triage: true }, "", address);
  root().setAttribute("data-picked", "");
  mark();
  const heading = document.getElementById("chosen-title");
  heading?.focus({ preventScroll: true });
  if (heading && heading.getBoundingClientRect().top < 0) window.scrollTo({ top: 0 });
  fetchNext();
}

// The row of the request beside; also where the list was fetched anew and names another.
function mark() {
  const number = shown()?.dataset.one;
  for (const row of list()?.querySelectorAll("[data-pick]") ?? []) {
    if (row.dataset.pick === number) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
  rowOf(number)?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("#triage [data-pick], #triage [data-again]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  pick(link.href);
});

addEventListener("popstate", () => {
  if (numberIn(location.href)) return pick(location.href, false);
  root().removeAttribute("data-picked");
  rowOf(shown()?.dataset.one)?.focus();
});

// A step has put all of the queue in the place of what stood here.
document.addEventListener("htmx:after:swap", () => {
  if (!root() || root() === swapped) return;
  swapped = root();
  fetched.clear();
  // What was done is said at the top.
  window.scrollTo({ top: 0 });
  history.replaceState({ triage: true }, "", root().dataset.here);
  mark();
  fetchNext();
});

// ---- what others do
let planned = 0;

function plan(wait = TOGETHER_MS) {
  if (!planned) planned = setTimeout(refresh, wait);
}

const isBusy = () => document.querySelector("dialog[open], #triage [data-sent], #triage .htmx-request, #queue :active");

async function refresh() {
  planned = 0;
  if (document.hidden) return;
  if (isBusy()) return plan(BUSY_MS);
  const before = root();
  const html = await part(list() ? "list" : "all", shown()?.dataset.here ?? before.dataset.here);
  // A step was taken meanwhile: what it shows is newer.
  if (!html || root() !== before) return;
  if (isBusy()) return plan(BUSY_MS);
  if (list()) put(html);
  else if (!document.activeElement?.closest("#triage")) replaceAll(html);
}

function put(html) {
  const rows = () => [...list().querySelectorAll("[data-pick]")];
  const known = new Map(rows().map((row) => [row.dataset.pick, row.dataset.v]));
  const focused = rows().indexOf(document.activeElement);
  const number = document.activeElement?.dataset?.pick;
  list().innerHTML = html;
  for (const row of rows()) if (known.get(row.dataset.pick) !== row.dataset.v) row.classList.add("arrived");
  if (focused >= 0) (rowOf(number) ?? rows().at(Math.min(focused, rows().length - 1)))?.focus({ preventScroll: true });
  mark();
  tell();
  for (const [kept, { version }] of fetched) if (rowOf(kept)?.dataset.v !== version) fetched.delete(kept);
  fetchNext();
}

// The request beside stays as it is under the eyes; that it is no longer so is said above it.
function tell() {
  const card = shown();
  if (!card) return;
  const row = rowOf(card.dataset.one);
  const words = row ? row.dataset.v !== card.dataset.v && (row.dataset.holder || root().dataset.changed) : root().dataset.left;
  const note = card.querySelector("[data-moved]");
  if (!words || note.querySelector("[data-text]").textContent === words) return;
  note.querySelector("[data-text]").textContent = words;
  note.querySelector("[data-again]").hidden = !row;
  note.hidden = false;
}

function replaceAll(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const fresh = template.content.getElementById("triage");
  root().replaceWith(fresh);
  swapped = fresh;
  window.htmx.process(fresh);
}

addEventListener("tandem:live", ({ detail: { name, about } }) => {
  if (name === "resync") plan(Math.random() * TOGETHER_MS * 5);
  else if (about === "request") plan();
});
document.addEventListener("visibilitychange", () => document.hidden || plan());

fetchNext();
