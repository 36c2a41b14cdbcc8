/* Numbers at the door: typed or read by a bar-code reader, one after the other, each told with a tone.
   A number is kept in this browser until the server answered it. Without this script the form works. */
(() => {
  "use strict";

  const form = document.querySelector("form[data-quick]");
  if (!form) return;

  const { keep, post, repeating, guard } = window.aganoSending;
  const field = form.querySelector("[data-quick-number]");
  const called = document.querySelector("[data-called]");
  const unsaved = document.querySelector("[data-unsaved]");
  const last = document.querySelector("[data-last]");
  const kept = keep(`agano-quick:${form.dataset.quick}:${form.dataset.account}:`);
  const LAST = 10;
  const KINDS = { marked: "success", walked_in: "success", already: "information", not_listed: "warning" };
  // Hertz and seconds: done, done before, to be decided, refused.
  const TONES = {
    success: [[880, 0.12]],
    information: [[660, 0.1], [660, 0.1]],
    warning: [[440, 0.25], [330, 0.25]],
    error: [[180, 0.7]],
  };
  let waiting = kept.all();
  let made = 0;
  let busy = false;
  let offered = null;
  let sound = null;

  const element = (name, text, className) =>
    Object.assign(document.createElement(name), { textContent: text, className: className || "" });

  const beep = (kind) => {
    sound ||= new AudioContext();
    let at = sound.currentTime;
    for (const [pitch, length] of TONES[kind]) {
      const tone = sound.createOscillator();
      tone.type = kind === "error" ? "square" : "sine";
      tone.frequency.value = pitch;
      tone.connect(sound.destination);
      tone.start(at);
      tone.stop(at + length);
      at += length + 0.06;
    }
  };

  const tell = (answer) => {
    const kind = KINDS[answer.kind] || "error";
    const parts = [
      element("p", answer.name || answer.number, "agano-called__name"),
      element("p", answer.name ? `${answer.department}　${answer.number}` : ""),
      element("p", answer.words, "agano-called__words"),
    ];
    offered = answer.kind === "not_listed" ? answer.number : null;
    if (offered) {
      const add = element("button", "当日参加にする（+）", "agano-button");
      add.type = "button";
      add.dataset.kind = "secondary";
      add.addEventListener("click", addOffered);
      parts.push(add);
    }
    called.dataset.kind = kind;
    called.setAttribute("role", kind === "error" ? "alert" : "status");
    called.hidden = false;
    called.replaceChildren(...parts);
    const now = new Date().toLocaleTimeString("ja-JP", { hour: "2-digit", minute: "2-digit" });
    last.prepend(element("li", `${answer.name || "－"}（${answer.number}）${now} ${answer.words}`));
    while (last.children.length > LAST) last.lastElementChild.remove();
    document.querySelector("[data-none]").hidden = true;
    if ("came" in answer) {
      document.querySelector("[data-came]").textContent = `出席 ${answer.came}人／受講者 ${answer.listed}人`;
    }
    beep(kind);
  };

  const warn = (words) => {
    unsaved.hidden = !words;
    if (!words) return;
    const title = `まだ送っていない番号が${waiting.length}件あります。`;
    const body = `${words}番号はこの端末に残してあります。この画面を閉じないでください。`;
    if (unsaved.textContent === title + body) return;
    unsaved.replaceChildren(element("p", title, "agano-unsaved__title"), element("p", body));
  };

  const flush = async () => {
    if (busy) return;
    busy = true;
    while (waiting.length) {
      const [id, one] = waiting[0];
      const fields = [["number", one.number], ["account", form.dataset.account]];
      if (one.walkIn) fields.push(["walk_in", "1"]);
      const answer = await post(location.pathname, fields);
      if (answer.kind !== "answered" || answer.status !== 200) {
        warn(answer.words || "サーバーが番号を受け付けませんでした。画面を開き直してください。");
        if (answer.kind === "away" || answer.kind === "signed_out") again.failed();
        else again.stopped();
        break;
      }
      again.succeeded();
      waiting.shift();
      kept.remove(id);
      warn("");
      tell(answer.body);
    }
    busy = false;
  };
  const again = repeating(flush);

  const put = (number, walkIn) => {
    made += 1;
    const id = `${Date.now()}-${String(made).padStart(6, "0")}`;
    waiting.push([id, { number, walkIn }]);
    kept.set(id, { number, walkIn });
    flush();
  };

  function addOffered() {
    if (!offered) return;
    put(offered, true);
    offered = null;
    field.focus();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const number = field.value.trim();
    field.value = "";
    field.focus();
    if (number) put(number, false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "+" && event.key !== "＋" && event.code !== "NumpadAdd") return;
    event.preventDefault();
    addOffered();
  });
  guard(() => waiting.length > 0);
  field.focus();
  flush();
})();
