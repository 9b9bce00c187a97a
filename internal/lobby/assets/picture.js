// Keeps the list and the picture up to date, shows what an arrow carried, and plays a
// touch again at a human pace. Without this script a reload of the page shows the same.
"use strict";

const pace = 1100; // milliseconds between two arrows
const pause = 2000; // milliseconds before asking again a lobby that does not answer

const live = () => document.getElementById("live");
let playing = 0;

// fresh replaces what has changed, and keeps what the reader has opened.
async function fresh() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.getElementById("live");
  if (!now || now.innerHTML === live().innerHTML) return;
  const open = [...document.querySelectorAll(".touch-steps li:has(details[open])")].map((li) => li.id);
  live().replaceWith(document.adoptNode(now));
  for (const id of open) document.querySelector(`#${id} > details`)?.setAttribute("open", "");
  ready();
}

async function follow() {
  for (;;) {
    try {
      if (document.hidden) await new Promise((shown) => document.addEventListener("visibilitychange", shown, { once: true }));
      const version = live().dataset.version;
      const answer = await fetch(`/picture/changes?after=${version}`);
      const said = await answer.json();
      if (String(said.version) !== version && !playing) {
        await fresh();
        live().dataset.version = said.version;
      }
    } catch {
      await new Promise((later) => setTimeout(later, pause));
    }
  }
}

// play shows the arrows one after the other, as they were.
const shown = () => [...document.querySelectorAll(".drawing .arrow[data-step]")]
  .sort((a, b) => a.dataset.step - b.dataset.step);

function at(place) {
  shown().forEach((arrow, i) => {
    arrow.classList.toggle("waiting", i > place);
    arrow.classList.toggle("now", i === place);
  });
}

function end() {
  clearTimeout(playing);
  playing = 0;
  for (const arrow of shown()) arrow.classList.remove("waiting", "now");
  step = -1;
}

let step = -1;

function next() {
  step += 1;
  if (step >= shown().length) return end();
  at(step);
}

function play() {
  end();
  at(-1);
  const go = () => {
    next();
    if (step >= 0) playing = setTimeout(go, pace);
  };
  playing = setTimeout(go, pace / 2);
}

function ready() {
  const controls = document.querySelector(".replay");
  if (!controls) return;
  controls.hidden = false;
  controls.querySelector("[data-play]").addEventListener("click", play);
  controls.querySelector("[data-next]").addEventListener("click", () => {
    clearTimeout(playing);
    next();
  });
  for (const arrow of document.querySelectorAll("[data-step]")) {
    arrow.addEventListener("click", () => {
      const li = document.getElementById(`step-${arrow.dataset.step}`);
      if (!li) return;
      li.querySelector("details").open = true;
      location.hash = li.id;
    });
  }
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || !document.querySelector(".replay")) return;
  if (event.target.closest("input, textarea, select, [tabindex='0']")) return;
  if (event.key === "p" || event.key === "P") play();
  else if (event.key === "ArrowRight") {
    clearTimeout(playing);
    next();
  } else if (event.key === "Escape") end();
});

ready();
follow();
