"use strict";
// set.js is what a set's page does beside moving the focus (/ui/tv.js):
//
//   - it watches the card of whoever is signed in, and leaves nothing of theirs
//     on the screen when it is taken away, or when no key is pressed for a while;
//   - each page takes the place of the one before in the browser's history;
//   - sounds at each key; the page on arrival and what has the focus read aloud, if
//     that is wanted;
//   - the clock, the pads of digits, and the remote drawn for a mouse.
(() => {
  const html = document.documentElement;
  const ja = () => !html.lang.toLowerCase().startsWith("en");
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];

  // What is remembered on the set itself is about the set, never about a person.
  const remembered = (name, otherwise) => { try { return localStorage.getItem(`catv.${name}`) || otherwise; } catch { return otherwise; } };
  const remember = (name, value) => { try { localStorage.setItem(`catv.${name}`, value); } catch { /* a set that keeps nothing */ } };

  // ── sound ──
  let sounds = remembered("sound", "on") === "on";
  let audio = null;
  const beep = (frequency, seconds, volume) => {
    if (!sounds || !window.AudioContext || !navigator.userActivation?.hasBeenActive) return;
    audio = audio || new AudioContext();
    if (audio.state === "suspended") audio.resume();
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    tone.frequency.value = frequency;
    gain.gain.setValueAtTime(volume, audio.currentTime);
    gain.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + seconds);
    tone.connect(gain).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + seconds);
  };

  // ── voice ──
  const canSpeak = "speechSynthesis" in window && "SpeechSynthesisUtterance" in window;
  let speaks = canSpeak && remembered("speak", "off") === "on";
  const plain = (element) => { // a reading above a kanji is not said a second time
    const copy = element.cloneNode(true);
    for (const reading of copy.querySelectorAll("rt, rp")) reading.remove();
    return copy.textContent.replace(/\s+/g, " ").trim();
  };
  const words = (element) => {
    const label = element.getAttribute("aria-label");
    if (label) return label;
    if (element.labels && element.labels.length) return `${plain(element.labels[0])} ${element.value}`;
    return plain(element);
  };
  const speak = (text) => {
    if (!speaks || !text) return;
    speechSynthesis.cancel();
    const said = new SpeechSynthesisUtterance(text);
    said.lang = ja() ? "ja-JP" : "en-US";
    speechSynthesis.speak(said);
  };
  const focused = () => (document.activeElement === document.body ? "" : words(document.activeElement));
  const read = () => speak(focused());

  // told is what a page says by itself: its headings, paragraphs, lists and figures,
  // but nothing that can be chosen, which is read when the focus comes to it.
  const told = () => all("main :is(h1, h2, p, li, dt, dd, caption)")
    .filter((e) => e.checkVisibility() && !e.matches(".sr-only") && !e.closest("[aria-hidden], a, button") && !e.querySelector("a, button, input, li, p"))
    .map(words).filter(Boolean);
  const arrive = () => speak([...told(), focused()].filter(Boolean).map((s) => (/[。.!?]$/.test(s) ? s : s + (ja() ? "。" : "."))).join(ja() ? "" : " "));

  const status = document.querySelector("[data-set-status]");
  const showState = (button, on) => {
    if (!button) return;
    button.setAttribute("aria-pressed", String(on));
    const state = button.querySelector("[data-set-state]");
    state.textContent = on ? state.dataset.wordOn : state.dataset.wordOff;
  };
  const soundKey = document.querySelector("[data-set-sound]");
  const speakKey = document.querySelector("[data-set-speak]");
  showState(soundKey, sounds);
  showState(speakKey, speaks);
  soundKey?.addEventListener("click", () => {
    sounds = !sounds;
    remember("sound", sounds ? "on" : "off");
    showState(soundKey, sounds);
    beep(880, 0.1, 0.06);
  });
  speakKey?.addEventListener("click", () => {
    if (!canSpeak) { status.textContent = speakKey.dataset.sayNone; return; }
    speaks = !speaks;
    remember("speak", speaks ? "on" : "off");
    showState(speakKey, speaks);
    if (speaks) arrive();
    else speechSynthesis.cancel();
  });
  // The remote's script, which gives the first focus, has run by then.
  document.addEventListener("DOMContentLoaded", arrive);

  document.addEventListener("tv:move", () => { beep(660, 0.05, 0.04); read(); });
  document.addEventListener("tv:edge", () => beep(180, 0.08, 0.05));
  document.addEventListener("tv:back", (event) => {
    beep(440, 0.08, 0.05);
    // Back never leads out of the house: to the page that says so, or home.
    if (document.querySelector("dialog[open] [data-tv-back], [data-tv-back]")) return;
    event.preventDefault();
    if (location.pathname !== "/") location.replace("/");
  });

  // ── history: one entry, whatever was looked at ──
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (event.target.closest("a[href], button")) beep(990, 0.07, 0.05);
    if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (link.origin !== location.origin || link.target) return;
    event.preventDefault();
    location.replace(link.href);
  });
  let sent = false;
  document.addEventListener("submit", (event) => {
    if (sent && !event.target.hasAttribute("data-jpki")) { event.preventDefault(); return; }
    sent = true;
    history.replaceState(null, "", "/"); // what is left behind by a form says nothing
  });
  // A page that comes back from the browser's memory is asked for again.
  window.addEventListener("pageshow", (event) => { if (event.persisted) { blank(); location.reload(); } });

  // ── the card, and time without a key ──
  const blank = () => {
    document.querySelector("main")?.replaceChildren();
    document.querySelector(".site-user")?.remove();
  };
  let over = false;
  const end = async (why) => {
    if (over) return;
    over = true;
    if (canSpeak) speechSynthesis.cancel();
    blank();
    try {
      const limit = AbortSignal.timeout(3000);
      await fetch("/signout", { method: "POST", keepalive: true, signal: limit, headers: { Accept: "application/json" }, body: new URLSearchParams({ why }) });
    } catch { /* the server looks at the card itself */ }
    location.replace("/");
  };

  // A page about somebody may arrive when they are signed out already: the card
  // has left while it was on its way.
  const personal = document.querySelector(".site-user") !== null;
  let leaving = false;
  window.addEventListener("pagehide", () => { leaving = true; });
  let card = null;
  const watch = ({ viewer, presence, agent, idle }) => {
    if (!viewer && personal) { over = true; blank(); location.replace("/"); }
    if (!viewer) return;
    let pressed = Date.now();
    let told = Date.now();
    const key = () => {
      pressed = Date.now();
      if (pressed - told > 60000) { told = pressed; fetch("/still", { method: "POST" }).catch(() => {}); }
    };
    for (const name of ["keydown", "pointerdown", "wheel"]) document.addEventListener(name, key, { capture: true, passive: true });
    window.setInterval(() => { if (Date.now() - pressed > idle * 1000) end("idle"); }, 1000);
    if (!presence) return;
    card = { agent, presence };
    all("[data-take-away]").forEach((button) => { button.hidden = false; });
    const stop = JPKICard.watch({ ...card, gone: () => end("gone") });
    window.addEventListener("pagehide", stop);
  };
  fetch("/set", { cache: "no-store" }).then((response) => response.json()).then(watch)
    .catch(() => { if (personal && !leaving) end("out"); });

  // Whoever has no card to take from the reader takes it with a key.
  all("[data-take-away]").forEach((button) => button.addEventListener("click", () => {
    if (card) JPKICard.takeAway(card).catch(() => {});
  }));

  // ── the clock ──
  const clock = document.querySelector("[data-clock]");
  if (clock) {
    const shift = Number(clock.dataset.clock) - Date.now();
    const time = clock.querySelector("time");
    const tick = () => {
      const now = new Date(Date.now() + shift + 9 * 3600e3);
      const text = `${now.getUTCHours()}:${String(now.getUTCMinutes()).padStart(2, "0")}`;
      if (time.textContent !== text) { time.textContent = text; time.dateTime = text.padStart(5, "0"); }
    };
    tick();
    window.setInterval(tick, 1000);
  }

  // ── digits of the contract papers ──
  const papers = document.querySelector("[data-papers]");
  if (papers) {
    const fields = all("[data-digits]", papers);
    const next = () => fields.find((f) => f.value.length < f.maxLength);
    const last = () => [...fields].reverse().find((f) => f.value.length > 0);
    const put = (digit) => {
      const field = next();
      if (!field) return;
      field.value += digit;
      if (!next()) papers.querySelector("[data-papers-submit]").focus();
    };
    const rub = () => { const field = last(); if (field) field.value = field.value.slice(0, -1); return Boolean(field); };
    papers.addEventListener("click", (event) => {
      const digit = event.target.closest("[data-digit]")?.dataset.digit;
      if (digit === "clear") fields.forEach((f) => { f.value = ""; });
      else if (digit === "back") rub();
      else if (digit) put(digit);
    });
    for (const f of fields) f.addEventListener("input", () => { f.value = f.value.replace(/\D/g, ""); });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Backspace" || document.activeElement instanceof HTMLInputElement) return;
      if (rub()) { event.preventDefault(); event.stopImmediatePropagation(); }
    }, { capture: true });
  }

  // ── the remote for a mouse ──
  const remote = document.getElementById("remote");
  const toggle = document.querySelector("[data-remote-toggle]");
  if (remote && toggle) {
    const show = (on) => { remote.hidden = !on; toggle.setAttribute("aria-expanded", String(on)); remember("remote", on ? "on" : "off"); };
    show(remembered("remote", "off") === "on");
    toggle.addEventListener("click", () => show(remote.hidden));
    // A press on it must not take the focus from what it drives.
    for (const part of [remote, document.querySelector(".set-keys")]) part.addEventListener("pointerdown", (event) => event.preventDefault());
    remote.addEventListener("click", (event) => {
      const key = event.target.closest("[data-remote]")?.dataset.remote;
      if (!key) return;
      const now = document.activeElement;
      if (/^\d$/.test(key) && now instanceof HTMLInputElement && now.value.length < now.maxLength) { now.value += key; return; }
      if (key === "Backspace" && now instanceof HTMLInputElement && now.value) { now.value = now.value.slice(0, -1); return; }
      now.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    });
  }
})();
