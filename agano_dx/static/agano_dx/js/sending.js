/* For pages that save as they go: what is not confirmed yet is kept in this browser and sent again. */
window.aganoSending = (() => {
  "use strict";

  const PATIENCE = 10_000;
  const REPEAT_AFTER = [1_000, 2_000, 4_000, 8_000, 15_000];
  const WORDS = {
    away: "サーバーにつながりません。つながりしだい送り直します。",
    signed_out: "ログアウトしています。別のタブでログインし直すと、送り直します。",
    forbidden: "出欠を入力する権限がなくなったため、保存できません。システム管理者に相談してください。",
    refused: "保存できませんでした。画面を開き直してください。",
  };
  let token = "";

  const ownToken = (root) => root.querySelector("[name=csrfmiddlewaretoken]")?.value || "";

  // Each thing has a key of its own, so that two tabs do not write over each other's.
  const keep = (prefix) => ({
    all() {
      try {
        return Object.keys(localStorage)
          .filter((key) => key.startsWith(prefix))
          .sort()
          .map((key) => [key.slice(prefix.length), JSON.parse(localStorage.getItem(key))]);
      } catch {
        return [];
      }
    },
    set(id, thing) {
      try {
        localStorage.setItem(prefix + id, JSON.stringify(thing));
      } catch {
        // Without storage it is kept as long as the page is open, and leaving the page asks first.
      }
    },
    remove(id) {
      try {
        localStorage.removeItem(prefix + id);
      } catch {
        // See above.
      }
    },
  });

  const ask = async (url, options) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(url, { ...options, redirect: "manual", cache: "no-store", signal: stop.signal });
      return { status: answer.status, signedOut: answer.type === "opaqueredirect", text: await answer.text() };
    } catch {
      return { status: 0, signedOut: false, text: "" };
    } finally {
      clearTimeout(timer);
    }
  };

  const send = (url, fields) =>
    ask(url, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": token },
      body: new URLSearchParams(fields),
    });

  // After signing in again the page's token is an old one; the page as it is now has the new one.
  const renewToken = async () => {
    const page = await ask(location.href, { method: "GET" });
    if (page.status === 200) token = ownToken(new DOMParser().parseFromString(page.text, "text/html"));
    return page;
  };

  const kindOf = (answer) => {
    if (answer.signedOut) return "signed_out";
    if (answer.status === 0 || answer.status >= 500) return "away";
    return answer.status === 403 ? "forbidden" : "answered";
  };

  // {kind: answered, away, signed_out, forbidden or refused; status, body of an answer; words}.
  const post = async (url, fields) => {
    token ||= ownToken(document);
    let answer = await send(url, fields);
    if (answer.status === 403) {
      const page = await renewToken();
      answer = page.status === 200 ? await send(url, fields) : page;
    }
    const kind = kindOf(answer);
    if (kind !== "answered") return { kind, words: WORDS[kind] };
    try {
      return { kind, status: answer.status, body: JSON.parse(answer.text), words: "" };
    } catch {
      return { kind: "refused", words: WORDS.refused };
    }
  };

  // Calls `act` again later and later while it fails, and at once when there is reason to hope.
  const repeating = (act) => {
    let failures = 0;
    let timer = 0;
    const hope = () => {
      if (failures) act();
    };
    for (const event of ["online", "focus", "pageshow"]) window.addEventListener(event, hope);
    return {
      failed() {
        clearTimeout(timer);
        timer = setTimeout(act, REPEAT_AFTER[Math.min(failures, REPEAT_AFTER.length - 1)]);
        failures += 1;
      },
      stopped() {
        clearTimeout(timer);
        failures = 1;
      },
      succeeded() {
        clearTimeout(timer);
        failures = 0;
      },
    };
  };

  // The page cannot be left unnoticed while something is not saved.
  const guard = (isUnsaved) =>
    window.addEventListener("beforeunload", (event) => {
      if (isUnsaved()) event.preventDefault();
    });

  return { keep, post, repeating, guard };
})();
