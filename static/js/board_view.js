// How a board is looked at: folded columns and lanes, density, the quick look, and the menu of each card.
const board = document.querySelector("[data-board]");
const texts = JSON.parse(document.getElementById("board-texts").textContent);
const linkOf = (card) => card.querySelector("a");
const titleOf = (card) => linkOf(card).textContent.trim();
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

// ---- what this browser remembers: how densely cards stand, and what is folded on which board
function remembered() {
  try {
    return { density: "", folded: {}, ...JSON.parse(localStorage.getItem("tandem-board")) };
  } catch {
    return { density: "", folded: {} }; // storage may be forbidden, or hold what somebody else wrote
  }
}
const memory = remembered();
function remember() {
  try {
    localStorage.setItem("tandem-board", JSON.stringify(memory));
  } catch {
    // then it holds for this page
  }
}

// ---- folding: a column by its status, a lane by its key
const folded = new Set(memory.folded[board.dataset.board] ?? []);
const partsOf = (name) => {
  const [kind, key] = name.split(/:(.*)/s);
  return board.querySelectorAll(`[data-${kind === "lane" ? "lane" : "column"}="${CSS.escape(key)}"]`);
};

function showFold(button) {
  const name = button.dataset.fold;
  const off = folded.has(name);
  button.setAttribute("aria-expanded", String(!off));
  for (const part of partsOf(name)) part.classList.toggle("folded", off);
}
for (const button of board.querySelectorAll("[data-fold]")) showFold(button);
board.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-fold]");
  if (!button) return;
  const name = button.dataset.fold;
  if (!folded.delete(name)) folded.add(name);
  showFold(button);
  memory.folded[board.dataset.board] = [...folded];
  remember();
});

// ---- density
const density = document.querySelector("button[data-density]");
function showDensity(compact) {
  board.dataset.density = compact ? "compact" : "";
  density.setAttribute("aria-pressed", String(compact));
}
showDensity(memory.density === "compact");
density.addEventListener("click", () => {
  const compact = density.getAttribute("aria-pressed") !== "true";
  showDensity(compact);
  memory.density = compact ? "compact" : "";
  remember();
});

// ---- lanes are chosen by choosing
document.querySelector("[data-submits]").addEventListener("change", ({ target }) => target.form.requestSubmit());

// ---- quick look: Space opens it beside the board, Space or Escape shuts it
const look = document.getElementById("look");
const body = look.querySelector("[data-body]");
let looked = null;

async function lookAt(card) {
  looked = card;
  look.hidden = false;
  await window.htmx.ajax("GET", `${linkOf(card).getAttribute("href")}look/`, { target: body, swap: "innerHTML" });
}
function shutLook() {
  look.hidden = true;
  body.replaceChildren();
  const card = looked?.isConnected ? looked : looked && board.querySelector(`[data-n="${looked.dataset.n}"]`);
  looked = null;
  if (card) linkOf(card).focus();
}
look.querySelector("[data-shut]").addEventListener("click", shutLook);
look.addEventListener("keydown", (event) => event.key === "Escape" && shutLook());
board.addEventListener("focusin", ({ target }) => {
  // While it is open it shows the card that is walked to.
  const card = target.closest("[data-n]");
  if (!look.hidden && card && card !== looked) lookAt(card);
});
board.addEventListener("keydown", (event) => {
  const card = event.target.closest("[data-n]");
  if (!card || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === " " && event.target === linkOf(card)) {
    event.preventDefault();
    if (look.hidden) lookAt(card);
    else shutLook();
  }
  if (event.key === "Escape" && !look.hidden) shutLook();
  if (event.key === "." && event.target === linkOf(card)) openMenu(card);
});

// ---- the menu of a card: works without dragging, for fingers and mice by its dots, by "." for keys
const menu = document.getElementById("move-menu");
let opened = null;

function openMenu(card) {
  opened = card;
  menu.querySelector("#menu-title").textContent = fill(texts.moveTo, { title: titleOf(card) });
  const here = card.parentElement.dataset.status;
  for (const button of menu.querySelectorAll("[data-to]")) button.disabled = button.dataset.to === here;
  menu.showModal();
}
menu.addEventListener("click", ({ target }) => {
  const to = target.closest("[data-to]");
  if (!opened || !(to || target.closest("[data-look], [data-choose]"))) return;
  const card = opened;
  menu.close();
  if (to) card.dispatchEvent(new CustomEvent("tandem:move-card", { bubbles: true, detail: { status: to.dataset.to } }));
  else if (target.closest("[data-look]")) lookAt(card).then(() => look.focus());
  else card.dispatchEvent(new CustomEvent("tandem:choose-card", { bubbles: true }));
});
menu.addEventListener("close", () => opened?.isConnected && linkOf(opened).focus());
board.addEventListener("click", ({ target }) => {
  const dots = target.closest(".dots");
  if (dots) openMenu(dots.closest("[data-n]"));
});

// Cards come by page, move and live update; each gets its dots when it comes, and what its parts mean.
function equip(card) {
  if (!card.dataset?.n || card.querySelector(".dots")) return;
  for (const [part, words] of Object.entries(texts.parts)) for (const one of card.querySelectorAll(part)) one.title = words;
  const dots = document.createElement("button");
  dots.type = "button";
  dots.className = "dots";
  // Keys have "." and the tab order stays short.
  dots.tabIndex = -1;
  dots.setAttribute("aria-label", fill(texts.moveTo, { title: titleOf(card) }));
  dots.textContent = "⋯";
  card.append(dots);
}
const arrivals = new MutationObserver((changes) => {
  for (const { addedNodes } of changes) addedNodes.forEach(equip);
});
for (const list of board.querySelectorAll(".cards")) {
  list.querySelectorAll("[data-n]").forEach(equip);
  arrivals.observe(list, { childList: true });
}

// A page that comes later may hold a card that has meanwhile been moved: it is shown once, where it was put.
document.addEventListener("htmx:after:swap", () => {
  const seen = new Set();
  for (const card of board.querySelectorAll("[data-n]")) {
    if (seen.has(card.dataset.n)) card.remove();
    seen.add(card.dataset.n);
  }
});
