// Typing @ in a text offers those who may see the request. The server understands a typed name without this, too.
//   <form data-mentions="address"> … <textarea> …
// The arrow keys choose, Enter or Tab takes, Escape closes; the number of offers is said to screen readers.
const PAUSE = 150;
const TYPED = /(?:^|[\s(])@([^\s@[\]()]{0,40}(?: [^\s@[\]()]{1,40})?)$/u;
let list;
let box;
let chosen = -1;
let offers = [];
let waiting;
let asked = 0;

const words = (area) => area.value.slice(0, area.selectionStart).match(TYPED)?.[1];

function open(area, rows) {
  if (list?.previousElementSibling !== area) close();
  if (!rows.length) return close();
  if (!list) {
    box = area;
    list = Object.assign(document.createElement("ul"), { id: `${area.id}-people`, className: "mention-list" });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", area.form.dataset.mentionsLabel);
    area.after(list);
    area.setAttribute("aria-controls", list.id);
  }
  offers = rows;
  list.replaceChildren(...rows.map(option));
  say(area.form.dataset.mentionsFound.replace("#", rows.length));
  choose(0);
}

function option({ name, hint }, place) {
  const row = Object.assign(document.createElement("li"), { id: `${box.id}-person-${place}` });
  row.setAttribute("role", "option");
  const side = Object.assign(document.createElement("small"), { textContent: hint });
  row.append(name, " ", side);
  // Before the text loses the focus.
  row.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    take(place);
  });
  return row;
}

function choose(place) {
  chosen = (place + offers.length) % offers.length;
  [...list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === chosen)));
  box.setAttribute("aria-activedescendant", list.children[chosen].id);
  list.children[chosen].scrollIntoView({ block: "nearest" });
}

function take(place) {
  const area = box;
  const caret = area.selectionStart;
  const begin = caret - words(area).length - 1;
  const text = `${offers[place].insert} `;
  close();
  area.setRangeText(text, begin, caret, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
}

function close() {
  asked += 1;
  clearTimeout(waiting);
  list?.remove();
  box?.removeAttribute("aria-activedescendant");
  box?.removeAttribute("aria-controls");
  list = box = undefined;
  chosen = -1;
}

function say(text) {
  let voice = document.getElementById("mention-voice");
  if (!voice) {
    voice = Object.assign(document.createElement("p"), { id: "mention-voice", className: "visually-hidden" });
    voice.setAttribute("role", "status");
    (box.closest("dialog") ?? document.body).append(voice);
  }
  voice.textContent = text;
}

async function offer(area) {
  const typed = words(area);
  const mine = (asked += 1);
  const address = new URL(area.form.dataset.mentions, location);
  address.searchParams.set("q", typed);
  const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
  // Without an answer nothing is offered; what is typed counts all the same.
  if (!answer?.ok || mine !== asked) return;
  open(area, (await answer.json()).choices);
}

document.addEventListener("input", ({ target }) => {
  if (target.tagName !== "TEXTAREA" || !target.form?.dataset.mentions) return;
  clearTimeout(waiting);
  if (words(target) === undefined) return close();
  waiting = setTimeout(() => offer(target), PAUSE);
});

document.addEventListener(
  "keydown",
  (event) => {
    if (!list || event.target !== box || event.isComposing) return;
    const keys = {
      ArrowDown: () => choose(chosen + 1),
      ArrowUp: () => choose(chosen - 1),
      Enter: () => take(chosen),
      Tab: () => take(chosen),
      Escape: close,
    };
    if (!keys[event.key] || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  },
  { capture: true },
);
document.addEventListener("focusout", ({ target }) => target === box && close());
