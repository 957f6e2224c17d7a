// A saved reply that is chosen goes into its field where the cursor stands, and can be changed there.
document.addEventListener("change", ({ target }) => {
  const into = target.dataset?.replies && document.getElementById(target.dataset.replies);
  if (!into || !target.value) return;
  const { selectionStart: start, selectionEnd: end, value } = into;
  const gap = start && !value.slice(0, start).endsWith("\n") ? "\n\n" : "";
  into.setRangeText(gap + target.value, start, end, "end");
  target.value = "";
  into.dispatchEvent(new Event("input", { bubbles: true }));
  into.focus();
});
