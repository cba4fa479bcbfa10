"use strict";
(() => {
  const bar = document.querySelector(".filters");
  const buttons = [...bar.querySelectorAll("button")];
  const shown = bar.querySelector(".shown");
  const paragraphs = [...document.querySelectorAll(".p")];
  const articles = [...document.querySelectorAll("article")];
  const picked = new Set();

  // Labels widen each other (this or that); “for review” narrows what they leave.
  const fits = (paragraph) => {
    const labels = [...picked].filter((pick) => pick !== "r");
    return (!picked.has("r") || paragraph.classList.contains("r")) &&
      (!labels.length || labels.some((pick) => paragraph.classList.contains(pick)));
  };

  const update = () => {
    let count = 0;
    for (const paragraph of paragraphs) {
      paragraph.hidden = !fits(paragraph);
      count += !paragraph.hidden;
    }
    for (const article of articles) {
      article.hidden = picked.size > 0 && !article.querySelector(".p:not([hidden])");
      for (const other of article.querySelectorAll("h3, .furniture")) other.hidden = picked.size > 0;
    }
    for (const button of buttons) {
      const pick = button.dataset.pick;
      button.setAttribute("aria-pressed", String(pick ? picked.has(pick) : picked.size === 0));
      if (/^l\d/.test(pick)) document.body.classList.toggle("on" + pick.slice(1), picked.has(pick));
    }
    document.body.classList.toggle("pick", [...picked].some((pick) => /^l\d/.test(pick)));
    shown.textContent = document.body.dataset.shown.replace("%1", count).replace("%2", paragraphs.length);
  };

  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const pick = button.dataset.pick;
    if (!pick) picked.clear();
    else if (!picked.delete(pick)) picked.add(pick);
    update();
  });

  bar.hidden = false;
  update();
})();
