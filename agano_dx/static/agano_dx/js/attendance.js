/* The attendance grid: keys, "all present", totals, filter; every mark is sent as it is made.
   Without this script the radios and the button work. */
(() => {
  "use strict";

  const shut = document.querySelector("[data-attendance-shut]");
  const prefixOf = (offering, account) => `agano-mark:${offering}:${account}:`;
  if (shut) {
    const left = window.aganoSending.keep(prefixOf(shut.dataset.attendanceShut, shut.dataset.account)).all().length;
    if (left) {
      shut.textContent = `この端末に、まだ保存していない出欠が${left}人分あります。入力できるようになってからこの画面を開くと、送り直します。`;
      shut.hidden = false;
    }
  }
  const form = document.querySelector("form[data-attendance]");
  if (!form) return;

  const UNMARKED = "booked";
  const SETTLED = ["present", "late", "left_early", "absent", "excused"];
  const NOTIFIED = "欠席届";
  const people = [...form.querySelectorAll("tr[data-person]")];
  const rows = people.filter((row) => row.querySelector("input[type=radio]"));
  const byId = new Map(rows.map((row) => [row.dataset.person, row]));
  const totals = form.querySelector("[data-totals]");
  const unsaved = form.querySelector("[data-unsaved]");
  const reason = form.querySelector("[name=reason]");

  const chosen = (row) => row.querySelector("input[type=radio]:checked");
  const seenField = (row) => row.querySelector("input[type=hidden][name^=seen-]");
  const labelOf = (row, value) =>
    row.querySelector(`input[value="${CSS.escape(value)}"] + label`)?.textContent || NOTIFIED;
  const select = (row, value) => {
    for (const radio of row.querySelectorAll("input[type=radio]")) radio.checked = radio.value === value;
  };
  const element = (name, text, properties = {}) =>
    Object.assign(document.createElement(name), { textContent: text, ...properties });

  const marks = window.aganoMarks({
    url: form.dataset.markUrl,
    account: form.dataset.account,
    prefix: prefixOf(form.dataset.attendance, form.dataset.account),
    changed(id, confirmed) {
      if (id && byId.has(id)) show(byId.get(id), confirmed);
      count();
      warn();
    },
  });

  // --- One row -----------------------------------------------------------------------------------

  const button = (words, act) => {
    const made = element("button", words, { type: "button", className: "agano-button" });
    made.dataset.kind = "secondary";
    made.dataset.size = "small";
    made.addEventListener("click", act);
    return made;
  };

  const recorded = (row, value) => {
    seenField(row).value = value;
    select(row, value);
  };

  const clash = (row, id, problem) => {
    const words = element("p", "", { className: "agano-note" });
    const when = problem.at ? `${problem.at}に` : "";
    words.append(element("strong", problem.by), `が${when}「${problem.label}」にしました。どちらにしますか。`);
    const mine = labelOf(row, marks.entries.get(id).chosen);
    const keepTheirs = () => {
      recorded(row, problem.now);
      marks.giveUp(id);
    };
    return [
      words,
      button(`${problem.by}さんの入力（${problem.label}）を残す`, keepTheirs),
      button(`自分の入力（${mine}）に変える`, () => marks.insist(id, problem.now)),
    ];
  };

  const refusal = (row, id, problem) => [
    element("p", problem.words, { className: "agano-note" }),
    button("この入力をやめる", () => {
      recorded(row, marks.entries.get(id).seen);
      marks.giveUp(id);
    }),
  ];

  function show(row, confirmed) {
    const id = row.dataset.person;
    const entry = marks.entries.get(id);
    const told = row.querySelector("[data-saved]");
    const notice = row.querySelector("[data-notice]") || element("div", "", { className: "agano-grid__notice" });
    notice.dataset.notice = "";
    if (confirmed) seenField(row).value = confirmed;
    const failed = Boolean(entry?.problem || (entry && marks.state.trouble));
    row.toggleAttribute("data-changed", Boolean(entry));
    if (failed) row.dataset.tone = "error";
    else delete row.dataset.tone;
    if (entry) told.textContent = failed ? "未保存" : "保存中…";
    else told.textContent = confirmed ? "保存済み✓" : "";
    told.dataset.state = entry ? (failed ? "failed" : "saving") : "saved";
    const problem = entry?.problem;
    const parts = { conflict: clash, refused: refusal }[problem?.kind]?.(row, id, problem) || [];
    notice.replaceChildren(...parts);
    if (parts.length) row.querySelector("fieldset").after(notice);
    else notice.remove();
  }

  // --- The whole page ----------------------------------------------------------------------------

  function count() {
    const numbers = new Map([["未入力", 0]]);
    for (const value of rows.length ? SETTLED : []) numbers.set(labelOf(rows[0], value), 0);
    const add = (label) => numbers.set(label, (numbers.get(label) || 0) + 1);
    for (const row of people) {
      const own = row.querySelector("[data-own]");
      const value = own ? own.dataset.own : chosen(row)?.value;
      if (value === UNMARKED) add("未入力");
      else add(own ? own.textContent : value ? labelOf(row, value) : NOTIFIED);
    }
    const told = [...numbers].filter(([label, number]) => number || label === "未入力");
    const words = told.map(([label, number]) => `${label} ${number}人`).join("・");
    const waiting = marks.entries.size;
    const failed = marks.state.trouble || [...marks.entries.values()].some((entry) => entry.problem);
    totals.textContent = waiting ? `${words}（${failed ? "未保存" : "保存中"} ${waiting}人）` : words;
  }

  function warn() {
    const problems = [...marks.entries].filter(([, entry]) => entry.problem);
    const gone = problems.filter(([id]) => !byId.has(id));
    const isTold = Boolean(marks.state.trouble || problems.length);
    unsaved.hidden = !isTold;
    if (!isTold) return;
    const parts = [
      element("p", `まだ保存していない人が${marks.entries.size}人います。`, { className: "agano-unsaved__title" }),
      element("p", marks.state.trouble || "赤い行を確かめてください。"),
      element("p", "入力はこの端末に残してあります。保存が終わるまで、この画面を閉じないでください。"),
      button("もう一度送る", () => marks.again()),
    ];
    if (gone.length) {
      const giveUp = button("一覧にない人の入力をやめる", () => gone.forEach(([id]) => marks.giveUp(id)));
      parts.push(element("p", `このうち${gone.length}人は、この一覧にいません（受講が取り消されたなど）。`), giveUp);
    }
    const words = parts.map((part) => part.textContent).join("");
    if (unsaved.dataset.words === words) return; // read aloud once, not with every retry
    unsaved.dataset.words = words;
    unsaved.replaceChildren(...parts);
  }

  const put = (row, value) => {
    select(row, value);
    const seen = seenField(row).value;
    marks.choose(row.dataset.person, seen, value, SETTLED.includes(seen) ? reason.value.trim() : "");
  };

  const focusRow = (index, step) => {
    let at = index;
    while (rows[at]?.hidden) at += step;
    const row = rows[at];
    if (!row) return;
    (chosen(row) || row.querySelector("input[type=radio]")).focus();
    row.scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const index = rows.indexOf(event.target.closest?.("tr[data-person]"));
    if (index < 0) {
      if (step === 1 && event.target === document.body) {
        event.preventDefault();
        focusRow(Math.max(rows.findIndex((row) => !row.hidden && chosen(row)?.value === UNMARKED), 0), 1);
      }
      return;
    }
    const radio = rows[index].querySelector(`input[data-key="${CSS.escape(event.key)}"]`);
    if (!step && !radio) return;
    event.preventDefault();
    if (radio) put(rows[index], radio.value);
    focusRow(index + (step || 1), step || 1);
  });

  form.addEventListener("change", (event) => {
    const row = event.target.closest("tr[data-person]");
    if (row) put(row, event.target.value);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    marks.again();
  });

  const all = form.querySelector("[data-set-all]");
  all.addEventListener("click", () => {
    const unmarked = rows.filter((row) => chosen(row)?.value === UNMARKED);
    if (!unmarked.length) return;
    all.dataset.confirm = `未入力の${unmarked.length}人を出席にします。出席でない人は、後で1人ずつ直します。`;
    window.aganoAsk(all, all, () => {
      for (const row of unmarked) put(row, all.dataset.setAll);
      focusRow(0, 1);
    });
  });

  // --- The filter: at once, and in the address for a reload ---------------------------------------

  const shows = [...document.querySelectorAll("[data-show]")];
  const filter = (onlyUnmarked) => {
    for (const row of people) {
      const value = row.querySelector("[data-own]")?.dataset.own || chosen(row)?.value;
      row.hidden = onlyUnmarked && value !== UNMARKED && !marks.entries.has(row.dataset.person);
    }
  };
  for (const link of shows) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      filter(link.dataset.show === "unmarked");
      for (const one of shows) one.removeAttribute("aria-current");
      link.setAttribute("aria-current", "true");
      history.replaceState(null, "", link.href);
    });
  }

  // --- What a closed page left behind is sent now --------------------------------------------------

  for (const id of [...marks.entries.keys()]) {
    const row = byId.get(id);
    if (!row) continue;
    marks.compare(id, seenField(row).value);
    const entry = marks.entries.get(id);
    if (entry) {
      select(row, entry.chosen);
      row.hidden = false;
    }
    show(row);
  }
  all.hidden = false;
  form.querySelector("[data-keys]").hidden = false;
  form.querySelector("[data-save]").hidden = true;
  form.querySelector("[data-saves-itself]").hidden = false;
  count();
  marks.flush();
})();
