// Files of a request: chosen, dropped or pasted, they are sent one after the other with their progress. The server
// answers with the section anew, or with what is wrong; without this module the plain form does the same.
import { csrf } from "./csrf.js";

const section = () => document.querySelector("[data-uploads]");
const words = document.body.dataset;
let queue = Promise.resolve();

function ready() {
  const form = section()?.querySelector("form.upload");
  if (!form) return;
  form.querySelector(".can-drop").hidden = false;
  form.querySelector("button").hidden = true;
}

function add(files) {
  if (!section()) return;
  for (const file of files) {
    const row = waiting(file);
    queue = queue.then(() => send(file, row));
  }
}

function waiting(file) {
  const list = section().querySelector(".uploading");
  const row = document.createElement("li");
  const name = document.createElement("span");
  name.className = "what";
  name.textContent = file.name;
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  row.append(name, bar);
  list.append(row);
  list.hidden = false;
  return row;
}

function send(file, row) {
  const { uploads, largest, tooLarge } = section().dataset;
  if (file.size > Number(largest)) return fail(row, tooLarge.replace("{name}", file.name));
  return new Promise((done) => {
    const body = new FormData();
    body.append("file", file);
    const call = new XMLHttpRequest();
    call.open("POST", uploads);
    call.setRequestHeader("X-CSRFToken", csrf());
    call.setRequestHeader("HX-Request", "true");
    call.setRequestHeader("X-Author", words.author);
    call.upload.addEventListener("progress", ({ loaded, total }) => {
      row.querySelector("progress").value = loaded / total;
    });
    call.addEventListener("error", () => done(fail(row, words.offline)));
    call.addEventListener("load", () => done(answered(call, row)));
    call.send(body);
  });
}

function answered(call, row) {
  const answer = new DOMParser().parseFromString(call.responseText, "text/html");
  const fresh = answer.querySelector("[data-uploads]");
  const wrong = [...answer.querySelectorAll("[role=alert]")].map((note) => note.textContent.trim());
  if (call.status !== 200 || !fresh) {
    const usual = { 401: words.forbidden, 403: words.forbidden, 404: words.gone }[call.status] ?? words.error;
    return fail(row, wrong.join(" ") || usual);
  }
  row.remove();
  show(fresh);
  window.dispatchEvent(new CustomEvent("tandem:toast", { detail: { text: fresh.dataset.done } }));
}

// What is still on its way, or was refused, stays in sight.
function show(fresh) {
  const pending = section().querySelector(".uploading");
  fresh.querySelector(".uploading").replaceWith(pending);
  pending.hidden = !pending.childElementCount;
  section().replaceWith(fresh);
  window.htmx?.process(fresh);
  ready();
}

function fail(row, text) {
  const said = document.createElement("p");
  said.className = "error";
  said.setAttribute("role", "alert");
  said.textContent = text;
  const dismiss = document.createElement("button");
  dismiss.type = "button";
  dismiss.className = "btn btn-small";
  dismiss.textContent = section()?.dataset.dismiss ?? "×";
  dismiss.addEventListener("click", () => row.remove());
  row.replaceChildren(said, dismiss);
}

document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-uploads] input[type=file]")) return;
  add([...target.files]);
  target.value = "";
});

const carriesFiles = (event) => section() && event.dataTransfer?.types.includes("Files");
document.addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  section().classList.add("dropping");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) section()?.classList.remove("dropping");
});
document.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  section().classList.remove("dropping");
  add([...event.dataTransfer.files]);
});

// Browsers call every pasted image image.png; a name with the time tells them apart.
document.addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files ?? [])];
  // Cells of a table come as a picture, too; what was meant is their text.
  if (!files.length || !section() || event.clipboardData.types.includes("text/plain")) return;
  event.preventDefault();
  const now = new Date();
  const time = new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 19).replace("T", " ").replaceAll(":", ".");
  add(files.map((file) => (file.name === "image.png" ? named(file, `${section().dataset.pasted} ${time}.png`) : file)));
});
const named = (file, name) => new File([file], name, { type: file.type });

document.addEventListener("htmx:after:swap", ready);
ready();
