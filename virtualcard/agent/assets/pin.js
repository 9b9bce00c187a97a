"use strict";
// Comforts of the PIN form, all of which it works without: the on-screen keys,
// capitals as they are typed, one submission only, and a word when the page
// that asked has gone.
(() => {
  const form = document.querySelector("[data-pin-form]");
  const input = document.getElementById("pin");

  const count = () => {
    const out = document.querySelector("[data-pin-count]");
    if (out) out.textContent = input.value.length + out.dataset.say;
  };

  const pad = document.querySelector("[data-pin-pad]");
  if (pad) {
    pad.hidden = false;
    pad.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-key]");
      if (!button) return;
      const key = button.dataset.key;
      if (key === "clear") input.value = "";
      else if (key === "back") input.value = input.value.slice(0, -1);
      else if (input.value.length < input.maxLength) input.value += key;
      count();
      // With a remote control the way from the last digit to the button is long.
      const submit = form.querySelector("[data-pin-submit]");
      if (submit && input.value.length === input.maxLength) submit.focus();
    });
  }

  // Keys on the screen alone: the field shows how much was typed, no more.
  if (input && "keysOnly" in input.dataset) {
    input.readOnly = true;
    input.tabIndex = -1;
  }

  if (input && "capitals" in input.dataset) {
    input.addEventListener("input", () => {
      const at = input.selectionStart;
      input.value = input.value.toUpperCase();
      input.setSelectionRange(at, at);
    });
    const show = document.querySelector("[data-show-pin]");
    if (show) {
      show.hidden = false;
      show.querySelector("input").addEventListener("change", (event) => {
        input.type = event.target.checked ? "text" : "password";
      });
    }
  }

  if (form) {
    let sent = false;
    form.addEventListener("submit", (event) => {
      if (sent) { event.preventDefault(); return; }
      sent = true;
      form.querySelector("[type=submit]").setAttribute("aria-busy", "true");
    });
    // A page that comes back from the browser's memory holds no PIN. One that is
    // shown for the first time may have been typed into before it was whole.
    window.addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      sent = false;
      input.value = "";
    });
  }

  const gone = document.querySelector("[data-opener-gone]");
  const opener = window.opener;
  if (gone && opener) {
    const watch = window.setInterval(() => {
      if (!opener.closed) return;
      gone.hidden = false;
      window.clearInterval(watch);
    }, 1000);
  }
})();
