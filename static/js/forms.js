// Forms that must not lose or repeat anything.
//   data-guard   leaving the page with unsaved input asks first
//   data-once    a second submit of the same page is ignored until the answer is there
//   data-auto    a change submits (filters), but not inside data-later, which has a button of its own
import { csrf } from "./csrf.js";

const words = document.body.dataset;
const changed = new WeakSet();

document.addEventListener("input", ({ target }) => {
  const form = target.form;
  if (form?.hasAttribute("data-guard")) changed.add(form);
});
document.addEventListener("change", ({ target }) => {
  if (target.form?.hasAttribute("data-auto") && !target.closest("[data-later]")) target.form.requestSubmit();
});
// What was saved on the way is no longer unsaved.
document.addEventListener("saved", ({ target }) => changed.delete(target.closest?.("form") ?? target));

addEventListener("beforeunload", (event) => {
  if ([...document.querySelectorAll("form[data-guard]")].some((form) => changed.has(form))) event.preventDefault();
});

const first = csrf();
const checked = new WeakSet();
document.addEventListener(
  "submit",
  (event) => {
    const { target: form, submitter } = event;
    const field = form.elements.csrfmiddlewaretoken;
    if (!field) return;
    field.value = csrf();
    if (form.hasAttribute("data-anyone") || !words.author) return;
    if (!form.elements.author && !form.elements.drawn_for) form.append(hidden("drawn_for", words.author));
    if (csrf() === first || checked.delete(form)) return;
    // Somebody has signed in since this page was drawn; it leaves only if that was the same person.
    event.preventDefault();
    event.stopImmediatePropagation();
    whyNot().then((why) => {
      form.querySelector("[data-not-sent]")?.remove();
      if (why) return refuse(form, why);
      checked.add(form);
      form.requestSubmit(submitter);
    });
  },
  { capture: true },
);

function hidden(name, value) {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name, value });
  return input;
}

// Where nothing can be learnt, the server decides about what is sent.
async function whyNot() {
  try {
    const headers = { "X-Author": words.author, Accept: "application/json" };
    const answer = await fetch(words.stillMine, { headers });
    return answer.status === 409 ? (await answer.json()).message : "";
  } catch {
    return "";
  }
}

// Beside what was typed, or where nothing was, in a toast.
function refuse(form, why) {
  if (!form.querySelector("textarea, select, input:not([type=hidden])")) {
    dispatchEvent(new CustomEvent("tandem:toast", { detail: { text: why } }));
    return;
  }
  const note = document.createElement("div");
  note.className = "note bad";
  note.dataset.notSent = "";
  note.setAttribute("role", "alert");
  note.append(document.createElement("p"));
  note.firstChild.textContent = why;
  form.prepend(note);
  note.scrollIntoView({ block: "nearest" });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  changed.delete(form);
  if (!form.hasAttribute("data-once")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
});
// Coming back by the back button shows the page as it was left: it may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
