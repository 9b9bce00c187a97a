"use strict";
// The set reads its page aloud: all of it on arrival, and what the remote control
// moves to. Keys of a PIN are silent, for others in the room hear it, too.
(() => {
  if (!("speechSynthesis" in window && "SpeechSynthesisUtterance" in window)) return;
  const key = document.querySelector("[data-speak-key]");
  const state = key.querySelector("[data-speak-state]");
  const remembered = () => { try { return localStorage.getItem("speak") === "on"; } catch { return false; } };
  let on = remembered();

  const speak = (text) => {
    speechSynthesis.cancel();
    if (!on || !text) return;
    const said = new SpeechSynthesisUtterance(text);
    said.lang = document.documentElement.lang.startsWith("ja") ? "ja-JP" : "en-US";
    speechSynthesis.speak(said);
  };
  // A reading above a kanji is not said a second time.
  const plain = (element) => {
    const copy = element.cloneNode(true);
    for (const reading of copy.querySelectorAll("rt, rp")) reading.remove();
    return copy.textContent.replace(/\s+/g, " ").trim();
  };
  const words = (element) => element.getAttribute("aria-label") || plain(element);
  const page = () => {
    const parts = [...document.querySelectorAll("[data-speak]")].filter((e) => !e.parentElement.closest("[data-speak]"));
    const ja = document.documentElement.lang.startsWith("ja");
    speak(parts.map(words).map((s) => (/[。.!?]$/.test(s) ? s : s + (ja ? "。" : "."))).join(ja ? "" : " "));
  };
  const show = () => {
    key.setAttribute("aria-pressed", String(on));
    state.textContent = on ? state.dataset.on : state.dataset.off;
  };

  key.hidden = false;
  show();
  key.addEventListener("click", () => {
    on = !on;
    try { localStorage.setItem("speak", on ? "on" : "off"); } catch { /* it is forgotten with the page */ }
    show();
    page();
  });
  document.addEventListener("tv:move", () => {
    const at = document.activeElement;
    if (at && !("key" in at.dataset)) speak(words(at));
  });
  window.addEventListener("pagehide", () => speechSynthesis.cancel());
  page();
})();
