// The numbers beside the menu's entries follow what happens, without a reload.
const SOON_MS = 800;
const SELDOM_MS = 15000;

let due = 0;
let asked = 0;

function plan(wait) {
  const at = Math.max(Date.now() + SOON_MS, asked + wait);
  if (due && due <= at) return;
  due = at;
  setTimeout(ask, at - Date.now());
}

async function ask() {
  due = 0;
  if (document.hidden) return;
  asked = Date.now();
  const answer = await fetch(document.body.dataset.counters, { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.ok) show(await answer.json());
}

function show(counts) {
  for (const shown of document.querySelectorAll("[data-counter]")) {
    const count = counts[shown.dataset.counter] ?? "";
    shown.hidden = !count;
    shown.firstElementChild.textContent = count;
  }
}

addEventListener("tandem:live", ({ detail }) => {
  // That somebody looks at something changes no number.
  if (detail.about !== "presence") plan(detail.about === "inbox" ? 0 : SELDOM_MS);
});
document.addEventListener("visibilitychange", () => document.hidden || plan(SELDOM_MS));
