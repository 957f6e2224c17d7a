// The inbox by keys: e archives what is chosen, s puts it off until tomorrow morning, u takes the last back.
// j, k and x are those of every list (keys.js).
const BUTTONS = { e: "[data-archive]", s: "[data-snooze]" };
const typing = (element) => element.closest("textarea, select, dialog[open], input:not([type=checkbox])");

const PLACE = "inbox-place";
const rows = () => [...document.querySelectorAll(".inbox [data-entry]")];
const row = () => document.activeElement?.closest("[data-entry]") ?? rows()[0];

// What is done by a key loads the page anew: it goes on with what stands in the same place then.
const place = sessionStorage.getItem(PLACE);
sessionStorage.removeItem(PLACE);
if (place !== null && rows().length) rows()[Math.min(Number(place), rows().length - 1)].querySelector("a").focus();

document.addEventListener(
  "keydown",
  (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.documentElement.dataset.keys === "off" || document.querySelector("dialog[open]")) return;
    const button = event.key === "u" ? document.querySelector("[data-undo]") : BUTTONS[event.key] && row()?.querySelector(BUTTONS[event.key]);
    if (!button) return;
    event.preventDefault();
    sessionStorage.setItem(PLACE, Math.max(rows().indexOf(row()), 0));
    button.click();
  },
  true,
);
