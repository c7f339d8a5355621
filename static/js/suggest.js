/* Suggestions while typing: input[data-suggest] becomes a combobox with a list of places to go (ARIA 1.2).
   Without this file, or without an answer, the box and its button work as they are. */
"use strict";

(() => {
  const PAUSE = 120;

  document.querySelectorAll("input[data-suggest]").forEach((input, order) => {
    const box = input.closest(".search");
    if (!box) return;
    const list = document.createElement("ul");
    const said = document.createElement("p");
    let found = [];
    let active = -1;
    let timer = 0;
    let asking = null;

    list.id = `suggestions-${order}`;
    list.className = "suggest";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.dataset.suggestLabel);
    list.hidden = true;
    said.className = "vh";
    said.setAttribute("role", "status");
    box.append(list, said);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);
    input.autocomplete = "off";

    const mark = (place) => {
      active = place;
      [...list.children].forEach((item, n) => item.setAttribute("aria-selected", String(n === place)));
      if (place >= 0) {
        input.setAttribute("aria-activedescendant", list.children[place].id);
        list.children[place].scrollIntoView({ block: "nearest" });
      } else input.removeAttribute("aria-activedescendant");
    };

    const close = () => {
      clearTimeout(timer);
      if (asking) asking.abort();
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      mark(-1);
    };

    const part = (tag, words) => {
      const piece = document.createElement(tag);
      piece.textContent = words;
      return piece;
    };

    const open = () => {
      list.replaceChildren(
        ...found.map((each, n) => {
          const item = document.createElement("li");
          item.id = `${list.id}-${n}`;
          item.setAttribute("role", "option");
          item.append(part("small", each.kind), part("span", each.words));
          if (each.note) item.append(part("small", each.note));
          return item;
        }),
      );
      list.hidden = !found.length;
      input.setAttribute("aria-expanded", String(found.length > 0));
      said.textContent = found.length ? input.dataset.suggestFound.replace("{n}", found.length) : "";
      mark(-1);
    };

    const ask = async () => {
      const words = input.value.trim();
      if (asking) asking.abort();
      if (!words) return close();
      asking = new AbortController();
      const { signal } = asking;
      try {
        const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(words)}`, { signal });
        if (!answer.ok) return close();
        const offers = await answer.json();
        if (signal.aborted || document.activeElement !== input) return undefined;
        found = offers;
        open();
      } catch (error) {
        if (error.name !== "AbortError") close();
      }
      return undefined;
    };

    input.addEventListener("input", (event) => {
      // Half a character of an input method is nothing to ask for.
      if (event.isComposing) return;
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    });
    input.addEventListener("compositionend", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      } else if (event.key === "ArrowDown" && list.hidden) {
        ask();
      } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !list.hidden) {
        event.preventDefault();
        const places = found.length + 1;
        const step = event.key === "ArrowDown" ? 1 : -1;
        mark(((active + 1 + step + places) % places) - 1);
      } else if (event.key === "Enter" && active >= 0) {
        event.preventDefault();
        location.assign(found[active].url);
      } else if (event.key === "Tab") close();
    });
    input.addEventListener("blur", close);
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const item = event.target.closest('[role="option"]');
      if (item) location.assign(found[[...list.children].indexOf(item)].url);
    });
  });
})();
