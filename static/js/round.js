// The round on each device: it follows what the others do, never under typing hands, and goes by keys.
const TOGETHER_MS = 250;
const BUSY_MS = 400;

const news = document.getElementById("round-news");
const said = document.getElementById("round-said");
const dialog = document.getElementById("step");
const body = document.getElementById("step-body");
const round = () => document.getElementById("request");

// ---- following
let planned = 0;
let lastItem = round().dataset.item;
let focused = "";
let went = false;

const typed = (field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked;
const isBusy = () => {
  if (document.querySelector("dialog[open]")) return true;
  const fields = [...round().querySelectorAll("textarea, input:not([type=hidden])")];
  return fields.some((field) => field === document.activeElement || typed(field));
};

function plan(wait = TOGETHER_MS) {
  if (!planned) planned = setTimeout(follow, wait);
}

function follow() {
  planned = 0;
  if (isBusy()) {
    news.hidden = false;
    return plan(BUSY_MS);
  }
  refresh();
}

function refresh() {
  news.hidden = true;
  round().dispatchEvent(new Event("fresh"));
}

addEventListener("tandem:live", ({ detail: { name, about, number } }) => {
  const { round: here, number: shown } = round().dataset;
  const concerns = (about === "round" && String(number) === here) || (about === "request" && String(number) === shown);
  if (name === "resync" || concerns) plan(name === "resync" ? Math.random() * TOGETHER_MS * 8 : TOGETHER_MS);
});

news.querySelector("button").addEventListener("click", () => {
  shut();
  clearTimeout(planned);
  planned = 0;
  refresh();
});

// ---- the dialog of a decision
function shut() {
  body.replaceChildren();
  if (dialog.open) dialog.close();
}
dialog.addEventListener("close", () => body.replaceChildren());
dialog.addEventListener("click", (event) => {
  if (event.target.closest("a[data-closes]")) event.preventDefault();
});

// A step was taken from here: the round is asked for as it is now.
addEventListener("tandem:done", () => {
  shut();
  refresh();
});

document.addEventListener("htmx:before:swap", () => {
  const here = document.activeElement;
  focused = round()?.contains(here) ? here.id : "";
});

document.addEventListener("htmx:after:swap", () => {
  if (body.childElementCount && !dialog.open && lastItem === round().dataset.item) {
    dialog.showModal();
    return body.querySelector("[data-focus], textarea, select, input:not([type=hidden])")?.focus();
  }
  if (!round().dataset.said || round().dataset.item === lastItem) {
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    return;
  }
  lastItem = round().dataset.item;
  said.textContent = round().dataset.said;
  shut();
  if (went) document.getElementById("round-title")?.focus({ preventScroll: true });
  went = false;
});

// ---- keys: the arrows go, Enter opens the first decision; the letters are those of the buttons
document.addEventListener("submit", ({ target }) => {
  if (round().contains(target)) went = true;
});

const taken = "a, button, input, textarea, select, summary, [contenteditable]";
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (document.querySelector("dialog[open]") || event.target.closest("input, textarea, select, [contenteditable]")) return;
  const arrow = round().querySelector(`[data-arrow="${CSS.escape(event.key)}"]:not(:disabled)`);
  const first = event.key === "Enter" && !event.target.closest(taken) && firstDecision();
  const pressed = arrow ?? first;
  if (!pressed) return;
  event.preventDefault();
  pressed.click();
});

function firstDecision() {
  return round().querySelector(".duel-talk button, .duel-talk summary") ?? round().querySelector("[data-decision]");
}
