/* A screen of the hall: #hall is fetched anew whenever the ceremony has come further. f fills the
   whole screen. */
"use strict";

(() => {
  const hall = document.getElementById("hall");
  const lost = document.getElementById("lost");
  if (!hall || !window.follow) return;
  let fetching = false;
  let wanted = "";

  const show = async (told) => {
    wanted = told.mark;
    if (fetching) return;
    fetching = true;
    try {
      const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(8000) });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("hall");
      if (fresh) {
        hall.className = fresh.className;
        hall.dataset.mark = fresh.dataset.mark;
        hall.replaceChildren(...fresh.childNodes);
      }
    } catch {
      // The next look tries again.
    } finally {
      fetching = false;
    }
    // Something more has happened meanwhile.
    if (told.mark !== wanted) show({ mark: wanted });
  };

  window.follow(() => hall.dataset, show, (gone) => { lost.hidden = !gone; });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "f" || event.ctrlKey || event.altKey || event.metaKey) return;
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  });
})();
