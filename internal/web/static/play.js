// Several recordings on one clock. Each begins so many milliseconds after the
// first (data-after). The first that is playing gives the clock; whoever is
// ahead of the slowest goes slower, or waits for it; all wait while one of them
// buffers. No byte is asked for before somebody plays. Without this script each
// recording plays alone, with its place in words.

const near = 0.02; // seconds: together
const ahead = 0.08; // seconds: too far ahead to go on
const far = 1.5; // seconds: so far behind that it is placed anew
const beat = 30; // milliseconds between two looks

// films reads what the page says of each recording, in seconds.
const filmsOf = (box) =>
  [...box.querySelectorAll("[data-film]")].map((fig) => ({
    el: fig.querySelector("video, audio"),
    own: fig.querySelector("[data-own]"),
    letter: fig.dataset.film,
    exhibit: fig.dataset.exhibit,
    after: Number(fig.dataset.after) / 1000,
    ahead: Number(fig.dataset.ahead) / 1000,
    long: Number(fig.dataset.long) / 1000,
    frame: Number(fig.dataset.frame) / 1000,
    broken: false,
    waits: false, // for a slower one
  }));

class Player {
  constructor(box) {
    this.box = box;
    this.films = filmsOf(box);
    this.at = Number(box.dataset.at) / 1000; // seconds on the common clock, from when the first begins
    this.until = Infinity; // where a clip ends
    this.rate = 1;
    this.running = false;
    this.opened = false;
    this.last = 0;
    this.heldSince = 0;
    this.one = (name) => box.querySelector("[data-" + name + "]");
    for (const f of this.films) {
      f.el.controls = false;
      f.own.hidden = false;
      f.el.addEventListener("error", () => this.breaks(f));
      f.el.addEventListener("loadedmetadata", () => this.draw());
      f.el.addEventListener("click", () => this.toggle());
    }
    this.one("controls").hidden = false;
    const play = this.one("play");
    this.playSay = play.textContent;
    play.addEventListener("click", () => this.toggle());
    for (const b of box.querySelectorAll("[data-step]")) b.addEventListener("click", () => this.seek(this.at + Number(b.dataset.step)));
    this.one("rate").addEventListener("change", (e) => this.pace(Number(e.target.value)));
    for (const r of box.querySelectorAll("[data-audio]")) r.addEventListener("change", () => this.hear(r.value));
    this.one("position").addEventListener("input", (e) => this.seek(Number(e.target.value)));
    box.addEventListener("keydown", (e) => this.key(e));
    this.hear(this.films[0].letter);
    this.fragment();
    addEventListener("hashchange", () => this.fragment());
    this.draw();
    setInterval(() => this.look(performance.now()), beat);
  }

  // fragment begins where an address says, such as #t=12,15 of the page's own
  // recording, and stops where it says.
  fragment() {
    const m = /^#t=(\d+(?:\.\d+)?)(?:,(\d+(?:\.\d+)?))?$/.exec(location.hash);
    const own = this.films.find((f) => location.pathname.endsWith("/exhibits/" + f.exhibit + "/play"));
    if (!m || !own) return;
    this.seek(own.after + Number(m[1]));
    this.until = m[2] ? own.after + Number(m[2]) : Infinity;
  }

  long(f) {
    return Number.isFinite(f.el.duration) && f.el.duration > 0 ? f.el.duration : f.long || Infinity;
  }

  // total is how far the bars reach: a minute beyond what is not known yet.
  total() {
    return Math.max(this.at, ...this.films.map((f) => f.after + (this.long(f) === Infinity ? 60 : this.long(f))));
  }

  // end is where the last one ends, once that is known of all of them.
  end() {
    return Math.max(...this.films.map((f) => (f.broken ? 0 : f.after + this.long(f))));
  }

  within(f) {
    return !f.broken && this.at >= f.after - near && this.at < f.after + this.long(f) - near;
  }

  breaks(f) {
    f.broken = true;
    this.say(this.box.dataset.sayCannot.replace("{a}", f.letter));
  }

  say(text) {
    const status = this.one("status");
    if (status.textContent !== text) status.textContent = text;
  }

  toggle() {
    this.running = !this.running;
    if (this.running && !this.opened) {
      this.opened = true;
      for (const f of this.films) {
        f.el.preload = "auto";
        f.el.load();
      }
    }
    if (this.running && this.at >= this.end() - near) this.at = 0;
    this.last = 0;
    if (!this.running) for (const f of this.films) f.el.pause();
    this.place(near);
    this.show();
  }

  seek(at) {
    this.at = Math.max(0, at);
    this.until = Infinity;
    this.place(near);
    this.show();
  }

  pace(rate) {
    this.rate = rate;
    for (const f of this.films) f.el.playbackRate = rate;
  }

  hear(letter) {
    for (const f of this.films) f.el.muted = f.letter !== letter;
    for (const r of this.box.querySelectorAll("[data-audio]")) r.checked = r.value === letter;
  }

  // place puts each recording where the clock is, if it is farther than
  // tolerated from there.
  place(tolerated) {
    if (!this.opened) return;
    for (const f of this.films) {
      const want = Math.max(0, Math.min(this.at - f.after, Number.isFinite(f.el.duration) ? f.el.duration : Infinity));
      if (!this.within(f) && !f.el.paused) f.el.pause();
      if (Math.abs(f.el.currentTime - want) > (this.within(f) ? tolerated : 0.25)) f.el.currentTime = want;
    }
  }

  // look is the beat: who waits, who leads, who follows.
  look(now) {
    const passed = this.last ? (now - this.last) / 1000 : 0;
    this.last = now;
    if (!this.running) return;
    const playing = this.films.filter((f) => this.within(f));
    const late = playing.filter((f) => f.el.seeking || f.el.readyState < 3);
    if (late.length) {
      for (const f of playing) f.el.pause();
      this.heldSince ||= now;
      if (now - this.heldSince > 250) this.held(late, playing);
      return;
    }
    if (this.heldSince) {
      this.heldSince = 0;
      this.say("");
    }
    const lead = playing[0];
    if (!lead) this.at += passed * this.rate;
    else if (!lead.el.paused) this.at = lead.after + lead.el.currentTime;
    this.follow(playing);
    if (this.at >= Math.min(this.until, this.end() - near)) {
      this.until = Infinity;
      this.toggle();
      this.say(this.box.dataset.sayEnded);
    }
    this.show();
  }

  held(late, playing) {
    const names = (list) => list.map((f) => f.letter).join(", ");
    const others = playing.filter((f) => !late.includes(f));
    this.say(this.box.dataset.sayBuffering.replace("{a}", names(late)) + (others.length ? " " + this.box.dataset.sayWaits.replace("{b}", names(others)) : ""));
  }

  follow(playing) {
    for (const f of this.films) if (!playing.includes(f) && !f.el.paused) f.el.pause();
    const where = (f) => f.after + f.el.currentTime;
    const slowest = Math.min(...playing.map(where));
    for (const f of playing) {
      const off = where(f) - slowest;
      if (f.waits ? off > near : off > ahead) {
        f.waits = true;
        f.el.pause();
        if (off > far) for (const g of playing) if (where(g) < this.at - far) g.el.currentTime = this.at - g.after;
        continue;
      }
      f.el.playbackRate = this.rate * (off > near ? 1 - Math.min(0.2, off * 3) : 1);
      if (!f.el.paused) continue;
      if (!f.waits && Math.abs(where(f) - this.at) > 2 * near) f.el.currentTime = this.at - f.after;
      else f.el.play().catch(() => {});
      f.waits = false;
    }
  }

  clock(seconds) {
    const ms = Number(this.box.dataset.begins) + (seconds + Number(this.box.dataset.shift)) * 1000;
    return new Date(ms).toISOString().slice(11, 21);
  }

  show() {
    const common = this.clock(this.at);
    this.one("clock").textContent = common;
    for (const f of this.films) f.own.textContent = this.clock(this.at + f.ahead);
    this.one("play").textContent = this.running ? this.one("play").dataset.sayPause : this.playSay;
    const position = this.one("position");
    position.max = String(this.total());
    if (document.activeElement !== position || this.running) position.value = String(this.at);
    position.setAttribute("aria-valuetext", common);
    for (const line of this.box.querySelectorAll(".bar-now")) line.style.left = this.share(this.at);
  }

  share(seconds) {
    return (100 * Math.min(1, seconds / (this.total() || 1))).toFixed(3) + "%";
  }

  // draw draws a bar for each recording, and a tick for each mark.
  draw() {
    const rows = this.films.map((f) => {
      const make = (name, cls) => Object.assign(document.createElement(name), { className: cls });
      const row = make("div", "bar-row");
      const name = make("span", "bar-name");
      name.textContent = f.letter + ":";
      const lane = make("span", "bar-lane");
      const bar = make("span", this.long(f) === Infinity ? "bar bar-open" : "bar");
      bar.style.left = this.share(f.after);
      bar.style.right = "calc(100% - " + this.share(Math.min(this.total(), f.after + this.long(f))) + ")";
      lane.append(bar);
      for (const a of document.querySelectorAll('[data-marks] [data-in="' + f.letter + '"]')) {
        const tick = make("span", "bar-mark");
        tick.style.left = this.share(f.after + Number(a.dataset.seek) / 1000);
        lane.append(tick);
      }
      lane.append(make("span", "bar-now"));
      row.append(name, lane);
      return row;
    });
    this.one("bars").replaceChildren(...rows);
    this.show();
  }

  key(e) {
    const t = e.target;
    if (e.ctrlKey || e.altKey || e.metaKey || t.matches("select, textarea, input:not([type=radio]):not([type=range])")) return;
    const chooses = t.matches("input");
    if (e.key === " " && (chooses || t.matches("button, a, summary"))) return;
    if (e.key.startsWith("Arrow") && chooses) return;
    const frame = this.films.find((f) => this.within(f))?.frame ?? 0.04;
    const still = (step) => {
      if (this.running) this.toggle();
      this.seek(this.at + step);
    };
    const does = {
      " ": () => this.toggle(),
      ArrowLeft: () => this.seek(this.at - 5),
      ArrowRight: () => this.seek(this.at + 5),
      ",": () => still(-frame),
      ".": () => still(frame),
      m: () => this.one("mark").click(),
      M: () => this.one("mark").click(),
    }[e.key];
    const n = /^[1-9]$/.test(e.key) ? this.films[Number(e.key) - 1] : undefined;
    if (!does && !n) return;
    e.preventDefault();
    if (does) does();
    else this.hear(n.letter);
  }
}

// timecode spells seconds within a recording as the form reads them.
const timecode = (seconds) => {
  const ms = Math.round(Math.max(0, seconds) * 1000);
  const s = Math.floor(ms / 1000);
  const pad = (n, w) => String(n).padStart(w, "0");
  const whole = s < 3600 ? Math.floor(s / 60) + ":" + pad(s % 60, 2) : Math.floor(s / 3600) + ":" + pad(Math.floor(s / 60) % 60, 2) + ":" + pad(s % 60, 2);
  return ms % 1000 ? whole + "." + pad(ms % 1000, 3) : whole;
};

// marks fills the form with the moment, sends it while the recordings play on,
// and shows the marks as they are then.
const marks = (player, form) => {
  const on = form.querySelector("[name=on]");
  const field = (name) => form.querySelector("[name=" + name + "]");
  player.one("mark").addEventListener("click", () => {
    let f = player.films.find((x) => x.exhibit === on.value);
    const apart = document.querySelector('[data-apart][data-exhibit="' + on.value + '"]');
    if (!apart && !(f && player.within(f))) f = player.films.find((x) => player.within(x)) ?? f;
    if (f) on.value = f.exhibit;
    field("from").value = timecode(f ? player.at - f.after : apart.querySelector("video, audio").currentTime);
    field("note").focus();
  });
  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }).catch(() => null);
    if (!answer) {
      form.submit();
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const list = page.querySelector("[data-marks]");
    if (!answer.ok || !list) {
      player.say(page.querySelector(".usa-alert--error")?.textContent.trim() || document.querySelector("h1").textContent);
      return;
    }
    document.querySelector("[data-marks]").replaceChildren(...list.childNodes);
    player.say(player.box.dataset.sayMarked.replace("{a}", field("from").value));
    for (const name of ["from", "to", "note"]) field(name).value = "";
    player.draw();
    player.box.focus({ preventScroll: true });
  });
  document.querySelector("[data-marks]").addEventListener("click", (e) => {
    const a = e.target.closest("[data-seek]");
    const f = a && player.films.find((x) => x.letter === a.dataset.in);
    if (!f) return;
    e.preventDefault();
    player.seek(f.after + Number(a.dataset.seek) / 1000);
    player.box.focus();
  });
};

const box = document.querySelector("[data-player]");
if (box) {
  const player = new Player(box);
  marks(player, document.querySelector("[data-mark-form]"));
  document.querySelector("[data-keys]").hidden = false;
}
