/* form[data-keep]: what is typed is sent to that address every 20 seconds while it changes, and kept
   there as typed; [data-kept] says so. Saving stays the form's own business. */
"use strict";

(() => {
  const EVERY = 20000;
  // A browser lets only so much outlive the page that sent it.
  const OUTLIVES = 60000;
  const form = document.querySelector("form[data-keep]");
  const said = document.querySelector("[data-kept]");
  if (!form || !said) return;
  const now = () => new URLSearchParams(new FormData(form)).toString();
  let last = now();
  let leaving = false;
  form.addEventListener("submit", () => { leaving = true; });

  async function keep() {
    const typed = now();
    if (leaving || typed === last) return;
    try {
      const answer = await fetch(form.dataset.keep, {
        method: "POST",
        body: typed,
        headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" },
        redirect: "error",
        keepalive: typed.length < OUTLIVES,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      said.textContent = (await answer.json()).words;
      last = typed;
    } catch {
      said.textContent = said.dataset.failed;
    }
  }

  setInterval(keep, EVERY);
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); });
})();
