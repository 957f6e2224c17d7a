// The page of a request, and triage: steps open in a dialog, and the offer to take a step back goes when its time is over.
const dialog = document.getElementById("step");

document.addEventListener("htmx:after:swap", () => {
  const body = document.getElementById("step-body");
  if (body?.childElementCount && !dialog.open) dialog.showModal();
  offers();
});

// What was done is shown in the page itself.
document.addEventListener("htmx:before:swap", ({ detail }) => {
  const target = detail?.ctx?.target;
  const shown = typeof target === "string" ? target : `#${target?.id}`;
  if (shown === "#request" || shown === "#triage") close();
});

function close() {
  document.getElementById("step-body").replaceChildren();
  if (dialog.open) dialog.close();
}
dialog.addEventListener("close", close);
dialog.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-closes]");
  if (link) event.preventDefault();
});

function offers() {
  for (const offer of document.querySelectorAll("[data-seconds]:not([data-counting])")) {
    offer.dataset.counting = "yes";
    setTimeout(() => offer.remove(), Number(offer.dataset.seconds) * 1000);
  }
}
offers();
