// The list of requests: short addresses, rows that can be chosen together, heads that sort by one thing more.

// ---- on a phone the filters stand behind a button, so that requests come first (parts.css)
for (const button of document.querySelectorAll("[data-unfolds]")) {
  const form = button.closest("form");
  form.classList.add("folds");
  button.addEventListener("click", () => {
    const open = form.classList.toggle("unfolded");
    button.setAttribute("aria-expanded", String(open));
  });
}

// ---- filters that are not set stay out of the address, so that it can be read and passed on
for (const form of document.querySelectorAll("form.filters")) {
  form.addEventListener("formdata", ({ formData }) => {
    for (const name of new Set(formData.keys())) {
      const values = formData.getAll(name).filter((value) => value !== "");
      formData.delete(name);
      for (const value of shortened(name, values, form)) formData.append(name, value);
    }
  });
}

function shortened(name, values, form) {
  if (!["ordering", "columns"].includes(name)) return values;
  // Who sorts by the same twice means the first.
  const fields = values.map((value) => value.replace(/^-/, ""));
  const joined = values.filter((_, at) => fields.indexOf(fields[at]) === at).join(",");
  return joined === form.dataset[name] ? [] : [joined];
}

// ---- Shift and a click on a head sorts by its column besides
for (const head of document.querySelectorAll("[data-besides]")) {
  head.addEventListener("click", (event) => {
    if (!event.shiftKey) return;
    event.preventDefault();
    location.assign(head.dataset.besides);
  });
}

// ---- choosing rows
const bulk = document.querySelector("[data-bulk]");
if (bulk) {
  const bar = bulk.querySelector("[data-bulk-bar]");
  const all = bulk.querySelector("[data-choose-all]");
  const none = bulk.querySelector("[data-choose-none]");
  const said = bar.querySelector("[data-count]");
  const boxes = [...bulk.querySelectorAll("[name=numbers]")];

  const update = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    bar.hidden = chosen === 0;
    said.textContent = said.dataset.count.replace("{n}", chosen);
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
    for (const box of boxes) box.closest("tr").classList.toggle("chosen", box.checked);
  };
  const set = (checked) => {
    for (const box of boxes) box.checked = checked;
    update();
  };
  all.hidden = none.hidden = false;
  said.setAttribute("role", "status");
  all.addEventListener("change", () => set(all.checked));
  none.addEventListener("click", () => set(false));
  bulk.addEventListener("change", ({ target }) => target.name === "numbers" && update());
  // The browser may bring back what was chosen before.
  addEventListener("pageshow", update);
  update();
}
