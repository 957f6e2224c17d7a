// What every page does: the CSRF header, words for failed requests, menus, dialogs and keys.
import { csrf } from "./csrf.js";

const words = document.body.dataset;

// ---- requests by htmx

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (ctx.request.method !== "GET") ctx.request.headers["X-CSRFToken"] = csrf();
  // Whose page this is: nothing of it is done as somebody else who has signed in beside it.
  if (words.author) ctx.request.headers["X-Author"] = words.author;
});

document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  const { status } = ctx.response;
  // These answers say themselves, where they are swapped in, what has to be done.
  if ([400, 409, 412, 422].includes(status)) return;
  toast(
    { 401: words.forbidden, 403: words.forbidden, 404: words.gone, 413: words.large, 429: words.throttled }[status] ?? words.error,
  );
});

document.addEventListener("htmx:error", ({ detail: { ctx } }) => toast(ctx?.response ? words.error : words.offline));

// ---- toasts: window.dispatchEvent(new CustomEvent("tandem:toast", {detail: {text: "…"}})),
//      or the answer's header HX-Trigger: {"tandem:toast": {"text": "…"}}
function toast(text) {
  const line = document.createElement("div");
  line.className = "toast-line";
  const said = document.createElement("span");
  said.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "×";
  close.setAttribute("aria-label", words.close);
  close.addEventListener("click", () => line.remove());
  line.append(said, close);
  document.getElementById("toasts").append(line);
  setTimeout(() => line.matches(":hover, :focus-within") || line.remove(), 9000);
}
window.addEventListener("tandem:toast", ({ detail }) => toast(detail.text));

// ---- drop-down menus close on Escape, on a click elsewhere, and when another opens
const openDrops = () => document.querySelectorAll("details.drop[open]");
document.addEventListener("click", ({ target }) => {
  for (const drop of openDrops()) if (!drop.contains(target)) drop.open = false;
});
document.addEventListener("focusin", ({ target }) => {
  for (const drop of openDrops()) if (!drop.contains(target)) drop.open = false;
});

// ---- dialogs: <button data-opens="id"> … <dialog class="box" id="id"> … <button data-closes>
document.addEventListener("click", ({ target }) => {
  const opens = target.closest("[data-opens]");
  if (opens) document.getElementById(opens.dataset.opens)?.showModal();
  target.closest("[data-closes]")?.closest("dialog")?.close();
});

// ---- keys: "/" searches; data-key="a" presses that button or link while nothing is being typed
const typing = (element) => element.closest("input, textarea, select, [contenteditable], dialog[open]");
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const drop of openDrops()) {
      drop.open = false;
      drop.querySelector("summary").focus();
    }
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.querySelector("dialog[open]") || document.documentElement.dataset.keys === "off") return;
  if (event.key === "/") {
    event.preventDefault();
    document.querySelector(".search input")?.focus();
    return;
  }
  const pressed = document.querySelector(`[data-key="${CSS.escape(event.key)}"]:not(:disabled)`);
  if (pressed) {
    event.preventDefault();
    pressed.click();
  }
});

// ---- what must be read first takes the focus
const first = (root) => root.querySelector?.("[data-focus]")?.focus();
first(document);
document.addEventListener("htmx:after:swap", ({ target }) => first(target.isConnected ? target : document));

// ---- where the portal cannot be reached, a page says so (templates/portal/sw.js); without a worker the browser does
navigator.serviceWorker?.register("/sw.js").catch((error) => console.info("No page for being offline:", error.message));
