// The attendance grid: keys, "all present", running totals. Without it the radios and the button work.
"use strict";

(() => {
  const form = document.querySelector("form[data-attendance]");
  if (!form) {
    return;
  }
  const rows = [...form.querySelectorAll("tr[data-person]")].filter((row) => row.querySelector("input[type=radio]"));
  const totals = form.querySelector("[data-totals]");
  const chosen = (row) => row.querySelector("input[type=radio]:checked");

  const count = () => {
    const numbers = new Map();
    for (const row of rows) {
      const input = chosen(row);
      const label = input ? input.nextElementSibling.textContent : "未入力";
      numbers.set(label, (numbers.get(label) || 0) + 1);
      const seen = row.querySelector("input[type=hidden]").value;
      row.toggleAttribute("data-changed", Boolean(input) && input.value !== seen);
    }
    const changed = rows.filter((row) => row.hasAttribute("data-changed")).length;
    const words = [...numbers].map(([label, number]) => `${label} ${number}人`).join("・");
    totals.textContent = changed ? `${words}（まだ保存していない変更 ${changed}人）` : words;
  };

  const focusRow = (index) => {
    const row = rows[index];
    if (row) {
      (chosen(row) || row.querySelector("input[type=radio]")).focus();
      row.scrollIntoView({ block: "nearest" });
    }
  };

  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) {
      return;
    }
    const row = event.target.closest("tr[data-person]");
    const index = rows.indexOf(row);
    if (index < 0) {
      return;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      focusRow(index + (event.key === "ArrowDown" ? 1 : -1));
      return;
    }
    const input = row.querySelector(`input[data-key="${CSS.escape(event.key)}"]`);
    if (input) {
      event.preventDefault();
      input.checked = true;
      count();
      focusRow(index + 1 < rows.length ? index + 1 : index);
    }
  });
  form.addEventListener("change", count);

  const all = form.querySelector("[data-set-all]");
  all.hidden = false;
  form.querySelector("[data-keys]").hidden = false;
  all.addEventListener("click", () => {
    for (const row of rows) {
      const input = chosen(row);
      if (!input || input.value === "booked") {
        row.querySelector(`input[value="${all.dataset.setAll}"]`).checked = true;
      }
    }
    count();
    focusRow(0);
  });
  count();
})();
