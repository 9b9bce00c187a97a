// A remote turns the steps of a story: forward with the right arrow or Page Down, back with
// the left arrow or Page Up. A step that is seen to have happened leads to the next one by
// itself. Without this script the links do.
"use strict";

const turns = { ArrowRight: "next", PageDown: "next", ArrowLeft: "prev", PageUp: "prev" };

function turnTo(rel) {
  const link = document.querySelector(`nav.pager a[rel=${rel}]`);
  link?.click();
  return Boolean(link);
}

document.addEventListener("keydown", (e) => {
  const to = turns[e.key];
  if (to && !e.altKey && !e.ctrlKey && !e.metaKey && turnTo(to)) e.preventDefault();
});

const here = Number(document.querySelector("[data-place]").dataset.place);
let waits = document.querySelector('.check [data-testid="not-yet"]') !== null;
document.addEventListener("seen", (e) => {
  if (!waits || !e.detail.steps[here - 1]?.confirmed) return;
  waits = false;
  const next = document.querySelector("nav.pager a[data-testid=next]");
  next?.classList.remove("secondary");
  if (next) setTimeout(() => next.click(), 1500);
});
