"use strict";
// At the terminal ten keys are enough: the digit of a choice takes it.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || !/^[0-9]$/.test(event.key)) return;
  const choice = document.querySelector(`main [data-key="${event.key}"]`);
  if (choice) {
    event.preventDefault();
    choice.click();
  }
});
