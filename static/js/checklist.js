// The checklist of a request: dragged into another order. The buttons beside each item do the same by keyboard.
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

function sorts() {
  for (const list of document.querySelectorAll("[data-sorts]:not([data-sorted-by])")) {
    list.dataset.sortedBy = "dragging";
    window.Sortable.create(list, {
      draggable: "[data-item]",
      filter: "button, a",
      preventOnFilter: false,
      forceFallback: true,
      fallbackTolerance: 4,
      delay: 180,
      delayOnTouchOnly: true,
      touchStartThreshold: 6,
      animation: still ? 0 : 120,
      onEnd: ({ item, oldDraggableIndex, newDraggableIndex }) => {
        if (oldDraggableIndex !== newDraggableIndex) place(item);
      },
    });
  }
}

// Pressed in the name of the person: the button carries the item above as the place to go to.
function place(item) {
  const [up] = item.querySelectorAll("[data-place] button");
  up.value = item.previousElementSibling?.dataset.item ?? "";
  up.disabled = false;
  up.click();
}

document.addEventListener("htmx:after:swap", sorts);
sorts();
