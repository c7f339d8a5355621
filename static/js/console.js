/* The console of a ceremony: keys press its buttons, and #console is fetched anew after each step,
   one's own or another operator's. A step that was not answered is sent again as it is: its form key
   makes sure that it is done once. Without this file the buttons do the same, a page at a time. */
"use strict";

(() => {
  const TRIES = 4;
  const AGAIN = 1000;
  const root = () => document.getElementById("console");
  if (!root() || !window.follow) return;
  let busy = false;
  let marked = "";

  const rows = () => [...root().querySelectorAll("[data-row]")];
  const mark = (row) => {
    for (const one of root().querySelectorAll("[aria-current]")) one.removeAttribute("aria-current");
    marked = row ? row.id : "";
    if (!row) return;
    row.setAttribute("aria-current", "true");
    row.scrollIntoView({ block: "nearest" });
  };

  const isTyping = () => [...root().querySelectorAll("input.inp, input[type=checkbox], select")]
    .some((field) => field.checked || (field.matches("input.inp") && field.value !== field.defaultValue)
      || (field === document.activeElement && !field.matches("[type=checkbox]")));

  // The new console takes the place of the old one, and the focus stays where it was.
  const put = (text, url) => {
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("console");
    if (!fresh) {
      location.assign(url);
      return;
    }
    const focused = document.activeElement;
    const inside = root().contains(focused);
    const open = [...root().querySelectorAll("details[open][id]")].map((one) => one.id);
    root().replaceWith(document.importNode(fresh, true));
    for (const id of open) if (id !== "undo") document.getElementById(id)?.setAttribute("open", "");
    mark(document.getElementById(marked));
    const wrong = root().querySelector(".errors[data-focus]");
    const same = inside && focused.id ? document.getElementById(focused.id) : null;
    if (wrong) wrong.focus();
    else if (inside) (same || root()).focus({ preventScroll: true });
  };

  const send = async (form, button) => {
    const body = new URLSearchParams(new FormData(form, button));
    const url = button?.hasAttribute("formaction") ? button.formAction : form.action;
    for (let tried = 1; tried <= TRIES; tried += 1) {
      let told = null;
      try {
        const answer = await fetch(url, { method: "POST", body, credentials: "same-origin" });
        if (answer.status !== 503) told = { text: await answer.text(), url: answer.url };
      } catch {
        // Nobody knows whether it was done: the same form again finds out.
      }
      if (told) {
        put(told.text, told.url);
        return;
      }
      await new Promise((done) => { setTimeout(done, AGAIN * tried); });
    }
    form.submit();
  };

  const refresh = async () => {
    if (busy) return;
    if (isTyping()) {
      document.getElementById("overtaken").hidden = false;
      return;
    }
    try {
      const answer = await fetch(location.href, { cache: "no-store", credentials: "same-origin" });
      if (answer.ok && !busy && !isTyping()) put(await answer.text(), answer.url);
    } catch {
      // The next look tries again.
    }
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!root().contains(form) || form.method !== "post") return;
    event.preventDefault();
    if (busy) return;
    busy = true;
    root().setAttribute("aria-busy", "true");
    try {
      await send(form, event.submitter);
    } finally {
      busy = false;
      root().removeAttribute("aria-busy");
    }
  });

  const press = (element) => { if (element) element.click(); };
  const keys = {
    n: () => press(document.getElementById("next")),
    b: () => document.getElementById("begin")?.focus(),
    r: () => press(document.getElementById("resume")),
    p: () => press((document.getElementById(marked) || (rows().length === 1 ? rows()[0] : null))?.querySelector(".do-skip")),
    j: () => step(1),
    k: () => step(-1),
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Escape: () => mark(null),
    Enter: () => sign(),
    " ": () => sign(),
    u: () => {
      const undo = document.getElementById("undo");
      if (!undo) return;
      undo.open = true;
      document.getElementById("undo-reason").focus();
    },
    "?": () => {
      const help = document.getElementById("keys");
      help.open = !help.open;
      help.scrollIntoView({ block: "nearest" });
    },
  };
  const step = (by) => {
    const all = rows();
    const at = all.findIndex((row) => row.id === marked);
    mark(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)]);
  };
  const sign = () => {
    const row = document.getElementById(marked);
    press(row ? row.querySelector(".do-sign") : document.getElementById("sign-all"));
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    const field = event.target.closest("input, textarea, select, [contenteditable]");
    if (field && event.key === "Escape") field.blur();
    if (field || !Object.hasOwn(keys, event.key)) return;
    // A button or link that has the focus answers to its own keys.
    if ((event.key === "Enter" || event.key === " ") && event.target.closest("button, a, summary")) return;
    event.preventDefault();
    if (!busy) keys[event.key]();
  });

  window.follow(() => root().dataset, refresh, () => {});
})();
