// Moves cards by mouse, touch and keyboard. The server decides: it gets the card, its version, the target
// status and the neighbours; what it refuses goes back and says why.

const board = document.querySelector("[data-board]");
const texts = JSON.parse(document.getElementById("board-texts").textContent);
const live = document.getElementById("board-live");
const dialog = document.getElementById("move-dialog");
// Who signed in again in another tab has a new token.
const csrf = () =>
  document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1] ??
  document.querySelector("[name=csrfmiddlewaretoken]").value;

const lists = () => [...board.querySelectorAll("[data-status]")];
const statusOf = (list) => list.dataset.status;
const linkOf = (card) => card.querySelector("a");
const titleOf = (card) => linkOf(card).textContent.trim();
const columnTitle = (list) => list.getAttribute("aria-label");

function say(text, values = {}) {
  live.textContent = text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

function place(card, list, next) {
  list.insertBefore(card, next && next.parentElement === list ? next : null);
}

function neighbours(card) {
  const number = (sibling) => sibling?.dataset?.n ?? "";
  return { after: number(card.previousElementSibling), before: number(card.nextElementSibling) };
}

function payload(card, extra) {
  const body = new FormData();
  const values = { number: card.dataset.n, version: card.dataset.v, status: statusOf(card.parentElement) };
  for (const [name, value] of Object.entries({ ...values, ...neighbours(card), ...extra })) body.set(name, value);
  return body;
}

async function send(body) {
  try {
    const answer = await fetch(board.dataset.moveUrl, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": csrf(), "X-Author": document.body.dataset.author, Accept: "application/json" },
    });
    if (!answer.headers.get("Content-Type")?.includes("json")) return { message: texts.failed, unsent: true };
    return { ok: answer.ok, ...(await answer.json()) };
  } catch {
    return { message: texts.offline, unsent: true };
  }
}

function applyHeads(heads) {
  for (const [status, html] of Object.entries(heads ?? {})) {
    const head = board.querySelector(`[data-head="${status}"]`);
    if (head) head.innerHTML = html;
  }
}

function goBack(card, from, message) {
  place(card, from.list, from.next);
  card.classList.add("went-back");
  say(message);
  window.dispatchEvent(new CustomEvent("tandem:toast", { detail: { text: message } }));
  linkOf(card).focus();
}

// The server asks for what the move still needs (a reason, a date); cancelling puts the card back.
function ask(html) {
  dialog.querySelector("[data-form]").innerHTML = html;
  return answered();
}

// What was entered could not be sent: it stays, and can be sent again.
function askAgain(message) {
  const form = dialog.querySelector("form");
  const note = form.querySelector("[data-why]") ?? form.insertBefore(document.createElement("p"), form.children[1]);
  note.dataset.why = "";
  note.className = "error";
  note.setAttribute("role", "alert");
  note.textContent = message;
  return answered();
}

function answered() {
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    const form = dialog.querySelector("form");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const entered = Object.fromEntries(new FormData(form));
      dialog.close("ok");
      resolve(entered);
    }, { once: true });
    dialog.addEventListener("close", () => { if (dialog.returnValue !== "ok") resolve(null); }, { once: true });
  });
}

function accepted(card, answer) {
  const fresh = document.createElement("template");
  fresh.innerHTML = answer.card.trim();
  const replacement = fresh.content.firstElementChild;
  card.replaceWith(replacement);
  applyHeads(answer.heads);
  say(answer.message);
  replacement.classList.add("arrived");
  linkOf(replacement).focus();
}

async function move(card, from) {
  let extra = {};
  for (;;) {
    card.classList.add("saving");
    const answer = await send(payload(card, extra));
    card.classList.remove("saving");
    if (answer.ok) return accepted(card, answer);
    const keeps = answer.unsent && extra.answered;
    const entered = answer.form ? await ask(answer.form) : keeps ? await askAgain(answer.message) : null;
    if (!entered) return goBack(card, from, answer.form || keeps ? texts.cancelled : answer.message);
    extra = { ...extra, ...entered };
  }
}

const whereabouts = (card) => ({ list: card.parentElement, next: card.nextElementSibling });
const same = (a, b) => a.list === b.list && a.next === b.next;

function dragging() {
  let from = null;
  const fill = (list) => window.Sortable.create(list, {
    group: "cards",
    draggable: "[data-n]",
    forceFallback: true,
    fallbackOnBody: true,
    fallbackTolerance: 4,
    delay: 180,
    delayOnTouchOnly: true,
    touchStartThreshold: 6,
    animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
    onStart: ({ item, oldDraggableIndex, from: list }) => {
      const others = [...list.querySelectorAll("[data-n]")].filter((card) => card !== item);
      from = { list, next: others[oldDraggableIndex] ?? null };
    },
    onEnd: ({ item }) => { if (!same(from, whereabouts(item))) move(item, from); },
  });
  lists().forEach(fill);
}

// Keyboard: Space picks a card up, the arrows carry it, Space or Enter drops, Escape takes it back.
let held = null;

function pickUp(card) {
  held = { card, from: whereabouts(card) };
  card.classList.add("picked");
  say(texts.pickedUp, { title: titleOf(card) });
}

function letGo(drop) {
  const { card, from } = held;
  held = null;
  card.classList.remove("picked");
  if (!drop) { place(card, from.list, from.next); linkOf(card).focus(); return say(texts.putBack, { title: titleOf(card) }); }
  if (same(from, whereabouts(card))) return say(texts.putBack, { title: titleOf(card) });
  return move(card, from);
}

const cardsOf = (list) => [...list.querySelectorAll("[data-n]")];

function besides(card, step) {
  const columns = lists();
  return columns[columns.indexOf(card.parentElement) + step];
}

function carry(card, key) {
  const list = card.parentElement;
  if (key === "ArrowUp" && card.previousElementSibling?.dataset.n) place(card, list, card.previousElementSibling);
  if (key === "ArrowDown" && card.nextElementSibling?.dataset.n) place(card, list, card.nextElementSibling.nextElementSibling);
  const column = { ArrowLeft: besides(card, -1), ArrowRight: besides(card, 1) }[key];
  if (column) place(card, column, cardsOf(column)[0] ?? column.firstElementChild);
  linkOf(card).focus();
  const now = card.parentElement;
  say(texts.over, { column: columnTitle(now), place: cardsOf(now).indexOf(card) + 1, count: cardsOf(now).length });
}

function walk(card, key) {
  const own = cardsOf(card.parentElement);
  const index = own.indexOf(card);
  const column = { ArrowLeft: besides(card, -1), ArrowRight: besides(card, 1) }[key];
  const next = { ArrowUp: own[index - 1], ArrowDown: own[index + 1] }[key] ?? (column && cardsOf(column)[0]);
  if (next) linkOf(next).focus();
}

function onKey(event) {
  const card = event.target.closest?.("[data-n]");
  if (!card || event.target !== linkOf(card) || event.ctrlKey || event.metaKey || event.altKey) return;
  const arrow = event.key.startsWith("Arrow");
  if (!arrow && event.key !== " " && !(held && ["Enter", "Escape"].includes(event.key))) return;
  event.preventDefault();
  if (arrow) return held ? carry(card, event.key) : walk(card, event.key);
  if (!held) return pickUp(card);
  letGo(event.key !== "Escape");
}

board.addEventListener("keydown", onKey);
board.addEventListener("focusout", (event) => {
  if (held && event.relatedTarget && event.relatedTarget !== linkOf(held.card)) letGo(false);
});
dragging();
board.dataset.ready = "yes";
