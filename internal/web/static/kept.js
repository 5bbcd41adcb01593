// What the browser keeps of a draft while there is no network: sealed with
// AES-GCM under a key that no script can read out, for twelve hours at most. It
// protects a copied file, and not a phone that lies unlocked.
const base = "jurat-drafts";
const table = "drafts";
const lasts = 12 * 60 * 60 * 1000;

const done = (request) =>
  new Promise((give, fail) => {
    request.onsuccess = () => give(request.result);
    request.onerror = () => fail(request.error);
  });

const open = async () => {
  const request = indexedDB.open(base, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(table, { keyPath: "id" });
  return done(request);
};

// within does one thing with the table and closes the base again.
const within = async (mode, act) => {
  const db = await open();
  try {
    const work = db.transaction(table, mode);
    const gone = new Promise((give, fail) => {
      work.oncomplete = give;
      work.onabort = work.onerror = () => fail(work.error);
    });
    const result = await act(work.objectStore(table));
    await gone;
    return result;
  } finally {
    db.close();
  }
};

// possible: the browser has a place, and the means to seal what lies there.
export const possible = () => Boolean(globalThis.isSecureContext && globalThis.crypto?.subtle && globalThis.indexedDB);

// keep seals a text under the name of its draft, in place of what was kept.
export const keep = async (id, text) => {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const body = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(id) }, key, new TextEncoder().encode(text));
  await within("readwrite", (store) => done(store.put({ id, at: Date.now(), key, iv, body })));
};

// kept is what lies under a name, or nothing.
export const kept = async (id) => {
  const row = await within("readonly", (store) => done(store.get(id)));
  if (!row || Date.now() - row.at > lasts) return undefined;
  const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv, additionalData: new TextEncoder().encode(id) }, row.key, row.body);
  return new TextDecoder().decode(text);
};

// erase removes one draft, key and all.
export const erase = (id) => within("readwrite", (store) => done(store.delete(id)));

// eraseOld removes what was kept for too long.
export const eraseOld = () =>
  within("readwrite", async (store) => {
    for (const row of await done(store.getAll())) if (Date.now() - row.at > lasts) store.delete(row.id);
  });

// eraseAll removes everything: somebody signs out.
export const eraseAll = () => within("readwrite", (store) => done(store.clear()));
