// A request's page says that there is something new, and shows it when it is asked to: never under the hands.
// Its own changes come back as well; they are there already, so their numbers are not above the page's mark.
const news = document.getElementById("news");
const number = Number(news.dataset.number);
const words = JSON.parse(document.getElementById("news-words").textContent);
const AFTER_MS = 1500;

const shown = () => Number(document.getElementById("request")?.dataset.mark ?? 0);

addEventListener("tandem:live", ({ detail }) => {
  if (detail.name === "resync") return setTimeout(ask, Math.random() * AFTER_MS);
  if (detail.about !== "request" || detail.number !== number || words.untold.includes(detail.kind)) return;
  setTimeout(() => offer(detail.event, words[detail.kind]), AFTER_MS);
});

let offered = 0;

function offer(event, text) {
  if (event <= shown()) return;
  offered = Math.max(offered, event);
  news.querySelector("[data-text]").textContent = text ?? words.other;
  news.hidden = false;
}

async function ask() {
  const answer = await fetch(news.dataset.state, { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.ok) offer((await answer.json()).mark);
}

// What was being typed is kept over the swap.
const key = (field) => `${field.form?.getAttribute("action")} ${field.name} ${field.type === "checkbox" ? field.value : ""}`;
const typed = (field) => field.name && field.form && (field.value !== field.defaultValue || field.checked !== field.defaultChecked);
let kept = new Map();

document.addEventListener("htmx:before:swap", () => {
  const fields = document.querySelectorAll("#request textarea, #request input:not([type=hidden], [type=file])");
  kept = new Map([...fields].filter(typed).map((field) => [key(field), field]));
});
news.querySelector("button").addEventListener("htmx:after:swap", restore);
document.addEventListener("htmx:after:swap", () => {
  if (offered <= shown()) news.hidden = true;
});

function restore() {
  for (const field of document.querySelectorAll("#request textarea, #request input")) {
    const before = kept.get(key(field));
    if (!before) continue;
    field.value = before.value;
    field.checked = before.checked;
  }
}
