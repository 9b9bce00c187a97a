"use strict";
// The terminal: ten keys are enough, a turn that nobody goes on with is wiped, and the
// page can be read aloud. Without this script every page works by touch.
(() => {
  const IDLE = 60;  // seconds without a key or a touch until the page asks
  const LAST = 15;  // seconds until it is wiped then

  const typing = (e) => e instanceof HTMLInputElement || e instanceof HTMLSelectElement;

  // Keys: the digit of a choice takes it. In a field Enter goes on to the next one.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (typing(event.target)) {
      if (event.key !== "Enter") return;
      const fields = [...event.target.form.querySelectorAll("input")];
      const next = fields[fields.indexOf(event.target) + 1];
      if (next) {
        event.preventDefault();
        next.focus();
      }
      return;
    }
    const choice = /^[0-9]$/.test(event.key) && document.querySelector(`main [data-key="${event.key}"]`);
    if (choice) {
      event.preventDefault();
      choice.click();
    }
  });

  // The keys on the screen type into the field that was last in use.
  const fields = [...document.querySelectorAll(".typing input")];
  let field = fields[0];
  for (const f of fields) f.addEventListener("focus", () => { field = f; });
  for (const key of document.querySelectorAll("[data-digit]")) {
    key.addEventListener("click", () => {
      const digit = key.dataset.digit;
      if (digit === "clear") field.value = "";
      else if (digit === "next") (fields[fields.indexOf(field) + 1] || fields[0]).focus();
      else if (field.value.length < field.maxLength) field.value += digit;
    });
  }

  // A turn that nobody goes on with.
  const page = document.querySelector("[data-idle]");
  if (page) {
    let since = Date.now();
    const en = document.documentElement.lang === "en";
    const box = document.createElement("div");
    box.className = "leaving notice warning";
    box.setAttribute("role", "alert");
    box.hidden = true;
    document.querySelector("main").append(box);
    const stay = () => { since = Date.now(); box.hidden = true; };
    for (const act of ["keydown", "pointerdown", "touchstart"]) document.addEventListener(act, stay, { passive: true });
    const wipe = async () => {
      await fetch(page.dataset.idle, { method: "POST", headers: { Accept: "application/json" } }).catch(() => {});
      location.replace(page.dataset.idle.replace(/\/leave$/, ""));
    };
    const tick = window.setInterval(() => {
      const left = IDLE + LAST - Math.floor((Date.now() - since) / 1000);
      if (left <= 0) {
        window.clearInterval(tick);
        wipe();
      } else if (left <= LAST) {
        if (box.hidden) {
          box.textContent = en ? "Are you still there? Touch the screen or press a key, or this page is wiped." :
            "まだご利用中ですか。画面に触れるか、キーを押してください。このままにすると、表示を消します。";
          box.hidden = false;
        }
      }
    }, 1000);
  }

  // Reading aloud, by the key *.
  const speech = "speechSynthesis" in window && "SpeechSynthesisUtterance" in window;
  const plain = (element) => { // a reading above a kanji is not said a second time
    const copy = element.cloneNode(true);
    for (const reading of copy.querySelectorAll("rt, rp")) reading.remove();
    return copy.textContent.replace(/\s+/g, " ").trim();
  };
  const aloud = () => {
    speechSynthesis.cancel();
    const said = new SpeechSynthesisUtterance([...document.querySelectorAll("[data-speak]")].map(plain).join("。 "));
    said.lang = document.documentElement.lang.startsWith("ja") ? "ja-JP" : "en-US";
    speechSynthesis.speak(said);
  };
  if (speech) {
    document.addEventListener("keydown", (event) => { if (event.key === "*") aloud(); });
    window.addEventListener("pagehide", () => speechSynthesis.cancel());
  }

  // The page that only leads to the card's.
  const auto = document.querySelector("form[data-auto]");
  if (auto && performance.getEntriesByType("navigation")[0]?.type !== "back_forward") {
    window.addEventListener("load", () => auto.requestSubmit());
  }
})();
