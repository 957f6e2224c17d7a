// A draft that saves itself: a while after the last key, never two at once, never over a newer one.
const PAUSE = 1500;
const form = document.querySelector("form[data-autosave]");
const state = form.querySelector("[data-saved]");
const throwAway = form.querySelector("[data-throw-away]");
const throwing = document.getElementById("throw-away-form");
const field = (name) => form.elements[name];

let timer = null;
let running = null;
let changed = false;
let stopped = false;

// Who signed in again in another tab has a new token; the form of this page still holds the former one.
function typed() {
  const body = new FormData(form);
  const token = document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1];
  if (token) body.set("csrfmiddlewaretoken", token);
  return body;
}

// Read out politely, and only when there is something new to say.
function say(words) {
  if (words && state.textContent !== words) state.textContent = words;
}

async function save() {
  clearTimeout(timer);
  changed = false;
  let answer, told;
  try {
    answer = await fetch(form.dataset.autosave, {
      method: "POST",
      body: typed(),
      headers: { Accept: "application/json" },
    });
    told = await answer.json();
  } catch {
    // Offline, or an answer that is none: what is typed stays here and is tried again with the next key.
    say(document.body.dataset.offline);
    return;
  }
  say(told.said);
  state.classList.toggle("bad", !answer.ok);
  // A newer draft, or somebody else's session: from here on only the buttons save.
  if (answer.status === 409) stopped = true;
  if (answer.ok && told.number) keep(told);
}

function keep({ number, version, page, throw_away }) {
  field("number").value = number;
  field("version").value = version;
  throwing.action = throw_away;
  throwAway.hidden = false;
  // Reloading the page goes on with the draft.
  history.replaceState(history.state, "", page);
  if (!changed) form.dispatchEvent(new CustomEvent("saved", { bubbles: true }));
}

function run() {
  if (stopped) return;
  if (running) return later();
  running = save().finally(() => (running = null));
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(run, PAUSE);
}

form.addEventListener("input", () => {
  changed = true;
  later();
});

// Enter in a line keeps what was typed and stays here; handing in is a button of its own.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.target.tagName !== "INPUT") return;
  event.preventDefault();
  if (changed) run();
});

// Throwing away is asked for twice, and no save comes after it.
throwAway.addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("throw-away").showModal();
});
throwing.addEventListener("submit", (event) => {
  clearTimeout(timer);
  stopped = true;
  form.dispatchEvent(new CustomEvent("saved", { bubbles: true }));
  if (!running) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  running.finally(() => throwing.requestSubmit());
}, { capture: true });

// A button pressed while a save is under way waits for it, so that both know the same version.
form.addEventListener(
  "submit",
  (event) => {
    clearTimeout(timer);
    if (!running) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    running.finally(() => form.requestSubmit(submitter));
  },
  { capture: true },
);
