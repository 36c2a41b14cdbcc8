/* Shows what a form's long work is doing while its answer is awaited. Without it the form works too. */
(() => {
  "use strict";

  const ASK_EVERY = 700;

  const follow = (form, panel) => {
    const words = panel.querySelector("[data-busy-words]");
    const bar = panel.querySelector("progress");
    const ask = async () => {
      try {
        const answer = await fetch(form.dataset.busyUrl, { headers: { Accept: "application/json" } });
        if (!answer.ok) return;
        const told = await answer.json();
        words.textContent = `${told.words}（全${told.of}段階のうち${Math.max(told.stage, 1)}段階目）`;
        bar.max = told.of + 1;
        bar.value = Math.max(told.stage, 0.5);
      } catch {
        // The page's own answer is on its way; nothing is lost when this one is not.
      }
    };
    window.setInterval(ask, ASK_EVERY);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !("busy" in form.dataset)) return;
    const panel = form.querySelector("[data-busy-panel]");
    if (!panel) return;
    panel.querySelector("[data-busy-words]").textContent = form.dataset.busy;
    panel.hidden = false;
    if (form.dataset.busyUrl) follow(form, panel);
  });
})();
