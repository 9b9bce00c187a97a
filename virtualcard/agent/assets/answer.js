"use strict";
// The final page takes the answer, once, and posts it to the page that asked:
// to its origin alone, so that a page which has moved elsewhere gets nothing.
(() => {
  const status = document.querySelector("[data-answer]");
  const close = document.querySelector("[data-close]");
  const opener = window.opener;
  close.hidden = false;
  close.addEventListener("click", () => window.close());
  close.focus();

  const hand = async () => {
    if (!opener || opener.closed) return status.dataset.sayGone;
    const response = await fetch(status.dataset.answer, { method: "POST" });
    if (response.status === 410) return status.dataset.sayTaken;
    if (!response.ok) return status.dataset.sayFailed;
    const { origin, answer } = await response.json();
    opener.postMessage({ jpkimock: 1, type: "answer", answer }, origin);
    window.setTimeout(() => window.close(), 1800);
    return status.dataset.sayHanded;
  };
  hand().catch(() => status.dataset.sayFailed).then((text) => { status.textContent = text; });
})();
