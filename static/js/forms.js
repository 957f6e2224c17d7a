// Forms that must not lose or repeat anything.
//   data-guard   leaving the page with unsaved input asks first
//   data-once    a second submit of the same page is ignored until the answer is there
//   data-auto    a change submits (filters), but not inside data-later, which has a button of its own
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

// Who signed in again in another tab has a new token; the form of this page still holds the former one.
const token = () => document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1];
document.addEventListener(
  "submit",
  ({ target }) => {
    const field = target.elements.csrfmiddlewaretoken;
    if (field && token()) field.value = token();
  },
  { capture: true },
);

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
