// How far a story is: the page asks again and again, and shows what was seen to have
// happened, and nothing of a presentation before once the story begins anew. step.js and present.js go on from there.
"use strict";

const shownStory = document.querySelector("[data-story]");

// showSeen writes what was seen of each step, and tells the page.
function showSeen(play) {
  const lang = document.documentElement.lang === "en" ? "en" : "ja";
  shownStory.dataset.known = play.done;
  for (const step of play.steps) {
    const done = Boolean(step.confirmed);
    for (const check of document.querySelectorAll(`[data-check="${step.no}"]`)) {
      const badge = check.querySelector(".badge");
      if (done === (badge.dataset.testid === "done")) continue;
      badge.textContent = done ? badge.dataset.yes : badge.dataset.no;
      badge.className = done ? "badge good" : "badge neutral";
      badge.dataset.testid = done ? "done" : "not-yet";
      check.querySelector(".check-what").textContent = (done ? step.seen?.[lang] : check.dataset.say) ?? "";
    }
    document.querySelector(`[data-bead="${step.no}"]`)?.classList.toggle("done", done);
  }
  document.dispatchEvent(new CustomEvent("seen", { detail: play }));
}

// A browser asks again when an answer has come, in a hidden tab too: no timer is slowed down.
// It ends with the story; whoever begins it anew watches again.
let watching = false;
async function watchStory() {
  if (watching) return;
  watching = true;
  while (watching) {
    try {
      const answer = await fetch(`/stories/${shownStory.dataset.story}/seen?known=${shownStory.dataset.known}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.statusText);
      const play = await answer.json();
      showSeen(play);
      watching = !play.whole;
    } catch {
      await new Promise((again) => setTimeout(again, 3000));
    }
  }
}

if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copies]")) {
    button.hidden = false;
    button.addEventListener("click", () => navigator.clipboard.writeText(button.dataset.copies));
  }
}
watchStory();
