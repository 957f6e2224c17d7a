// Single letters on lists and requests: j and k walk, x chooses, a acts, e changes, ? shows them all.
const root = document.documentElement;

// ---- the switch for people to whom letters happen by accident: the person's, in whatever browser
for (const box of document.querySelectorAll("[data-keys-switch]")) {
  box.addEventListener("change", () => (root.dataset.keys = box.checked ? "on" : "off"));
}

// ---- rows
const rows = () => [...document.querySelectorAll("main [data-row], main .rows > li")].filter((row) => row.querySelector("a"));
const isHere = (row) => row.contains(document.activeElement);
let last = null;
const here = () => rows().find(isHere) ?? (last?.isConnected ? last : null);

function walk(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(here());
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
  last = all[next];
  last.querySelector("a").focus();
  last.scrollIntoView({ block: "nearest" });
}

function choose(wanted) {
  const box = (here() ?? rows()[0])?.querySelector("input[type=checkbox]");
  if (!box || box.checked === wanted) return;
  box.checked = wanted ?? !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

function act() {
  const form = document.querySelector("[data-bulk]");
  if (!form) return document.querySelector("[data-opens=palette]")?.click();
  if (!form.querySelector("[name=numbers]:checked")) choose(true);
  form.querySelector("[name=action], .bulk button")?.focus();
}

function change() {
  const address = here()?.dataset.edit;
  if (address) location.assign(address);
  else document.querySelector("[data-edit-link]")?.click();
}

const KEYS = {
  j: () => walk(1),
  k: () => walk(-1),
  x: () => choose(),
  a: act,
  e: change,
  "?": () => document.getElementById("keys").showModal(),
};

const typing = (element) =>
  element.closest("textarea, select, [contenteditable], dialog[open], input:not([type=checkbox])");

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const pressed = root.dataset.keys !== "off" && KEYS[event.key];
  if (!pressed || typing(event.target) || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  pressed();
});
