/* ol.order with li[data-entry]: rows move by their grip, by alt and the arrows, and by the buttons
   [data-up] and [data-down]; nothing is sent before form#order is. Without script the same buttons
   send form#move. */
"use strict";

(() => {
  const form = document.getElementById("order");
  const list = document.querySelector("ol.order");
  if (!form || !list) return;
  const field = form.querySelector("[data-order]");
  const unsaved = form.querySelector("[data-unsaved]");
  const said = document.querySelector("[data-said]");
  const rows = () => [...list.querySelectorAll("li[data-entry]")];
  const before = field.value;
  let leaving = false;

  document.querySelectorAll("[data-grip], [data-drag-help]").forEach((one) => { one.hidden = false; });
  document.querySelectorAll("[data-plain-help]").forEach((one) => { one.hidden = true; });
  list.classList.add("moving");

  function number() {
    rows().forEach((row, at) => {
      row.querySelector("[data-place]").textContent = at + 1;
      row.querySelector("[data-to]").value = at + 1;
    });
    field.value = rows().map((row) => row.dataset.entry).join(",");
    const same = field.value === before;
    unsaved.hidden = same;
    list.classList.toggle("stale", !same);
  }

  function put(row, place) {
    const all = rows();
    const from = all.indexOf(row);
    const to = Math.min(Math.max(place, 0), all.length - 1);
    if (to === from) return;
    list.insertBefore(row, to > from ? all[to].nextSibling : all[to]);
    number();
    said.textContent = said.dataset.words.replace("{n}", to + 1);
  }

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-up], [data-down]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("li");
    put(row, rows().indexOf(row) + (button.matches("[data-up]") ? -1 : 1));
    button.focus();
  });
  list.addEventListener("change", (event) => {
    const typed = event.target.closest("[data-to]");
    if (!typed) return;
    const place = Number.parseInt(typed.value, 10);
    if (place > 0) put(typed.closest("li"), place - 1);
    number();
    typed.focus();
  });
  list.addEventListener("keydown", (event) => {
    const row = event.target.closest("li[data-entry]");
    if (!row) return;
    if (event.key === "Enter" && event.target.matches("[data-to]")) {
      event.preventDefault();
      event.target.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    const held = document.activeElement;
    put(row, rows().indexOf(row) + (event.key === "ArrowUp" ? -1 : 1));
    held.focus();
  });

  let dragged = null;
  list.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button > 0) return;
    event.preventDefault();
    dragged = grip.closest("li");
    grip.setPointerCapture(event.pointerId);
    dragged.classList.add("dragged");
  });
  list.addEventListener("pointermove", (event) => {
    if (!dragged) return;
    const edge = 60;
    if (event.clientY < edge) window.scrollBy(0, -12);
    if (event.clientY > window.innerHeight - edge) window.scrollBy(0, 12);
    const all = rows();
    const from = all.indexOf(dragged);
    const to = all.findIndex((row) => {
      const box = row.getBoundingClientRect();
      return event.clientY >= box.top && event.clientY <= box.bottom;
    });
    if (to < 0 || to === from) return;
    // Not over its half yet: a row higher than its neighbour would jump to and fro.
    const box = all[to].getBoundingClientRect();
    const half = box.top + box.height / 2;
    if (to > from ? event.clientY < half : event.clientY > half) return;
    // The others step aside: the row that is held stays in the document, or it would be let go.
    if (to > from) all.slice(from + 1, to + 1).forEach((row) => list.insertBefore(row, dragged));
    else all.slice(to, from).reverse().forEach((row) => dragged.after(row));
  });
  function drop() {
    if (!dragged) return;
    dragged.classList.remove("dragged");
    const place = rows().indexOf(dragged) + 1;
    dragged = null;
    number();
    said.textContent = said.dataset.words.replace("{n}", place);
  }
  list.addEventListener("pointerup", drop);
  list.addEventListener("pointercancel", drop);

  form.addEventListener("submit", () => { leaving = true; });
  unsaved.querySelector("a").addEventListener("click", () => { leaving = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && field.value !== before) event.preventDefault();
  });
})();
