// Draws boxes on the picture. What is typed is the truth: a box drawn or moved
// is written into the fields, and what is typed moves the box. Rows are made by
// the counter, so that with a script and without one the page is the same.
const form = document.querySelector("form[data-edits]");
const stage = document.querySelector("[data-stage]");
const list = document.querySelector("[data-list]");
const status = document.querySelector("[data-status]");

const clock = (ms) => {
  const pad = (n, wide) => String(n).padStart(wide, "0");
  return Math.floor(ms / 3600000) + ":" + pad(Math.floor(ms / 60000) % 60, 2) + ":" + pad(Math.floor(ms / 1000) % 60, 2) + "." + pad(ms % 1000, 3);
};
// The counter's own reading of a time, such as 1:02.5; NaN: no time.
const millis = (text) => {
  const parts = text.trim().replaceAll(",", ".").split(":");
  if (parts.length > 3 || parts.some((p, i) => !/^[0-9]+(\.[0-9]*)?$/.test(p) || (i < parts.length - 1 && p.includes(".")))) return NaN;
  return Math.round(parts.reduce((sum, p) => sum * 60 + Number(p), 0) * 1000);
};

// Post the form as one of its buttons would, and take the rows of the answer.
const post = async (act) => {
  const body = new URLSearchParams(new FormData(form));
  body.set("do", act);
  try {
    const answer = await fetch(form.action, { method: "POST", body, redirect: "follow" });
    if (!answer.ok) throw new Error(String(answer.status));
    if (act !== "stay") {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      list.replaceChildren(...page.querySelector("[data-list]").childNodes);
    }
    status.textContent = status.dataset.saved;
    return true;
  } catch {
    status.textContent = status.dataset.failed;
    return false;
  }
};
let waiting = 0;
const saveSoon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => post("stay"), 700);
};

if (form && list && status) {
  form.addEventListener("input", saveSoon);
  form.addEventListener("submit", () => clearTimeout(waiting));
}

if (form && stage && list) {
  const screen = stage.querySelector("[data-screen]");
  const svg = screen.querySelector("svg");
  const film = stage.hasAttribute("data-film");
  const size = { width: Number(stage.dataset.width), height: Number(stage.dataset.height) };
  const wide = matchMedia("(min-width: 40.01rem)");
  const field = (name) => form.elements.namedItem(name);
  let looking = !!svg.querySelector("image");
  let at = Number(stage.dataset.at) || 0;
  let video = null;

  const drawn = stage.querySelector("[data-drawn]"); // the boxes to look at; buttons over them are to move them by

  // The boxes as they are typed: rows of places, sorted by time.
  const boxes = () =>
    [...list.querySelectorAll("[data-edit][data-kind=box]")].map((row) => {
      const places = [...row.querySelectorAll("[data-place]")].map((p) => {
        const of = (part) => p.querySelector("[name$='." + part + "']");
        return { at: film ? millis(of("at").value) : 0, x: of("x"), y: of("y"), width: of("width"), height: of("height") };
      });
      const until = row.querySelector("[name$='.to']");
      return { n: Number(row.dataset.edit), places: places.filter((p) => !Number.isNaN(p.at)).sort((a, b) => a.at - b.at), to: until ? millis(until.value) : NaN };
    });
  const read = (p) => ({ x: Number(p.x.value), y: Number(p.y.value), width: Number(p.width.value), height: Number(p.height.value) });
  // Where a box is now: in a straight line between two of its times.
  const placed = (b) => {
    if (!b.places.length || (film && (at < b.places[0].at || at >= b.to))) return null;
    let i = 0;
    while (i + 1 < b.places.length && b.places[i + 1].at <= at) i++;
    const a = read(b.places[i]);
    if (i + 1 === b.places.length || !film) return a;
    const z = read(b.places[i + 1]);
    const part = (at - b.places[i].at) / (b.places[i + 1].at - b.places[i].at);
    const between = (k) => Math.round(a[k] + (z[k] - a[k]) * part);
    return { x: between("x"), y: between("y"), width: between("width"), height: between("height") };
  };
  const within = (r) => {
    const width = Math.min(Math.max(Math.round(r.width), 2), size.width);
    const height = Math.min(Math.max(Math.round(r.height), 2), size.height);
    return { width, height, x: Math.min(Math.max(Math.round(r.x), 0), size.width - width), y: Math.min(Math.max(Math.round(r.y), 0), size.height - height) };
  };
  const put = (el, r) => {
    el.style.left = (r.x / size.width) * 100 + "%";
    el.style.top = (r.y / size.height) * 100 + "%";
    el.style.width = (r.width / size.width) * 100 + "%";
    el.style.height = (r.height / size.height) * 100 + "%";
  };

  const handles = new Map(); // the button of each box
  const draw = () => {
    const seen = new Set();
    drawn.replaceChildren();
    for (const b of boxes()) {
      const r = placed(b);
      if (!r || Object.values(r).some(Number.isNaN)) continue;
      seen.add(b.n);
      const box = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      box.setAttribute("class", "cut");
      for (const [name, value] of Object.entries(r)) box.setAttribute(name, String(value));
      drawn.append(box);
      let h = handles.get(b.n);
      if (!h) {
        h = handle(b.n);
        handles.set(b.n, h);
        screen.append(h);
      }
      put(h, r);
      h.setAttribute("aria-label", stage.dataset.boxSay.replace("%", String(b.n)) + ": " + r.x + ", " + r.y + ", " + r.width + " × " + r.height + ". " + stage.dataset.keys);
    }
    for (const [n, h] of handles) {
      if (!seen.has(n)) {
        h.remove();
        handles.delete(n);
      }
    }
  };

  // A box moved at a time it has a place for changes that place; at another
  // time it gets one more.
  const moved = { n: 0, r: null };
  const write = (n, r) => {
    const b = boxes().find((one) => one.n === n);
    if (!b) return;
    const here = b.places.find((p) => p.at === at) || (film ? null : b.places[0]);
    if (here) {
      for (const k of ["x", "y", "width", "height"]) here[k].value = String(r[k]);
      saveSoon();
      return;
    }
    moved.n = n;
    moved.r = r;
  };
  const keep = async () => {
    const { n, r } = moved;
    if (!n) return;
    moved.n = 0;
    fill(r);
    await post("place-" + n);
    clear();
    draw();
    handles.get(n)?.focus();
  };
  const fill = (r) => {
    if (field("new.at")) field("new.at").value = clock(at);
    for (const k of ["x", "y", "width", "height"]) field("new." + k).value = String(r[k]);
  };
  const clear = () => {
    for (const k of ["x", "y", "width", "height"]) field("new." + k).value = "";
  };

  const point = (e) => {
    const r = screen.getBoundingClientRect();
    return { x: ((e.clientX - r.left) / r.width) * size.width, y: ((e.clientY - r.top) / r.height) * size.height };
  };
  const handle = (n) => {
    const h = document.createElement("button");
    h.type = "button";
    h.className = "cut";
    h.textContent = String(n);
    const now = () => (moved.n === n ? moved.r : placed(boxes().find((b) => b.n === n)));
    h.addEventListener("keydown", (e) => {
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
      if (!way || e.altKey || e.metaKey || !wide.matches) return;
      e.preventDefault();
      const step = e.ctrlKey ? 1 : 4;
      const r = { ...now() };
      if (e.shiftKey) {
        r.width += way[0] * step;
        r.height += way[1] * step;
      } else {
        r.x += way[0] * step;
        r.y += way[1] * step;
      }
      const next = within(r);
      write(n, next);
      put(h, next);
      if (moved.n !== n) draw();
    });
    h.addEventListener("keyup", keep);
    h.addEventListener("pointerdown", (e) => {
      if (!wide.matches || e.button) return;
      e.stopPropagation();
      h.setPointerCapture(e.pointerId);
      const from = point(e);
      const was = { ...now() };
      const edge = h.getBoundingClientRect();
      const sizes = edge.right - e.clientX < 12 && edge.bottom - e.clientY < 12; // its lower right corner
      let next = null;
      const move = (ev) => {
        const to = point(ev);
        const dx = to.x - from.x;
        const dy = to.y - from.y;
        next = within(sizes ? { ...was, width: was.width + dx, height: was.height + dy } : { ...was, x: was.x + dx, y: was.y + dy });
        put(h, next);
      };
      const done = () => {
        h.removeEventListener("pointermove", move);
        h.removeEventListener("pointerup", done);
        h.removeEventListener("pointercancel", done);
        if (next) {
          write(n, next);
          keep();
          draw();
        }
      };
      h.addEventListener("pointermove", move);
      h.addEventListener("pointerup", done);
      h.addEventListener("pointercancel", done);
    });
    return h;
  };

  // A new box, from where the pointer goes down to where it comes up.
  screen.addEventListener("pointerdown", (e) => {
    if (!looking || !wide.matches || e.button) return;
    e.preventDefault();
    video?.pause();
    screen.setPointerCapture(e.pointerId);
    const from = point(e);
    const band = document.createElement("div");
    band.className = "band";
    screen.append(band);
    let r = null;
    const move = (ev) => {
      const to = point(ev);
      const clip = (v, most) => Math.min(Math.max(v, 0), most);
      const x1 = clip(Math.min(from.x, to.x), size.width);
      const y1 = clip(Math.min(from.y, to.y), size.height);
      r = { x: x1, y: y1, width: clip(Math.max(from.x, to.x), size.width) - x1, height: clip(Math.max(from.y, to.y), size.height) - y1 };
      put(band, r);
    };
    const done = async (ev) => {
      screen.removeEventListener("pointermove", move);
      screen.removeEventListener("pointerup", done);
      screen.removeEventListener("pointercancel", done);
      band.remove();
      if (ev.type === "pointercancel" || !r || r.width < 4 || r.height < 4) return;
      fill(within(r));
      if (await post("box")) {
        clear();
        draw();
        [...handles.values()].at(-1)?.focus();
      }
    };
    screen.addEventListener("pointermove", move);
    screen.addEventListener("pointerup", done);
    screen.addEventListener("pointercancel", done);
  });

  const show = () => {
    if (field("new.at")) field("new.at").value = clock(at);
    const now = stage.querySelector("[data-now]");
    if (now) now.textContent = clock(at);
    draw();
  };
  const ready = () => {
    stage.classList.toggle("draws", looking && wide.matches);
    stage.querySelector("[data-draw-say]").hidden = !looking;
  };

  // The film itself, under the boxes, once somebody asks for it: to load it is
  // to look at it.
  const controls = stage.querySelector("[data-controls]");
  if (stage.dataset.bytes && film) {
    const watch = controls.querySelector("[data-watch]");
    const button = controls.querySelector("[data-play]");
    const playSay = button.textContent;
    controls.hidden = false;
    watch.addEventListener("click", () => {
      video = document.createElement("video");
      video.preload = "auto";
      video.muted = false;
      video.setAttribute("playsinline", "");
      video.src = stage.dataset.bytes;
      const follow = () => {
        at = Math.round(video.currentTime * 1000);
        show();
        if (!video.paused) requestAnimationFrame(follow);
      };
      video.addEventListener("loadeddata", () => {
        svg.querySelector("image, .blank")?.remove();
        video.currentTime = at / 1000;
        looking = true;
        ready();
      });
      video.addEventListener("play", () => {
        button.textContent = button.dataset.pauseSay;
        requestAnimationFrame(follow);
      });
      video.addEventListener("pause", () => {
        button.textContent = playSay;
        follow();
      });
      video.addEventListener("seeked", follow);
      video.addEventListener("error", () => {
        video.remove();
        video = null;
        controls.hidden = true; // single pictures are there still
      });
      screen.prepend(video);
      watch.hidden = true;
      controls.querySelectorAll("[data-play], [data-step]").forEach((b) => (b.hidden = false));
    });
    button.addEventListener("click", () => (video?.paused ? video.play().catch(() => {}) : video?.pause()));
    controls.querySelectorAll("[data-step]").forEach((b) =>
      b.addEventListener("click", () => {
        if (!video) return;
        video.pause();
        video.currentTime = Math.max(0, video.currentTime + Number(b.dataset.step));
      }),
    );
    field("new.at")?.addEventListener("change", (e) => {
      const ms = millis(e.target.value);
      if (video && !Number.isNaN(ms)) video.currentTime = ms / 1000;
    });
  }

  form.addEventListener("input", draw);
  wide.addEventListener("change", ready);
  ready();
  draw();
}
