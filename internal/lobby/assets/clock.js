// Keeps what is being done since the clock was moved up to date. Without this
// script a reload of the page shows the same.
"use strict";

const every = 1000; // milliseconds

async function look() {
  const shown = document.getElementById("sweeps");
  if (shown.dataset.settled === "true") return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.getElementById("sweeps");
    if (answer.ok && now && now.innerHTML !== shown.innerHTML) {
      shown.innerHTML = now.innerHTML;
      shown.dataset.settled = now.dataset.settled;
    }
  } catch {
    // the lobby does not answer: ask again
  }
  setTimeout(look, every);
}

setTimeout(look, every);
