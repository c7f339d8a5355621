/* A page that waits for the worker: section[data-refresh] is fetched anew until it is gone, then
   the page is loaded once more. Without this file there is a link to refresh. */
"use strict";

(() => {
  const PAUSE = 1500;
  const LONGEST = 15000;
  let pause = PAUSE;

  const look = async () => {
    const here = document.querySelector("[data-refresh]");
    if (!here) return;
    try {
      const answer = await fetch(location.href, { credentials: "same-origin", redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(here.id);
      if (!fresh || !fresh.hasAttribute("data-refresh")) {
        location.reload();
        return;
      }
      here.replaceChildren(...fresh.childNodes);
      pause = PAUSE;
    } catch {
      pause = Math.min(pause * 2, LONGEST);
    }
    setTimeout(look, pause);
  };
  setTimeout(look, pause);
})();
