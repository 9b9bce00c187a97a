"use strict";
// Comforts of the card desk, all of which it works without: cards are dragged to readers, and
// the page shows by itself what is said there and where the cards lie.
(() => {
  const desk = document.querySelector("[data-desk]");
  const reader = desk.dataset.reader;
  const stop = new AbortController();
  const pause = (milliseconds) => new Promise((resolve) => { window.setTimeout(resolve, milliseconds); });

  // Wallet, readers and log are taken from the page as it is now, each if it has changed.
  const take = (part, fresh) => {
    if (!fresh || part.outerHTML === fresh.outerHTML) return;
    const chosen = part.querySelector("input:checked")?.id;
    const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
    const box = part.querySelector(".wallet-cards");
    const scrolled = box ? [box.scrollTop, box.scrollLeft] : null;
    part.replaceWith(fresh);
    if (scrolled) fresh.querySelector(".wallet-cards")?.scrollTo(scrolled[1], scrolled[0]);
    if (chosen) { const again = document.getElementById(chosen); if (again) again.checked = true; }
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    if ("log" in fresh.dataset) fresh.scrollTop = fresh.scrollHeight;
  };

  const look = async () => {
    const here = new URLSearchParams(window.location.search);
    here.set("reader", reader);
    const response = await fetch(`/desk?${here}`, { signal: stop.signal, headers: { Accept: "text/html" } });
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const part of document.querySelectorAll("[data-live]")) take(part, page.getElementById(part.id));
  };

  const watch = async () => {
    while (!stop.signal.aborted) {
      const began = performance.now();
      try {
        const seen = new URLSearchParams({
          reader, turn: document.getElementById("slots").dataset.turn, after: document.getElementById("log")?.dataset.last ?? "0",
        });
        const response = await fetch(`/desk/changes?${seen}`, { signal: stop.signal });
        if (response.ok) await look();
      } catch { /* the house may be restarting */ }
      // What changes quickly is looked at twice a second.
      if (performance.now() - began < 500) await pause(500);
    }
  };

  const move = (fields) => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = "/desk/place";
    form.hidden = true;
    for (const [name, value] of Object.entries(fields)) {
      const input = document.createElement("input");
      input.type = "hidden";
      input.name = name;
      input.value = value;
      form.append(input);
    }
    document.body.append(form);
    form.submit();
  };

  let dragged = null;
  const target = (event) => event.target.closest?.("[data-slot], #wallet");
  document.addEventListener("dragstart", (event) => {
    const card = event.target.closest?.("[data-card]");
    if (!card) return;
    dragged = { card: card.dataset.card, from: card.dataset.takenFrom };
    event.dataTransfer.setData("text/plain", dragged.card);
    event.dataTransfer.effectAllowed = "move";
  });
  document.addEventListener("dragend", () => { dragged = null; });
  document.addEventListener("dragover", (event) => {
    const over = target(event);
    for (const slot of document.querySelectorAll(".slot.over")) if (slot !== over) slot.classList.remove("over");
    if (!dragged || !over) return;
    event.preventDefault();
    over.classList.toggle("over", "slot" in over.dataset);
  });
  document.addEventListener("drop", (event) => {
    const over = target(event);
    if (!dragged || !over) return;
    event.preventDefault();
    if ("slot" in over.dataset) move({ card: dragged.card, lay: over.dataset.slot });
    else if (dragged.from) move({ take: dragged.from });
  });

  const log = document.getElementById("log");
  if (log) log.scrollTop = log.scrollHeight;
  window.addEventListener("pagehide", () => stop.abort());
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
  watch();
})();
