// A page says that there is something new of the requests that it shows, and shows it when it is asked to: never under
// the hands. Of one request it says what; of many, and of the inbox, only that.
// Its own changes come back as well; they are there already, so their numbers are not above the page's mark.
const news = document.getElementById("news");
const numbers = new Set((news.dataset.numbers ?? news.dataset.number).split(" ").filter(Boolean).map(Number));
const words = JSON.parse(document.getElementById("news-words").textContent);
const AFTER_MS = 1500;

const shown = () => Number(document.getElementById("request")?.dataset.mark ?? 0);

addEventListener("tandem:live", ({ detail }) => {
  if (detail.name === "resync") return news.dataset.state && setTimeout(ask, Math.random() * AFTER_MS);
  const mine = detail.about === "request" && numbers.has(detail.number) && !words.untold.includes(detail.kind);
  if (!mine && !("inbox" in news.dataset && detail.about === "inbox")) return;
  setTimeout(() => offer(detail.event || Infinity, words[detail.kind]), AFTER_MS);
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
news.querySelector("button")?.addEventListener("htmx:after:swap", restore);
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
