/* Filters that answer at once: form[data-autosubmit] is sent when a box or a choice changes.
   The place on the page and the changed control are kept over the reload. The button stays for keyboards and no script. */
"use strict";

(() => {
  const KEY = "filter-place";
  if (!document.querySelector("form[data-autosubmit]")) return;

  const kept = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  if (kept) {
    const { path, top, name, value } = JSON.parse(kept);
    const same = [...document.querySelectorAll("input, select")].find(
      (control) => control.name === name && (control.tagName === "SELECT" || control.value === value),
    );
    if (path === location.pathname) {
      if (same) same.focus({ preventScroll: true });
      scrollTo(0, top);
    }
  }

  /* The boxes may stand outside their form, tied to it by the form attribute: listen on the page. */
  document.addEventListener("change", ({ target: control }) => {
    if (!control.form?.matches("form[data-autosubmit]")) return;
    if (!control.matches('input[type="checkbox"], input[type="radio"], select')) return;
    sessionStorage.setItem(KEY, JSON.stringify({ path: location.pathname, top: scrollY, name: control.name, value: control.value }));
    control.form.requestSubmit();
  });
})();
