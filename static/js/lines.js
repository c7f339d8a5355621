/* The lines of a need: [data-lines] holds .line fieldsets; a button [data-add] clones <template data-line>,
   [data-remove] takes one away, [data-raise] moves one up, names and ids are renumbered lines-0-..., and [data-lines-sum] shows the total.
   The template's markup says lines-N- where the number goes. Exact: thousandths times fen, in integers. */
"use strict";

(() => {
  const list = document.querySelector("[data-lines]");
  const template = document.querySelector("template[data-line]");
  if (!list || !template) return;
  const form = list.closest("form");
  const output = form.querySelector("[data-lines-sum]");
  const NUMBERED = ["id", "name", "for", "aria-describedby"];

  const lines = () => [...list.querySelectorAll(".line")];

  function renumber() {
    lines().forEach((line, number) => {
      for (const element of [line, ...line.querySelectorAll("[id], [name], [for], [aria-describedby]")]) {
        for (const key of NUMBERED) {
          const value = element.getAttribute(key);
          if (value) element.setAttribute(key, value.replace(/lines-(\d+|N)/g, `lines-${number}`));
        }
      }
      const order = line.querySelector("[data-order]");
      if (order) order.textContent = String(number + 1);
    });
  }

  function toInteger(text, places) {
    const parts = /^(\d*)(?:\.(\d*))?$/.exec(text.normalize("NFKC").trim().replace(/[,，\s]/g, ""));
    if (!parts || !(parts[1] || parts[2])) return 0n;
    return BigInt((parts[1] || "0") + (parts[2] || "").slice(0, places).padEnd(places, "0"));
  }

  function count() {
    if (!output) return;
    let total = 0n;
    for (const line of lines()) {
      const quantity = line.querySelector('[name$="-quantity"], [name$="-needed"]');
      const price = line.querySelector('[name$="-unit_price"]');
      const kind = line.querySelector('[name$="-kind"]')?.value;
      // The server prices money at one yuan and jobs at nothing, whatever was typed.
      const each = kind === "money" ? "1" : kind === "jobs" ? "" : price?.value ?? "";
      if (quantity && price) total += (toInteger(quantity.value, 3) * toInteger(each, 2) + 500n) / 1000n;
    }
    const yuan = (total / 100n).toString().replace(/\B(?=(\d{3})+$)/g, ",");
    const fen = (total % 100n).toString().padStart(2, "0");
    output.textContent = `${yuan}${fen === "00" ? "" : `.${fen}`}\u00a0元`;
  }

  form.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add]");
    const remove = event.target.closest("[data-remove]");
    const raise = event.target.closest("[data-raise]");
    if (!add && !remove && !raise) return;
    event.preventDefault();
    if (raise) {
      const line = raise.closest(".line");
      line.previousElementSibling?.before(line);
      renumber();
      (line.previousElementSibling ? raise : line.querySelector("input:not([type=hidden]), select")).focus();
    } else if (add) {
      list.append(template.content.cloneNode(true));
      renumber();
      lines().at(-1).querySelector("input:not([type=hidden]), select, textarea").focus();
    } else if (lines().length > 1) {
      const line = remove.closest(".line");
      const next = line.nextElementSibling || line.previousElementSibling;
      line.remove();
      renumber();
      next?.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    }
    count();
  });
  form.addEventListener("input", count);
  count();
})();
