/** Runs inside of the built app's pages for a bench on the phone: notes times, changes nothing. Each function is handed to the page as text. */

/** From the document's start until every door of a board is painted; then, of the first tap: when it was taken, and when its door stood. */
export function noteBoard(doors) {
  const cells = () => document.querySelectorAll('a.cell[href^="/door/"]').length;
  const painted = (then) =>
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => then(performance.now());
      channel.port2.postMessage(0);
    });
  const look = () => {
    if (!window.board && cells() >= doors) {
      window.board = { doors: cells() };
      painted((now) => (window.board.drawn = now));
    }
    if (window.tap && !window.tap.answered && document.querySelector('[data-field="outcome"]')) {
      window.tap.answered = true;
      painted((now) => (window.tap.door = now));
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
  window.addEventListener('DOMContentLoaded', look);
  window.addEventListener(
    'pointerdown',
    ({ timeStamp }) => (window.tap ??= { at: timeStamp, taken: performance.now(), answered: false }),
    { capture: true },
  );
}

/** Of each save: from the tap until the transaction that holds the record is complete, and how durable it is. */
export function noteSaves() {
  window.saves = [];
  let tapped = 0;
  window.addEventListener('click', ({ timeStamp }) => (tapped = timeStamp), { capture: true });
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    const made = begin.call(this, stores, mode, options);
    // A draft's end and the record's beginning are one transaction: no other writes both.
    if (mode === 'readwrite' && [stores].flat().includes('outbox') && [stores].flat().includes('drafts'))
      made.addEventListener('complete', () =>
        window.saves.push({ ms: performance.now() - tapped, durability: made.durability }),
      );
    return made;
  };
}

/** Of each change of the search's text: from the key until what was found is painted. */
export function noteKeys() {
  window.keys = [];
  window.addEventListener(
    'input',
    ({ timeStamp }) =>
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () =>
          window.keys.push({
            ms: performance.now() - timeStamp,
            found: document.querySelectorAll('a[href^="/door/"]').length,
          });
        channel.port2.postMessage(0);
      }),
    { capture: true },
  );
}

/** How long a fixed piece of work takes, ms: tells what the throttle really does. */
export function spin() {
  const work = () => {
    const from = performance.now();
    let x = 0;
    for (let i = 0; i < 3e7; i++) x = (x * 31 + i) | 0;
    return performance.now() - from + (x & 0);
  };
  work(); // warms up
  return work();
}
