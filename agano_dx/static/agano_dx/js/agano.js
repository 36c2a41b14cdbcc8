/* Small helps on top of pages that work without any script. */
(() => {
  "use strict";

  // The list of errors takes the focus, so that it is read and seen first.
  const focusErrors = (root) => {
    const summary = root.querySelector("[data-error-summary]");
    if (summary) summary.focus();
  };

  // A link to a group of boxes goes to the first of them.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-error-summary] a[href^='#']");
    if (!link) return;
    const goal = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!goal) return;
    const field = goal.matches("input, select, textarea, button")
      ? goal
      : goal.querySelector("input, select, textarea");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.scrollIntoView({ block: "center" });
  });

  // data-confirm on a submit button (or its form): asks again and says what will happen.
  const element = (name, className, text) => {
    const made = document.createElement(name);
    made.className = className;
    if (text) made.textContent = text;
    return made;
  };

  const ask = (asker, submitter, done) => {
    const words = asker.dataset.confirm;
    if (typeof HTMLDialogElement === "undefined") {
      if (window.confirm(words)) done();
      return;
    }
    const dialog = element("dialog", "agano-dialog");
    const title = element("p", "agano-dialog__title", asker.dataset.confirmTitle || "確認");
    const body = element("p", "agano-dialog__words", words);
    const row = element("div", "agano-buttons");
    const action = asker.dataset.confirmAction || submitter?.textContent.trim() || "実行する";
    const yes = element("button", "agano-button", action);
    const no = element("button", "agano-button", "やめる");
    title.id = "agano-dialog-title";
    body.id = "agano-dialog-words";
    dialog.setAttribute("aria-labelledby", title.id);
    dialog.setAttribute("aria-describedby", body.id);
    yes.type = no.type = "button";
    no.dataset.kind = "secondary";
    no.autofocus = true;
    if (submitter?.dataset.kind === "danger") yes.dataset.kind = "danger";
    let agreed = false;
    yes.addEventListener("click", () => {
      agreed = true;
      dialog.close();
      done();
    });
    no.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (!agreed) submitter?.focus();
    });
    row.append(yes, no);
    dialog.append(title, body, row);
    document.body.append(dialog);
    dialog.showModal();
  };

  window.aganoAsk = ask;

  const agreedForms = new WeakSet();
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const submitter = event.submitter;
      const asker = submitter?.dataset.confirm ? submitter : form.dataset.confirm ? form : null;
      if (!asker) return;
      if (agreedForms.delete(form)) return;
      event.preventDefault();
      event.stopPropagation();
      ask(asker, submitter, () => {
        agreedForms.add(form);
        form.requestSubmit(submitter);
      });
    },
    true,
  );

  // A POST form is sent once. Forms whose answer is a download carry data-repeatable.
  const sent = new Set();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || "repeatable" in form.dataset) return;
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    sent.add(form);
    (event.submitter || form.querySelector("[type=submit]"))?.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", () => {
    for (const form of sent) {
      for (const button of form.elements) button.removeAttribute("aria-disabled");
    }
    sent.clear();
  });

  // Buttons that only a script can serve are hidden without one.
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });

  const prepare = (root) => {
    for (const button of root.querySelectorAll("[data-print][hidden]")) button.hidden = false;
    focusErrors(root);
  };
  document.addEventListener("htmx:afterSwap", (event) => prepare(event.target));
  prepare(document);
})();
