// Files are sent in parts, so that a lost connection costs nothing: each is
// hashed here while it is sent, and filed only if what arrived is the same.
// Without this script the form sends them plainly.
(() => {
  const form = document.querySelector("form[data-endpoint]");
  if (!form || !window.tus || !tus.isSupported || !window.Worker) return;
  const table = document.querySelector("[data-files]");
  const rows = table.querySelector("tbody");
  const status = document.querySelector("[data-status]");
  const input = form.querySelector("input[type=file]");
  const chunk = 64 * 1024 * 1024; // the last of these brings the digest
  const atOnce = 2;

  const say = (name, gaps = {}) => Object.entries(gaps).reduce((s, [k, v]) => s.replaceAll("{" + k + "}", v), form.dataset[name]);
  const short = (hex) => (hex ? hex.slice(0, 4) + " " + hex.slice(4, 8) : "…");
  const hash = async (text) => {
    const sum = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return Array.from(new Uint8Array(sum), (b) => b.toString(16).padStart(2, "0")).join("");
  };
  const size = (n) => {
    const units = ["B", "KB", "MB", "GB", "TB"];
    let i = 0;
    for (; n >= 1000 && i < units.length - 1; i++) n /= 1000;
    return (i ? n.toFixed(1) : n) + " " + units[i];
  };

  // What this browser remembers of an upload is where it is: no name of a file.
  const prefix = "jurat-upload:";
  const memory = {
    findAllUploads: async () => [],
    findUploadsByFingerprint: async (print) => {
      try {
        const url = localStorage.getItem(prefix + print);
        return url ? [{ uploadUrl: url, urlStorageKey: prefix + print, metadata: {} }] : [];
      } catch {
        return [];
      }
    },
    removeUpload: async (key) => {
      try {
        localStorage.removeItem(key);
      } catch {
        /* nothing was remembered */
      }
    },
    addUpload: async (print, upload) => {
      try {
        localStorage.setItem(prefix + print, upload.uploadUrl);
      } catch {
        /* it cannot be gone on with after a reload */
      }
      return prefix + print;
    },
  };
  const fingerprint = async (file) =>
    window.isSecureContext ? hash([form.dataset.endpoint, file.name, file.size, file.lastModified].join("\0")) : null;

  const digestOf = (file) =>
    new Promise((give) => {
      const worker = new Worker(form.dataset.worker);
      const end = (hex) => {
        worker.terminate();
        give(hex);
      };
      worker.onmessage = ({ data }) => end(data);
      worker.onerror = () => end("");
      worker.postMessage(file);
    });

  const row = (file) => {
    const tr = rows.insertRow();
    const name = document.createElement("th");
    name.scope = "row";
    name.dir = "auto";
    name.textContent = file.name;
    tr.append(name);
    const cells = {};
    for (const head of table.querySelectorAll("thead th[data-cell]")) {
      const td = tr.insertCell();
      td.dataset.label = head.textContent;
      cells[head.dataset.cell] = td;
    }
    cells.size.textContent = size(file.size);
    cells.sent.textContent = "0 %";
    cells.here.textContent = cells.there.textContent = "…";
    const text = document.createElement("span");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "usa-button usa-button--outline";
    button.hidden = true;
    cells.state.append(text, " ", button);
    return { cells, text, button };
  };

  const waiting = [];
  let sending = 0;
  const next = () => {
    while (sending < atOnce && waiting.length > 0) {
      sending++;
      waiting.shift()();
    }
  };
  const left = () => {
    sending--;
    next();
  };

  const add = (file) => {
    table.hidden = false;
    const { cells, text, button } = row(file);
    const metadata = { filename: file.name };
    for (const name of ["kind", "received_from", "recorded_from", "clock_offset_s"]) {
      const value = form.elements[name].value;
      if (value) metadata[name] = value;
    }
    let here;
    let percent = 0;
    let told = -1;
    let became = {};
    const tell = (sentence, lang) => {
      text.lang = status.lang = lang || document.documentElement.lang;
      text.textContent = sentence;
      status.textContent = file.name + ": " + sentence;
    };
    const offer = (label, act) => {
      button.hidden = !label;
      button.textContent = label;
      button.onclick = act;
    };
    const go = () => {
      tell(say("sending", { n: percent }));
      offer(form.dataset.pause, () => {
        upload.abort();
        tell(say("paused", { n: percent }));
        offer(form.dataset.resume, again);
        left();
      });
      upload.start();
    };
    let due = 0;
    const again = () => {
      clearTimeout(due);
      removeEventListener("online", again);
      offer("");
      waiting.push(go);
      next();
    };
    // Without a connection it goes on by itself from what arrived: as soon as the
    // browser says there is one, and at the latest when the wait is over.
    const lost = () => {
      tell(say("lost", { n: percent }));
      addEventListener("online", again);
      due = setTimeout(again, 15000);
    };
    const upload = new tus.Upload(file, {
      endpoint: form.dataset.endpoint,
      metadata,
      chunkSize: chunk,
      retryDelays: [0, 1000, 3000, 5000, 10000],
      removeFingerprintOnSuccess: true,
      urlStorage: memory,
      fingerprint,
      onShouldRetry: (error) => {
        const code = error.originalResponse ? error.originalResponse.getStatus() : 0;
        const tries = navigator.onLine && (code < 400 || code >= 500 || code === 409 || code === 423);
        if (tries) tell(say("cut", { n: percent }));
        return tries;
      },
      onBeforeRequest: async (request) => {
        if (request.getMethod() !== "PATCH" || Number(request.getHeader("Upload-Offset")) + chunk < file.size) return;
        const hex = await here;
        if (hex) request.setHeader("Jurat-Sha256", hex);
      },
      onAfterResponse: (_, response) => {
        const id = response.getHeader("Jurat-Exhibit");
        if (id) became = { id, there: response.getHeader("Jurat-Sha256"), duplicate: response.getHeader("Jurat-Duplicate") === "1" };
      },
      onProgress: (sent, total) => {
        percent = total > 0 ? Math.floor((100 * sent) / total) : 100;
        cells.sent.textContent = percent + " %";
        text.textContent = say("sending", { n: percent });
        const ten = Math.floor(percent / 10);
        if (ten !== told) status.textContent = file.name + ": " + text.textContent;
        told = ten;
      },
      onSuccess: async () => {
        offer("");
        cells.sent.textContent = "100 %";
        cells.there.textContent = short(became.there);
        const hex = await here;
        if (!became.id || (hex && hex !== became.there)) tell(say("differs"));
        else {
          const n = became.id.replace(/^.*-E/, "");
          tell(say(became.duplicate ? "already" : "filed", { n }));
          const link = document.createElement("a");
          link.href = form.dataset.exhibits + n;
          link.textContent = say("exhibit", { n });
          text.after(" ", link);
        }
        left();
      },
      onError: (error) => {
        const response = error.originalResponse;
        const code = response ? response.getStatus() : 0;
        if (response && response.getHeader("Jurat-Differs")) tell(say("differs"));
        else if (code === 507) tell(say("full", { name: file.name }));
        else if (code === 401) tell(say("away"));
        else if (code >= 400 && code < 500 && code !== 408 && code !== 409 && code !== 423) {
          if (response.getBody()) tell(response.getBody(), response.getHeader("Content-Language"));
          else tell(say("lost", { n: percent }));
        }
        else lost();
        offer(form.dataset.resume, again);
        left();
      },
    });
    waiting.push(async () => {
      here = digestOf(file);
      here.then((hex) => {
        cells.here.textContent = short(hex);
      });
      const before = await upload.findPreviousUploads();
      if (before.length > 0) upload.resumeFromPreviousUpload(before[0]);
      go();
    });
    tell(form.dataset.waiting);
    next();
  };

  form.addEventListener("submit", (e) => {
    if (input.files.length === 0) return; // the server says what is missing
    e.preventDefault();
    [...input.files].forEach(add);
    input.value = "";
  });
  const drop = document.querySelector("[data-drop]");
  drop.hidden = false;
  drop.addEventListener("dragover", (e) => e.preventDefault());
  drop.addEventListener("drop", (e) => {
    e.preventDefault();
    [...e.dataTransfer.files].forEach(add);
  });
  addEventListener("beforeunload", (e) => {
    if (sending > 0) e.preventDefault();
  });
})();
