// Ctrl-K or Cmd-K: a combobox whose options the server finds, so that it offers what the person may see and do.
const dialog = document.getElementById("palette");
const input = dialog.querySelector("input");
const list = document.getElementById("palette-list");
const WAIT = 120; // milliseconds after the last letter
let timer, asked;

const options = () => [...list.querySelectorAll("[role=option]")];
const active = () => list.querySelector("[aria-selected=true]");

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
  if (document.querySelector("dialog[open]:not(#palette)")) return;
  event.preventDefault();
  if (dialog.open) dialog.close();
  else {
    dialog.showModal();
    start();
  }
});
document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-opens=palette]")) start();
});
// A click beside it closes it, as everybody expects.
dialog.addEventListener("click", ({ target }) => {
  if (target === dialog) dialog.close();
});

function start() {
  input.value = "";
  input.focus();
  ask();
}

async function ask() {
  asked?.abort();
  asked = new AbortController();
  const query = new URLSearchParams({ q: input.value, on: dialog.dataset.on });
  try {
    const answer = await fetch(`${dialog.dataset.url}?${query}`, { signal: asked.signal });
    show(answer.ok ? await answer.text() : "");
  } catch (error) {
    if (error.name !== "AbortError") show("");
  }
}

function show(html) {
  list.innerHTML = html;
  document.getElementById("palette-said").textContent = list.firstElementChild?.dataset.said ?? "";
  input.setAttribute("aria-expanded", String(options().length > 0));
  select(options()[0]);
}

function select(option) {
  active()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
}

input.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT);
});

input.addEventListener("keydown", (event) => {
  const all = options();
  const at = all.indexOf(active());
  const to = { ArrowDown: (at + 1) % all.length, ArrowUp: (at - 1 + all.length) % all.length }[event.key];
  if (to !== undefined && all.length) {
    event.preventDefault();
    select(all[to]);
  } else if (event.key === "Enter") {
    event.preventDefault();
    active()?.click();
  }
});

// A step of the open request is taken where its page offers it, else on the step's own page.
list.addEventListener("click", (event) => {
  const option = event.target.closest("a");
  if (!option || event.ctrlKey || event.metaKey || event.shiftKey) return;
  dialog.close();
  const path = CSS.escape(option.getAttribute("href"));
  const offered = document.querySelector(`#request a[hx-get="${path}"], #request form[action="${path}"] [type=submit]`);
  if (!offered) return;
  event.preventDefault();
  offered.click();
});
