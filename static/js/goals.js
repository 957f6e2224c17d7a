// The tree of goals follows what others check in, together where several come at once.
const TOGETHER_MS = 400;

let planned = 0;

addEventListener("tandem:live", ({ detail }) => {
  if (planned || !(detail.name === "resync" || detail.about === "goal")) return;
  planned = setTimeout(() => {
    planned = 0;
    document.getElementById("goal-tree")?.dispatchEvent(new Event("fresh"));
  }, TOGETHER_MS);
});
