/* follow(page, onNew, onLost): tells when a ceremony has come further. page() names the addresses of
   its stream and of its state, and the mark that is shown; onNew(told) is called when that mark has
   passed, onLost(lost) when nobody has answered for a while. The stream is asked first; where there
   is none, the state is asked every two seconds. */
"use strict";

window.follow = (page, onNew, onLost) => {
  const EVERY = 2000;
  const LISTEN_AGAIN = 15000;
  const LOST_AFTER = 10000;
  let source = null;
  let listenFrom = 0;
  let heard = Date.now();
  let asking = false;

  const see = (told) => {
    heard = Date.now();
    onLost(false);
    if (told.mark !== page().mark) onNew(told);
    return told;
  };

  const listen = () => {
    if (source || !window.EventSource || Date.now() < listenFrom) return;
    source = new EventSource(page().events);
    source.onmessage = (event) => { see(JSON.parse(event.data)); };
    source.onerror = () => {
      // A stream that ended comes again by itself; one that was refused does not.
      if (source.readyState !== EventSource.CLOSED) return;
      source = null;
      listenFrom = Date.now() + LISTEN_AGAIN;
    };
  };

  const ask = async () => {
    if (asking) return;
    asking = true;
    try {
      const answer = await fetch(`${page().state}?after=${parseInt(page().mark, 10)}`, {
        cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout(8000),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const told = see(await answer.json());
      if (told.live) listen();
    } catch {
      if (Date.now() - heard > LOST_AFTER) onLost(true);
    } finally {
      asking = false;
    }
  };

  // Also while there is a stream, but seldom: a line that hangs tells nothing.
  let quiet = 0;
  setInterval(() => {
    quiet = source && source.readyState === EventSource.OPEN ? quiet + 1 : 0;
    if (quiet % 5 === 0) ask();
  }, EVERY);
  for (const name of ["online", "pageshow", "focus"]) addEventListener(name, ask);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
};
