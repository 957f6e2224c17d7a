// The inbox by keys: e archives what is chosen, s puts it off until tomorrow morning, u takes the last back.
// j, k and x are those of every list (keys.js).
const BUTTONS = { e: "[data-archive]", s: "[data-snooze]" };
const typing = (element) => element.closest("textarea, select, dialog[open], input:not([type=checkbox])");

const row = () => {
  const here = document.activeElement?.closest("[data-entry]");
  return here ?? document.querySelector(".inbox [data-entry]");
};

document.addEventListener(
  "keydown",
  (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.documentElement.dataset.keys === "off" || document.querySelector("dialog[open]")) return;
    const button = event.key === "u" ? document.querySelector("[data-undo]") : BUTTONS[event.key] && row()?.querySelector(BUTTONS[event.key]);
    if (!button) return;
    event.preventDefault();
    button.click();
  },
  true,
);
