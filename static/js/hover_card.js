// What a word means, read where it stands. [data-explained] holds a link, a button and its card (a popover):
// pointer and focus show the card, the button or a tap holds it. htmx fetches its text when it opens first.
const WAIT = 300;
const GAP = 6;
const narrow = matchMedia("(max-width: 640px)");
let waiting;

const cardOf = (spot) => spot.querySelector("[popover]");
const isOpen = (card) => card.matches(":popover-open");

function later(act) {
  clearTimeout(waiting);
  waiting = setTimeout(act, WAIT);
}

function show(spot) {
  const card = cardOf(spot);
  if (card && !isOpen(card)) card.showPopover();
}

function hideUnheld() {
  for (const card of document.querySelectorAll("[data-explained] > [popover]:popover-open")) {
    const isUsed = "held" in card.dataset || card.contains(document.activeElement) || card.parentElement.matches(":hover");
    if (!isUsed) card.hidePopover();
  }
}

// Beneath its word where there is room, else above it; on a phone the style makes it a sheet at the bottom.
function put(card) {
  card.removeAttribute("data-placed");
  if (narrow.matches) return;
  const word = card.parentElement.getBoundingClientRect();
  const { width, height } = card.getBoundingClientRect();
  const left = Math.max(GAP, Math.min(word.left, document.documentElement.clientWidth - width - GAP));
  const room = innerHeight - word.bottom;
  const top = room < height + GAP && word.top > room ? word.top - height - GAP : word.bottom + GAP;
  card.style.setProperty("--left", `${left + scrollX}px`);
  card.style.setProperty("--top", `${Math.max(GAP, top) + scrollY}px`);
  card.dataset.placed = "";
}

document.addEventListener("pointerover", ({ target, pointerType }) => {
  if (pointerType === "touch") return;
  const spot = target.closest?.("[data-explained]");
  later(spot ? () => show(spot) : hideUnheld);
});

document.addEventListener("focusin", ({ target }) => {
  const spot = target.closest("[data-explained]");
  if (spot && target.matches("a:focus-visible")) show(spot);
  else if (!spot) later(hideUnheld);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-explained] > [popovertarget]");
  if (!button) return;
  const card = cardOf(button.parentElement);
  const wasHeld = "held" in card.dataset;
  // What pointer or focus has opened is held by the click, not shut.
  if (isOpen(card) && !wasHeld) event.preventDefault();
  if (!wasHeld) card.dataset.held = "";
});

document.addEventListener("toggle", ({ target, newState }) => {
  if (!target.matches?.("[data-explained] > [popover]")) return;
  if (newState === "open") put(target);
  else delete target.dataset.held;
}, true);

document.addEventListener("htmx:after:swap", () => {
  for (const card of document.querySelectorAll("[data-explained] > [popover]:popover-open")) put(card);
});
