/* Going through a list by keys: n and p press the links [data-key="n"] and [data-key="p"], or on the
   list itself go from row to row. The button [data-keys] switches the keys off and on again. */
"use strict";

(() => {
  const KEY = "list-keys";
  const hint = document.querySelector("[data-keys]");
  if (!hint) return;
  hint.hidden = false;
  let on = localStorage.getItem(KEY) !== "off";
  const show = () => hint.setAttribute("aria-pressed", String(on));
  show();
  hint.addEventListener("click", () => {
    on = !on;
    localStorage.setItem(KEY, on ? "on" : "off");
    show();
  });

  document.addEventListener("keydown", (event) => {
    if (!on || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (event.key !== "n" && event.key !== "p") return;
    const link = document.querySelector(`[data-key="${event.key}"]`);
    if (link) {
      link.click();
      return;
    }
    const rows = [...document.querySelectorAll(".q h3 a")];
    const place = rows.indexOf(document.activeElement);
    const next = event.key === "n" ? place + 1 : Math.max(place - 1, 0);
    rows[Math.min(next, rows.length - 1)]?.focus();
  });
})();
