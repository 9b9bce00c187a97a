"use strict";
// login.js ends a sign-in at the set as soon as the card that answered is taken
// away: the form with data-left goes back to the service. The server looks at the
// card itself, too, before it goes on.
(() => {
  const form = document.querySelector("form[data-left]");
  if (!form) return;
  const stop = JPKICard.watch({
    agent: form.dataset.agent,
    presence: form.dataset.presence,
    gone: () => {
      for (const part of document.querySelectorAll("main > * > :not(form[data-left])")) part.remove();
      form.submit();
    },
  });
  window.addEventListener("pagehide", stop);
  // A page that comes back from the browser's memory is asked for again.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
