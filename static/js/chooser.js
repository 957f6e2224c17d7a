// Fields with data-choices offer what fits while one types. The server understands the words without this, too.
const PAUSE = 150;
const asked = new WeakMap();
let count = 0;

function listOf(input) {
  if (input.list) return input.list;
  const list = document.createElement("datalist");
  list.id = `choices-${(count += 1)}`;
  input.after(list);
  input.setAttribute("list", list.id);
  return list;
}

async function offer(input) {
  const words = input.value.trim();
  if (asked.get(input) === words) return;
  asked.set(input, words);
  const address = new URL(input.dataset.choices, location);
  address.searchParams.set("q", words);
  const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
  // Without an answer nothing is offered; what is typed counts all the same.
  if (!answer?.ok || asked.get(input) !== words) return;
  const { choices } = await answer.json();
  listOf(input).replaceChildren(...choices.map((choice) => Object.assign(document.createElement("option"), { value: choice })));
}

let waiting;
document.addEventListener("input", ({ target }) => {
  if (!target.dataset?.choices) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => offer(target), PAUSE);
});
document.addEventListener("focusin", ({ target }) => {
  if (target.dataset?.choices) offer(target);
});
