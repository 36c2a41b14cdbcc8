// A box in the head of a table that ticks all boxes under it.
(() => {
  "use strict";

  for (const table of document.querySelectorAll("table[data-choose]")) {
    const words = table.querySelector("[data-choose-words]");
    const boxes = [...table.querySelectorAll("tbody input[type=checkbox]")];
    if (!words || !boxes.length) continue;
    const all = document.createElement("input");
    all.type = "checkbox";
    all.setAttribute("aria-label", "この表の全員を選ぶ");
    const show = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      all.checked = ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    };
    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
    });
    for (const box of boxes) box.addEventListener("change", show);
    show();
    words.replaceWith(all);
  }
})();
