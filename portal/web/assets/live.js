"use strict";
// live.js keeps the part of a page with data-live as it is at the server, until it says
// "final". What somebody is about to answer is left alone.
(() => {
  const EVERY = 1000; // milliseconds
  const live = () => document.querySelector("[data-live]");
  const says = document.querySelector("[data-live-says]");
  const busy = (part) => part.contains(document.activeElement) && document.activeElement !== part
    || [...part.querySelectorAll("input:not([type=hidden])")].some((field) => field.value);

  const look = async () => {
    const part = live();
    if (!part || part.dataset.live === "final") return;
    try {
      // A redirect leads to the sign-in, which makes a challenge: it is for the page, not for this look.
      const response = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store", redirect: "manual" });
      if (response.type === "opaqueredirect") {
        location.reload();
        return;
      }
      if (response.ok && !busy(part)) {
        const next = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-live]");
        if (next && next.innerHTML !== part.innerHTML) {
          part.replaceWith(next);
          says.textContent = says.dataset.say;
        }
      }
    } catch { /* the next look may succeed */ }
    window.setTimeout(look, EVERY);
  };
  window.setTimeout(look, EVERY);
})();
