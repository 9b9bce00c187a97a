"use strict";
// Prescriptions are shown while the patient's card lies on the terminal. When it is taken
// away the page is wiped at once, and then asks the server, which looks for itself.
(() => {
  const page = document.querySelector("[data-watch]");
  if (page && page.dataset.presence) {
    const stop = JPKICard.watch({
      agent: page.dataset.agent,
      presence: page.dataset.presence,
      gone: () => {
        if (page instanceof HTMLFormElement) {
          page.submit();
          return;
        }
        page.replaceChildren();
        location.replace(page.dataset.away);
      },
    });
    window.addEventListener("pagehide", stop);
    window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  }

  // The list of cards is kept fresh.
  const EVERY = 2000; // milliseconds
  const list = document.querySelector("[data-fresh]");
  if (list) {
    const look = async () => {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
      const fresh = answer && answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-fresh]");
      if (fresh && fresh.innerHTML !== list.innerHTML && !list.contains(document.activeElement)) list.innerHTML = fresh.innerHTML;
      window.setTimeout(look, EVERY);
    };
    window.setTimeout(look, EVERY);
  }
})();
