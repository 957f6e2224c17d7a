// Moves cards by mouse, touch, keyboard and menu. The server decides: it gets the card, its version, the target
// status and the neighbours; what it refuses goes back and says why, with a button for what would mend it.
// Others ask for a move by the event "tandem:move-card" on a card, with {status, extra, done}.
import { csrf } from "./csrf.js";

const board = document.querySelector("[data-board]");
const texts = JSON.parse(document.getElementById("board-texts").textContent);
const live = document.getElementById("board-live");
const dialog = document.getElementById("move-dialog");

const lists = () => [...board.querySelectorAll("[data-status]")];
const statusOf = (list) => list.dataset.status;
const linkOf = (card) => card.querySelector("a");
const titleOf = (card) => linkOf(card).textContent.trim();
const columnTitle = (list) => list.getAttribute("aria-label");
const laneOf = (list) => list.closest("[data-lane]")?.dataset.lane ?? "";

function say(text, values = {}) {
  live.textContent = text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

// Behind the cards of a long column stands the way to further ones.
function place(card, list, next) {
  const before = next && next.parentElement === list ? next : list.querySelector(".more");
  list.insertBefore(card, before ?? null);
}

function nearest(card, way) {
  let sibling = card[way];
  while (sibling && !sibling.dataset.n) sibling = sibling[way];
  return sibling?.dataset.n ?? "";
}

function neighbours(card) {
  return { after: nearest(card, "previousElementSibling"), before: nearest(card, "nextElementSibling") };
}

function payload(card, extra) {
  const body = new FormData();
  const values = { number: card.dataset.n, version: card.dataset.v, status: statusOf(card.parentElement) };
  for (const [name, value] of Object.entries({ ...values, ...neighbours(card), ...extra })) body.set(name, value);
  return body;
}

async function send(body, url = board.dataset.moveUrl) {
  try {
    const answer = await fetch(url, {
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

// What others did moves the counts as well (board_live.js).
board.addEventListener("tandem:heads", ({ detail }) => applyHeads(detail));

function goBack(card, from, message, fixes = []) {
  place(card, from.list, from.next);
  card.classList.add("went-back");
  say(message);
  if (fixes.length) return refuse(message, fixes);
  window.dispatchEvent(new CustomEvent("tandem:toast", { detail: { text: message } }));
  linkOf(card).focus();
}

// What is missing stays on the page until it is mended or shut: a toast would be gone before it is read.
const refusal = document.getElementById("refusal");
function refuse(message, fixes) {
  refusal.querySelector("[data-words]").textContent = message;
  refusal.querySelector("[data-fixes]").replaceChildren(...fixes.map(({ label, url }) => {
    const link = document.createElement("a");
    link.className = "btn btn-small";
    link.href = url;
    link.textContent = label;
    return link;
  }));
  refusal.hidden = false;
  refusal.focus();
}
refusal.querySelector("[data-shut]").addEventListener("click", () => { refusal.hidden = true; });

// For ten seconds a step can be taken back; whoever still points at the offer has longer.
const UNDO_FOR = 10_000;
function offerUndo(card, message) {
  document.querySelector(".toast-line.undo")?.remove();
  const line = document.createElement("div");
  line.className = "toast-line undo";
  const words = document.createElement("span");
  words.textContent = message;
  const undo = document.createElement("button");
  undo.type = "button";
  undo.className = "btn btn-small";
  undo.textContent = texts.undo;
  undo.addEventListener("click", () => { line.remove(); takeBack(card); });
  line.append(words, undo);
  document.getElementById("toasts").append(line);
  const leave = () => (line.matches(":hover, :focus-within") ? setTimeout(leave, 1000) : line.remove());
  setTimeout(leave, UNDO_FOR);
}

async function takeBack({ dataset: { n: number } }) {
  const card = board.querySelector(`[data-n="${number}"]`);
  if (!card) return;
  const body = new FormData();
  body.set("number", number);
  body.set("version", card.dataset.v);
  const answer = await send(body, board.dataset.undoUrl);
  if (!answer.ok) return window.dispatchEvent(new CustomEvent("tandem:toast", { detail: { text: answer.message } }));
  const lane = laneOf(card.parentElement);
  const list = lists().find((one) => statusOf(one) === answer.status && laneOf(one) === lane);
  const fresh = accepted(card, { ...answer, undo: false });
  if (list) place(fresh, list, byRank(list, fresh));
  else fresh.remove();
}

const byRank = (list, card) => cardsOf(list).find((one) => one !== card && one.dataset.r > card.dataset.r);

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
  if (!answer.card) return reordered(card, answer);
  const fresh = document.createElement("template");
  fresh.innerHTML = answer.card.trim();
  const replacement = fresh.content.firstElementChild;
  // Its lane stays what it was: no step changes it.
  if (card.dataset.l) replacement.dataset.l = card.dataset.l;
  card.replaceWith(replacement);
  applyHeads(answer.heads);
  say(answer.message);
  replacement.classList.add("arrived");
  refusal.hidden = true;
  linkOf(replacement).focus();
  if (answer.undo) offerUndo(replacement, answer.message);
  return replacement;
}

// Within its column a card is what it was.
function reordered(card, answer) {
  Object.assign(card.dataset, { v: answer.version, r: answer.rank });
  say(answer.message);
  refusal.hidden = true;
  card.classList.add("arrived");
  linkOf(card).focus();
  return card;
}

// Where a card of a column may go at all is known beforehand; whether this one may is the server's to say.
const leadsTo = (from, to) => from === to || texts.ways[from]?.includes(to);
function showWays(from) {
  for (const list of lists()) list.closest(".col").classList.toggle("refused", !leadsTo(from, statusOf(list)));
}
function hideWays() {
  for (const column of board.querySelectorAll(".col.refused")) column.classList.remove("refused");
}
const heading = (status) => columnTitle(board.querySelector(`[data-status="${status}"]`));
function noWay(from, to) {
  const shown = (texts.ways[from] ?? []).filter((status) => board.querySelector(`[data-status="${status}"]`));
  const named = shown.map((status) => texts.quoted.replace("{name}", heading(status))).join(", ");
  const values = { from: heading(from), to: heading(to), ways: named };
  return (named ? texts.noWay : texts.stays).replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// Whether it was moved, and what was entered for it.
async function move(card, from, extra = {}) {
  const [left, reached] = [statusOf(from.list), statusOf(card.parentElement)];
  if (!leadsTo(left, reached)) {
    goBack(card, from, noWay(left, reached));
    return { ok: false, extra };
  }
  for (;;) {
    card.classList.add("saving");
    const answer = await send(payload(card, extra));
    card.classList.remove("saving");
    if (answer.ok) { accepted(card, answer); return { ok: true, extra }; }
    const keeps = answer.unsent && extra.answered;
    const entered = answer.form ? await ask(answer.form) : keeps ? await askAgain(answer.message) : null;
    if (!entered) {
      goBack(card, from, answer.form || keeps ? texts.cancelled : answer.message, answer.fixes);
      return { ok: false, extra };
    }
    extra = { ...extra, ...entered };
  }
}

// To the top of another column, as the menu and a choice of several cards ask for it.
async function moveTo(card, status, extra) {
  const lane = laneOf(card.parentElement);
  const list = lists().find((one) => statusOf(one) === status && laneOf(one) === lane);
  if (!list || list === card.parentElement) return { ok: false, extra };
  const from = whereabouts(card);
  place(card, list, cardsOf(list)[0]);
  return move(card, from, extra);
}
board.addEventListener("tandem:move-card", ({ target, detail: { status, extra, done } }) => {
  const card = target.closest("[data-n]");
  if (card) moveTo(card, status, extra).then((result) => done?.(result));
});

const whereabouts = (card) => ({ list: card.parentElement, next: card.nextElementSibling });
const same = (a, b) => a.list === b.list && a.next === b.next;

function dragging() {
  let from = null;
  const fill = (list) => window.Sortable.create(list, {
    // A card stays in its lane: what puts it into another is no step of the work.
    group: `cards-${laneOf(list)}`,
    draggable: "[data-n]",
    forceFallback: true,
    fallbackTolerance: 4,
    delay: 180,
    delayOnTouchOnly: true,
    touchStartThreshold: 6,
    animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
    onStart: ({ item, oldDraggableIndex, from: list }) => {
      const others = [...list.querySelectorAll("[data-n]")].filter((card) => card !== item);
      from = { list, next: others[oldDraggableIndex] ?? null };
      showWays(statusOf(list));
    },
    onEnd: ({ item }) => {
      hideWays();
      if (item.previousElementSibling?.matches(".more")) item.previousElementSibling.before(item);
      if (!same(from, whereabouts(item))) move(item, from);
    },
  });
  lists().forEach(fill);
}

// Keyboard: m picks a card up, the arrows carry it, Space or Enter drops, Escape takes it back.
// Space on a card that is not held is the quick look's (board_view.js).
let held = null;

function pickUp(card) {
  held = { card, from: whereabouts(card) };
  showWays(statusOf(card.parentElement));
  card.classList.add("picked");
  say(texts.pickedUp, { title: titleOf(card) });
}

function letGo(drop) {
  const { card, from } = held;
  held = null;
  hideWays();
  card.classList.remove("picked");
  if (!drop) { place(card, from.list, from.next); linkOf(card).focus(); return say(texts.putBack, { title: titleOf(card) }); }
  if (same(from, whereabouts(card))) return say(texts.putBack, { title: titleOf(card) });
  return move(card, from);
}

const cardsOf = (list) => [...list.querySelectorAll("[data-n]")];

function besides(card, step) {
  const columns = lists().filter((list) => laneOf(list) === laneOf(card.parentElement));
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
  const all = [...board.querySelectorAll(`[data-status="${statusOf(card.parentElement)}"] [data-n]`)];
  const at = all.indexOf(card);
  const next = { ArrowUp: own[index - 1] ?? all[at - 1], ArrowDown: own[index + 1] ?? all[at + 1] }[key]
    ?? (column && cardsOf(column)[0]);
  if (next) linkOf(next).focus();
}

function onKey(event) {
  const card = event.target.closest?.("[data-n]");
  if (!card || event.target !== linkOf(card) || event.ctrlKey || event.metaKey || event.altKey) return;
  const arrow = event.key.startsWith("Arrow");
  if (!arrow && event.key !== "m" && !(held && [" ", "Enter", "Escape"].includes(event.key))) return;
  event.preventDefault();
  event.stopPropagation();
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
