// On a phone one column fills the page: which one it is, and a dot to press for each of the others.
const board = document.querySelector("[data-board]");
const place = document.getElementById("board-place");
const words = place.querySelector("[data-words]");
const dots = [...place.querySelectorAll("button")];
// With lanes the heads stand for the columns.
const columns = [...board.querySelectorAll(board.querySelector(".heads") ? ".heads > .col" : ":scope > .col")];
let shown = -1;

function show(index) {
  if (index === shown) return;
  shown = index;
  dots.forEach((dot, n) => (n === index ? dot.setAttribute("aria-current", "true") : dot.removeAttribute("aria-current")));
  words.textContent = dots[index].getAttribute("aria-label");
}

function look() {
  const left = board.getBoundingClientRect().left + 16;
  const away = columns.map((column) => Math.abs(column.getBoundingClientRect().left - left));
  const atEnd = board.scrollLeft + board.clientWidth >= board.scrollWidth - 2 && board.scrollLeft > 2;
  show(atEnd ? columns.length - 1 : away.indexOf(Math.min(...away)));
}

let asked = 0;
board.addEventListener(
  "scroll",
  () => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(look);
  },
  { passive: true },
);
place.addEventListener("click", ({ target }) => {
  const index = dots.indexOf(target.closest("button"));
  if (index < 0) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  columns[index].scrollIntoView({ behavior: calm ? "auto" : "smooth", inline: "start", block: "nearest" });
  show(index);
});
place.hidden = columns.length < 2;
look();
