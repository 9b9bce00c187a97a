// Says on an open page that the town was put back to an earlier state, or that a fault
// began or ended: what the page shows is not so any more.
"use strict";

const askEvery = 5000; // milliseconds

async function lookAtTheTown() {
  const body = document.body.dataset;
  if (document.visibilityState === "visible") {
    try {
      const answer = await fetch("/clock", { headers: { Accept: "application/json" } });
      const town = await answer.json();
      if (String(town.age) !== body.townAge) {
        document.getElementById("town-changed").hidden = false;
        return;
      }
    } catch {
      // the house does not answer: ask again
    }
  }
  setTimeout(lookAtTheTown, askEvery);
}

setTimeout(lookAtTheTown, askEvery);
