/* Marks on their way to the server. Each is kept in this browser until the server confirmed it.
   An entry: seen (the state the server is believed to have), chosen, reason, trying (sent, and not
   answered yet: it is sent again as it was, so that nobody clashes with themself), refused (the
   server would not have it: sent again only when asked), problem. */
"use strict";

window.aganoMarks = ({ url, account, prefix, changed }) => {
  const { keep, post, repeating, guard } = window.aganoSending;
  const kept = keep(prefix);
  const REFUSED_BEFORE = "前に保存できなかった入力です。「もう一度送る」を押すか、この入力をやめてください。";
  const reopened = (entry) => (entry.refused ? { kind: "refused", words: REFUSED_BEFORE } : null);
  const entries = new Map(kept.all().map(([id, entry]) => [id, { ...entry, problem: reopened(entry) }]));
  const state = { trouble: "" };
  let busy = false;

  const store = (id, entry) => {
    const { seen, chosen, reason, trying, refused } = entry;
    kept.set(id, { seen, chosen, reason, trying, refused });
  };
  const drop = (id) => {
    entries.delete(id);
    kept.remove(id);
  };

  // Those that go in one request: with the same reason, and alone after a refusal of many.
  const next = () => {
    const waiting = [...entries].filter(([, entry]) => !entry.problem);
    if (!waiting.length) return [];
    const [, first] = waiting[0];
    if (first.alone) return waiting.slice(0, 1);
    return waiting.filter(([, entry]) => entry.reason === first.reason && !entry.alone);
  };

  const confirm = (id, now) => {
    const entry = entries.get(id);
    if (!entry) return;
    entry.seen = now;
    entry.trying = null;
    entry.alone = false;
    if (entry.chosen === now) drop(id);
    else store(id, entry);
    changed(id, now);
  };

  const stay = (id, problem) => {
    const entry = entries.get(id);
    if (!entry) return;
    entry.trying = null;
    entry.problem = problem;
    entry.refused = problem.kind === "refused";
    store(id, entry);
    changed(id);
  };

  const take = (batch, answer) => {
    if (answer.kind === "answered" && (answer.status === 200 || answer.status === 409)) {
      for (const saved of answer.body.saved) confirm(String(saved.id), saved.now);
      for (const conflict of answer.body.conflicts) stay(String(conflict.id), { kind: "conflict", ...conflict });
    } else if (batch.length > 1) {
      for (const [, entry] of batch) entry.alone = true;
    } else {
      stay(batch[0][0], { kind: "refused", words: answer.body?.error || answer.words });
    }
  };

  const fields = (batch) => {
    const posted = [["account", account], ["reason", batch[0][1].reason]];
    for (const [id, entry] of batch) {
      entry.trying ??= entry.chosen;
      store(id, entry);
      posted.push([`seen-${id}`, entry.seen], [`status-${id}`, entry.trying]);
    }
    return posted;
  };

  const flush = async () => {
    if (busy) return;
    busy = true;
    try {
      for (let batch = next(); batch.length; batch = next()) {
        const answer = await post(url, fields(batch));
        state.trouble = answer.kind === "answered" || answer.kind === "refused" ? "" : answer.words;
        if (state.trouble) {
          if (answer.kind === "forbidden") again.stopped();
          else again.failed();
          for (const [id] of batch) changed(id);
          break;
        }
        again.succeeded();
        take(batch, answer);
      }
    } finally {
      busy = false;
      changed();
    }
  };
  const again = repeating(flush);

  guard(() => entries.size > 0);

  return {
    entries,
    state,
    flush,
    // What the page shows may tell that a mark had been saved although no answer came.
    compare(id, now) {
      const entry = entries.get(id);
      if (!entry) return;
      if (entry.trying && entry.trying === now) {
        entry.seen = now;
        entry.trying = null;
      }
      if (entry.chosen === now && !entry.trying) drop(id);
    },
    choose(id, seen, chosen, reason) {
      const entry = entries.get(id) || { seen, trying: null };
      Object.assign(entry, { chosen, reason, problem: null, refused: false });
      if (!entry.trying && entry.chosen === entry.seen) {
        drop(id);
      } else {
        entries.set(id, entry);
        store(id, entry);
      }
      changed(id);
      flush();
    },
    // After a clash: write one's own over the state as it is now.
    insist(id, now) {
      const entry = entries.get(id);
      Object.assign(entry, { seen: now, problem: null, refused: false });
      store(id, entry);
      changed(id);
      flush();
    },
    giveUp(id) {
      drop(id);
      changed(id);
    },
    again() {
      for (const entry of entries.values()) {
        if (entry.problem?.kind === "refused") Object.assign(entry, { problem: null, refused: false });
      }
      flush();
    },
  };
};
