"use strict";
// The window tells the page that opened it that it is ready, takes one request
// from that very window, and goes on with the origin that the browser vouches
// for. Nothing of the message is trusted: the agent checks it.
(() => {
  const status = document.querySelector("[data-window]");
  const close = document.querySelector("[data-close]");
  const opener = window.opener;
  const stop = (text) => {
    status.textContent = text;
    close.hidden = false;
    close.focus();
  };
  close.addEventListener("click", () => window.close());
  if (!opener || opener.closed) {
    status.textContent = status.dataset.sayAlone;
    document.querySelector("[data-alone]").hidden = false;
    return;
  }

  const silent = window.setTimeout(() => stop(status.dataset.saySilent), 15000);

  const take = async (event) => {
    if (event.source !== opener || event.data === null || typeof event.data !== "object") return;
    if (event.data.jpkimock !== 1 || event.data.type !== "request") return;
    window.removeEventListener("message", take);
    window.clearTimeout(silent);
    let problem = { code: "malformed" };
    try {
      const response = await fetch("/window/requests", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ origin: event.origin, request: event.data.request }),
      });
      const said = await response.json();
      if (response.ok) {
        window.location.replace(said.location);
        return;
      }
      problem = said;
    } catch { /* the sentence below says it */ }
    const message = problem.message || status.dataset.sayFailed;
    if (event.origin !== "null") {
      opener.postMessage({ jpkimock: 1, type: "answer", answer: { error: { code: problem.code, message } } }, event.origin);
    }
    stop(message);
  };
  window.addEventListener("message", take);
  // It carries nothing: whoever opened this window may know that it is open.
  opener.postMessage({ jpkimock: 1, type: "ready" }, "*");
})();
