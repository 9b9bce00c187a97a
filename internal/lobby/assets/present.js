// A story for a projector: one step fills the screen. Keys and remotes turn it; by itself it
// goes on at a human pace, does what has a button, and waits for what is done by hand until
// that is seen to have happened. Without this script the steps stand below one another.
"use strict";

const stage = document.querySelector(".present");
const slides = [...stage.querySelectorAll(".slide")];
const pace = stage.querySelector(".pace");
const auto = stage.querySelector("[data-auto]");
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const pause = 2500; // ms after a step is seen to have happened
const perSign = document.documentElement.lang === "en" ? 60 : 150; // ms to read a character

let at = 0;
let begun = stage.dataset.fresh !== "true";
let beginning; // the promise of it, while it is asked for
let running = false; // by itself
let spent = 0; // ms since this slide was shown, while it runs
let acting = false;

const isDone = (slide) => slide.querySelector(':scope > .check [data-testid="done"]') !== null;
const needed = (slide) => 2500 + perSign * slide.innerText.replace(/\s/g, "").length;

async function post(path) {
  const answer = await fetch(path, { method: "POST", headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}

async function beginAnew() {
  const play = await post(`/stories/${stage.dataset.story}/begin`);
  begun = true;
  showSeen(play);
  watchStory();
}

// begin begins the story once; where that fails, the next call tries again.
async function begin() {
  if (begun) return;
  beginning ??= beginAnew().finally(() => { beginning = undefined; });
  await beginning;
}

function show(n) {
  n = Math.max(0, Math.min(slides.length - 1, n));
  at = n;
  spent = 0;
  pace.value = 0;
  slides.forEach((slide, i) => slide.classList.toggle("on", i === n));
  slides[n].focus({ preventScroll: true });
  history.replaceState(null, "", `#${slides[n].id}`);
}

// turn is show by somebody, or by itself. Going on from the opening begins the story; a page
// that is loaded at a step goes on with it as it is. A story that was played to its end, or of
// which nothing has happened in a town that was put back, begins anew.
function turn(n) {
  const opens = at === 0 && n === 1;
  const steps = slides.filter((slide) => slide.dataset.place);
  if (opens && (steps.every(isDone) || !steps.some(isDone))) begun = false;
  show(n);
  if (opens) begin().catch(() => setRunning(false));
}

function setRunning(on) {
  running = on;
  auto.textContent = on ? auto.dataset.pause : auto.dataset.play;
  auto.setAttribute("aria-pressed", on);
}

// press does what the slide has a button for.
async function press(slide) {
  const form = slide.querySelector("form.does");
  if (!form || acting) return;
  acting = true;
  try {
    await begin();
    showSeen(await post(form.getAttribute("action")));
  } catch {
    setRunning(false);
  }
  acting = false;
}

for (const form of stage.querySelectorAll("form.does")) {
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    press(form.closest(".slide"));
  });
}

const tick = 250;
setInterval(() => {
  if (!running || acting) return;
  const slide = slides[at];
  if (slide.id === "end") return setRunning(false);
  spent += tick;
  pace.value = Math.min(100, (100 * spent) / needed(slide));
  if (spent < needed(slide)) return;
  const waits = slide.dataset.place && !isDone(slide);
  if (waits && "button" in slide.dataset) return void press(slide);
  if (!waits && spent > needed(slide) + (slide.dataset.place ? pause : 0)) turn(at + 1);
}, tick);

// What was done by hand is seen: the audience has a moment, and then the next step.
document.addEventListener("seen", () => {
  if (running && isDone(slides[at])) spent = Math.max(spent, needed(slides[at]));
});

const keys = {
  ArrowRight: () => turn(at + 1), PageDown: () => turn(at + 1), ArrowDown: () => turn(at + 1), " ": () => turn(at + 1),
  ArrowLeft: () => turn(at - 1), PageUp: () => turn(at - 1), ArrowUp: () => turn(at - 1), Home: () => turn(0), End: () => turn(slides.length - 1),
  Escape: () => { if (!document.fullscreenElement) stage.querySelector("[data-leave]").click(); },
  f: () => full(), F: () => full(), p: () => setRunning(!running), P: () => setRunning(!running), ".": () => setRunning(!running),
};

function full() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.().catch(() => {});
}

document.addEventListener("keydown", (e) => {
  if (e.altKey || e.ctrlKey || e.metaKey || !keys[e.key]) return;
  if (e.key === " " && e.target.closest("a, button")) return;
  e.preventDefault();
  keys[e.key]();
});
for (const button of stage.querySelectorAll("[data-turn]")) button.addEventListener("click", () => turn(at + Number(button.dataset.turn)));
auto.addEventListener("click", () => setRunning(!running));
stage.querySelector("[data-full]").addEventListener("click", full);

stage.classList.add("live");
stage.classList.toggle("still", still);
const loaded = Math.max(0, slides.findIndex((slide) => `#${slide.id}` === location.hash));
begun ||= loaded > 0;
show(loaded);
