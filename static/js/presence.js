// Who else looks at this page, and who is answering which question. Said only while the page is seen.
import { csrf } from "./csrf.js";

const shown = document.getElementById("presence");
const words = shown.dataset;
const BEAT_MS = 15000;
const TYPED_MS = 20000;
// Who types on and on says so again before the server forgets it.
const AGAIN_MS = 10000;
const MOST_FACES = 5;
const list = new Intl.ListFormat(document.documentElement.lang);

let typed = { question: 0, at: 0 };
let said = { question: 0, at: 0 };
let answering = {};

const place = () => ({ [words.asks]: words.asked });
const writes = () => (Date.now() - typed.at < TYPED_MS ? typed.question : 0);

async function tell(more = {}) {
  const question = writes();
  said = { question, at: Date.now() };
  const body = new URLSearchParams({ ...place(), ...(question && { answering: question }), ...more });
  const headers = { Accept: "application/json", "X-CSRFToken": csrf(), "X-Author": document.body.dataset.author };
  take(await fetch(shown.dataset.url, { method: "POST", body, headers, keepalive: true }).catch(() => null));
}

async function ask() {
  const headers = { Accept: "application/json" };
  take(await fetch(`${shown.dataset.url}?${new URLSearchParams(place())}`, { headers }).catch(() => null));
}

async function take(answer) {
  if (!answer?.ok || answer.status === 204) return;
  const found = await answer.json();
  answering = found.answering;
  drawPeople(found.people);
  drawAnswers();
}

function face({ name, initials, side }) {
  const one = document.createElement("span");
  one.className = `face sm ${side}`;
  one.title = words.looks.replace("{name}", name);
  one.textContent = initials;
  one.setAttribute("aria-label", name);
  one.setAttribute("role", "img");
  const item = document.createElement("li");
  item.append(one);
  return item;
}

function drawPeople(people) {
  const faces = people.slice(0, MOST_FACES).map(face);
  shown.querySelector("ul").replaceChildren(...faces);
  const further = people.length - faces.length;
  shown.querySelector("[data-further]").textContent = further > 0 ? `+${further}` : "";
  shown.hidden = !people.length;
}

function drawAnswers() {
  for (const line of document.querySelectorAll("[data-answering]")) {
    const names = answering[line.dataset.answering] ?? [];
    const text = names.length ? (names.length > 1 ? words.answer : words.answers).replace("{name}", list.format(names)) : "";
    if (line.textContent !== text) line.textContent = text;
  }
}

document.addEventListener("input", ({ target }) => {
  const form = target.closest?.("form[id^='answer-form-']");
  if (!form) return;
  typed = { question: Number(form.id.split("-").pop()), at: target.value ? Date.now() : 0 };
  if (said.question !== writes() || Date.now() - said.at > AGAIN_MS) tell();
});
document.addEventListener("htmx:after:swap", drawAnswers);
addEventListener("tandem:live", ({ detail }) => {
  if (detail.about === "presence" && detail.kind === shown.dataset.kind && detail.number === Number(shown.dataset.number)) ask();
});

let beat = 0;
function start() {
  clearInterval(beat);
  tell();
  beat = setInterval(() => document.hidden || tell(), BEAT_MS);
}
// What was typed some seconds ago is no longer being answered: the others hear it before the next beat.
setInterval(() => document.hidden || (said.question && !writes() && tell()), 2000);
document.addEventListener("visibilitychange", () => {
  clearInterval(beat);
  if (document.hidden) tell({ leaving: "on" });
  else start();
});
if (!document.hidden) start();
