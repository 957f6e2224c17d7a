// Choosing several cards (x, or a click with Ctrl or Shift) and moving them together, one after another.
const board = document.querySelector("[data-board]");
const texts = JSON.parse(document.getElementById("board-texts").textContent);
const bar = document.getElementById("chosen-bar");
const chosen = new Set();
const cardOf = (number) => board.querySelector(`[data-n="${number}"]`);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

function show() {
  for (const card of board.querySelectorAll("[data-n]")) card.classList.toggle("chosen", chosen.has(card.dataset.n));
  bar.hidden = chosen.size === 0;
  bar.querySelector("[data-count]").textContent = fill(texts.chosen, { count: chosen.size });
}
function toggle(card) {
  if (!chosen.delete(card.dataset.n)) chosen.add(card.dataset.n);
  show();
}

board.addEventListener("tandem:choose-card", ({ target }) => toggle(target.closest("[data-n]")));
board.addEventListener("keydown", (event) => {
  const card = event.target.closest("[data-n]");
  if (!card || event.key !== "x" || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  toggle(card);
});
board.addEventListener("click", (event) => {
  const card = event.target.closest("[data-n]");
  if (!card || !(event.ctrlKey || event.metaKey || event.shiftKey)) return;
  event.preventDefault();
  toggle(card);
}, true);
bar.querySelector("[data-none]").addEventListener("click", () => { chosen.clear(); show(); });

const moved = (card, status, extra) =>
  new Promise((done) => {
    card.dispatchEvent(new CustomEvent("tandem:move-card", { bubbles: true, detail: { status, extra, done } }));
  });

bar.querySelector("[data-go]").addEventListener("click", async () => {
  const status = bar.querySelector("[data-target]").value;
  let extra = {};
  let done = 0;
  // From the last, so that they stand in their order at the top.
  for (const number of [...chosen].reverse()) {
    const card = cardOf(number);
    if (!card) continue;
    const result = await moved(card, status, extra);
    // What was entered for the first holds for all.
    extra = result.extra ?? extra;
    if (result.ok) {
      done += 1;
      chosen.delete(number);
    }
  }
  const left = chosen.size;
  show();
  if (left) {
    const text = fill(texts.partly, { done, left });
    window.dispatchEvent(new CustomEvent("tandem:toast", { detail: { text } }));
  }
});
