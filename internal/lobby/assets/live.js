// Keeps the parts of a page that say how things are now up to date: those with data-live,
// which is how often to look, in milliseconds. One with data-settled="true" stays as it is.
// Without this script a reload of the page shows the same.
"use strict";

async function look(shown) {
  if (shown.dataset.settled === "true") return;
  try {
    if (!document.hidden) {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.getElementById(shown.id);
      if (answer.ok && now && now.innerHTML !== shown.innerHTML) shown.innerHTML = now.innerHTML;
      if (answer.ok && now && now.dataset.settled) shown.dataset.settled = now.dataset.settled;
    }
  } catch {
    // the lobby does not answer: ask again
  }
  setTimeout(look, Number(shown.dataset.live), shown);
}

for (const part of document.querySelectorAll("[data-live]")) setTimeout(look, Number(part.dataset.live), part);
