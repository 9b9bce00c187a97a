"use strict";
// The page looks at the reader: when a card is laid on or taken away, here or in
// another tab, and when the request's time is up, it shows itself anew.
(() => {
  const page = document.querySelector("[data-reader-placement]");
  const placement = Number(page.dataset.readerPlacement);
  const stop = new AbortController();
  const anew = () => { stop.abort(); window.location.replace(window.location.pathname); };
  const pause = (milliseconds) => new Promise((resolve) => { window.setTimeout(resolve, milliseconds); });

  const look = async () => {
    while (!stop.signal.aborted) {
      const began = performance.now();
      try {
        const response = await fetch(`/reader/presence?placement=${placement}`, { signal: stop.signal });
        if (response.ok && (await response.json()).placement !== placement) anew();
      } catch { /* the house may be restarting */ }
      // An answer that did not wait is not asked for again at once.
      if (performance.now() - began < 1000) await pause(1000);
    }
  };

  window.addEventListener("pagehide", () => stop.abort());
  window.addEventListener("pageshow", (event) => { if (event.persisted) anew(); });
  document.addEventListener("submit", () => stop.abort());
  window.setTimeout(anew, Number(page.dataset.endsIn) * 1000);
  look();
})();
