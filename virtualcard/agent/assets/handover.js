"use strict";
// The page posts itself to the address that asked; its button does the same
// without a script. It is sent once: a page that comes back from the browser's
// memory asks the agent again, which then has no answer any more.
(() => {
  const form = document.querySelector("[data-handover]");
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
    else form.requestSubmit();
  });
})();
