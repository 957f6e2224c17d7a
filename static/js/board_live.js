// Others' changes appear on the board by themselves. A message only says which request: the card comes through the
// normal permissions, and goes into its place by its rank. Nothing moves while a card is carried or a dialog is open.
import { csrf } from "./csrf.js";

const board = document.querySelector("[data-board]");
const TOGETHER_MS = 150;
const BUSY_MS = 400;
const TRUTH_MS = 60000;
const MOST = 50;
const RELOADED = `tandem-reloaded:${board.dataset.board}`;

const changed = new Set();
let planned = 0;
let asksAll = false;

const lists = () => [...board.querySelectorAll("[data-status]")];
const cardsOf = (list) => [...list.querySelectorAll("[data-n]")];
const laneOf = (list) => list.closest("[data-lane]")?.dataset.lane ?? "";
const isBusy = () => document.querySelector(".sortable-chosen, .picked, .saving, dialog[open]");

function plan(wait = TOGETHER_MS) {
  if (!planned) planned = setTimeout(run, wait);
}

async function run() {
  planned = 0;
  if (isBusy()) return plan(BUSY_MS);
  const numbers = [...changed];
  const all = asksAll || numbers.length > MOST;
  changed.clear();
  asksAll = false;
  const answer = await (all ? askAll() : ask(numbers)).catch(() => null);
  // Offline or signed out: the page says so by itself, and asks again when it hears something.
  if (!answer?.ok) return;
  const news = await answer.json();
  // What was picked up meanwhile keeps its place, and is looked at when it is let go.
  if (isBusy()) {
    for (const number of all ? Object.keys(news.cards ?? {}) : numbers) changed.add(Number(number));
    return plan(BUSY_MS);
  }
  if (news.reload) return reload();
  apply(news);
}

function ask(numbers) {
  const url = new URL(board.dataset.freshUrl, location.href);
  for (const number of numbers) url.searchParams.append("n", number);
  return fetch(url, { headers: { Accept: "application/json" } });
}

// "Is this still true?": what stands here, card by card.
function askAll() {
  const body = new FormData();
  const cards = [...board.querySelectorAll("[data-n]")].map(({ dataset: { n, v, r } }) => `${n}:${v}:${r}`);
  body.set("cards", cards.join(" "));
  body.set("ends", lists().map((list) => `${list.dataset.status}:${laneOf(list)}:${endOf(list)}`).join(" "));
  return fetch(board.dataset.freshUrl, {
    method: "POST", body, headers: { "X-CSRFToken": csrf(), "X-Author": document.body.dataset.author, Accept: "application/json" },
  });
}

const endOf = (list) => (list.querySelector(".more") ? cardsOf(list).at(-1)?.dataset.r ?? "" : "");

function apply({ cards, heads }) {
  for (const [number, card] of Object.entries(cards)) put(number, card);
  board.dispatchEvent(new CustomEvent("tandem:heads", { detail: heads }));
}

function put(number, card) {
  const shown = board.querySelector(`[data-n="${number}"]`);
  const list = card && lists().find((one) => one.dataset.status === card.status && laneOf(one) === card.lane);
  if (!list) return leave(shown);
  const template = document.createElement("template");
  template.innerHTML = card.html;
  const fresh = template.content.firstElementChild;
  const next = cardsOf(list).find((one) => one !== shown && one.dataset.r > fresh.dataset.r);
  // It belongs among those that are not loaded yet.
  if (!next && list.querySelector(".more")) return leave(shown);
  const isSame = shown && shown.parentElement === list && shown.dataset.v === fresh.dataset.v && shown.dataset.r === fresh.dataset.r;
  if (isSame) return;
  const focused = shown?.contains(document.activeElement);
  if (shown?.classList.contains("chosen")) fresh.classList.add("chosen");
  shown?.remove();
  list.insertBefore(fresh, next ?? list.querySelector(".more"));
  fresh.classList.add("arrived");
  if (focused) fresh.querySelector("a").focus({ preventScroll: true });
}

function leave(card) {
  if (!card) return;
  const neighbour = card.nextElementSibling ?? card.previousElementSibling;
  const focused = card.contains(document.activeElement);
  card.remove();
  if (focused) neighbour?.querySelector("a")?.focus({ preventScroll: true });
}

// Very much has changed: the page is loaded once, not again and again.
function reload() {
  const last = Number(sessionStorage.getItem(RELOADED) ?? 0);
  if (Date.now() - last < TRUTH_MS) return;
  sessionStorage.setItem(RELOADED, String(Date.now()));
  location.reload();
}

addEventListener("tandem:live", ({ detail: { name, about, number } }) => {
  if (name === "resync" || ["team", "board"].includes(about)) asksAll = true;
  else if (about === "request") changed.add(number);
  else return;
  plan();
});
setInterval(() => {
  if (document.hidden) return;
  asksAll = true;
  plan(Math.random() * TOGETHER_MS * 10);
}, TRUTH_MS);
board.dataset.live = "yes";
