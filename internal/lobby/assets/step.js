// A remote turns the steps of a story: forward with the right arrow or Page Down, back with
// the left arrow or Page Up. Without this script the links do.
"use strict";

const turns = { ArrowRight: "next", PageDown: "next", ArrowLeft: "prev", PageUp: "prev" };

document.addEventListener("keydown", (e) => {
  const to = turns[e.key];
  if (!to || e.altKey || e.ctrlKey || e.metaKey) return;
  const link = document.querySelector(`nav.pager a[rel=${to}]`);
  if (link) {
    e.preventDefault();
    link.click();
  }
});
