// Links to copy and pages to print; the buttons are there only where the browser can do it.
function offer() {
  for (const button of document.querySelectorAll("[data-copy][hidden], [data-copy-text][hidden], [data-print][hidden]")) button.hidden = false;
}
offer();
document.addEventListener("htmx:after:swap", offer);

const say = (text) => dispatchEvent(new CustomEvent("tandem:toast", { detail: { text } }));

document.addEventListener("click", async ({ target }) => {
  if (target.closest("[data-print]")) print();
  const button = target.closest("[data-copy], [data-copy-text]");
  if (!button) return;
  const { copy, copyText } = button.dataset;
  try {
    await navigator.clipboard.writeText(copyText ? document.getElementById(copyText).textContent : new URL(copy, location.href).href);
    say(button.dataset.done);
  } catch {
    say(button.dataset.failed);
  }
});
