// Shows at the left which steps are filled, where something is wrong, and where one is.
const steps = [...document.querySelectorAll("[data-steps] a")].map((link) => ({
  link,
  section: document.querySelector(link.getAttribute("href")),
}));

// The browser's back button brings a page with a new one-time id, but with what was typed before: the history
// keeps the id of what was filed from there, so that filing it again leads to the same request.
const once = document.querySelector("[name=submission_id]");
if (once && history.state?.submission) once.value = history.state.submission;
// With its own mark there, htmx leaves the entry as it is.
else if (once) history.replaceState({ ...history.state, htmx: true, submission: once.value }, "");

// The asking team is filled in beforehand: it alone fills no step.
const holds = (control) =>
  control.name !== "requesting_team" && (control.type === "checkbox" ? control.checked : control.value.trim() !== "");

function mark({ link, section }) {
  const controls = [...section.querySelectorAll("input, select, textarea")];
  const wrong = Boolean(section.querySelector(".error"));
  link.parentElement.classList.toggle("filled", !wrong && controls.some(holds));
  link.parentElement.classList.toggle("wrong", wrong);
}

// One is where one types; else at the first step that is well in sight.
const inSight = new Set();
function here() {
  const typing = steps.find(({ section }) => section.contains(document.activeElement));
  const current = typing ?? steps.find(({ section }) => inSight.has(section));
  if (!current) return;
  for (const { link } of steps) {
    if (link === current.link) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  }
}

const seen = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) inSight[isIntersecting ? "add" : "delete"](target);
    here();
  },
  { rootMargin: "-20% 0px -60% 0px" },
);

for (const step of steps) {
  mark(step);
  seen.observe(step.section);
  step.section.addEventListener("input", () => mark(step));
  step.section.addEventListener("focusin", here);
}

// Offers words for the one that is being typed behind the last comma.
for (const input of document.querySelectorAll("[data-words]")) {
  const words = JSON.parse(input.dataset.words);
  const list = document.createElement("datalist");
  list.id = `${input.id}-words`;
  input.after(list);
  input.setAttribute("list", list.id);
  input.autocomplete = "off";
  const offer = () => {
    const [, before] = input.value.match(/^(.*,\s*)?[^,]*$/);
    const there = input.value.split(",").map((word) => word.trim().toLowerCase());
    const free = words.filter((word) => !there.slice(0, -1).includes(word.toLowerCase()));
    list.replaceChildren(...free.map((word) => new Option("", `${before ?? ""}${word}`)));
  };
  input.addEventListener("input", offer);
  input.addEventListener("focus", offer);
}

// A template fills what is still empty; what somebody has typed stays.
addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-presets]");
  if (!button) return;
  const presets = JSON.parse(document.getElementById(button.dataset.presets).textContent);
  for (const [name, value] of Object.entries(presets)) {
    const control = document.querySelector(`#intake [name="${CSS.escape(name)}"]`);
    if (!control || control.value.trim() !== "") continue;
    control.value = value;
    control.dispatchEvent(new Event("input", { bubbles: true }));
  }
});
const offer = () => {
  for (const button of document.querySelectorAll("[data-presets][hidden]")) button.hidden = false;
};
document.addEventListener("htmx:after:swap", offer);
offer();
