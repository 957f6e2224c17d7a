// The page of a request, and triage: steps open in a dialog, and the offer to take a step back says when its time is over.
const dialog = document.getElementById("step");

document.addEventListener("htmx:after:swap", () => {
  const body = document.getElementById("step-body");
  if (body?.childElementCount && !dialog.open) {
    dialog.showModal();
    // One came to answer, not to close it.
    body.querySelector("[data-focus], textarea, select, input:not([type=hidden])")?.focus();
  }
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
    setTimeout(() => end(offer), Number(offer.dataset.seconds) * 1000);
  }
}

// Its place stays: whatever stands below must not move away under a pointer or typing hands.
function end(offer) {
  offer.style.minHeight = `${offer.offsetHeight}px`;
  offer.classList.add("over");
  offer.querySelector("p").textContent = offer.dataset.over;
  const button = offer.querySelector("button");
  if (button === document.activeElement) document.getElementById("content").focus({ preventScroll: true });
  button.disabled = true;
}
offers();

// The question is asked where all the talk is; the way there chooses who shall answer.
document.addEventListener("click", (event) => {
  const ask = event.target.closest("[data-ask]");
  const form = document.getElementById("comment-form");
  if (!ask || !form || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  form.elements.question_to.value = ask.dataset.ask;
  form.elements.body.focus({ preventScroll: true });
  form.scrollIntoView({ block: "center" });
});
