// Several recordings on one clock: each begins so many seconds after the first
// (data-after), plays while the clock is within it, and waits while another
// buffers. Without this script each plays alone, with its place in words.
(() => {
  const box = document.querySelector("[data-films]");
  const bar = document.querySelector("[data-controls]");
  if (!box || !bar) return;
  const films = [...box.querySelectorAll("video, audio")].map((el) => ({ el, after: Number(el.dataset.after) || 0 }));
  const clock = bar.querySelector("[data-clock]");
  const button = bar.querySelector("[data-play]");
  const playSay = button.textContent;
  bar.hidden = false;

  let at = 0; // seconds on the common clock
  let running = false;
  let last = 0;
  const within = (f) => at >= f.after && !(Number.isFinite(f.el.duration) && at - f.after > f.el.duration);
  const show = () => {
    const s = Math.floor(at);
    clock.textContent = Math.floor(s / 60) + ":" + String(s % 60).padStart(2, "0");
    button.textContent = running ? button.dataset.pauseSay : playSay;
  };
  const place = () => {
    for (const f of films) {
      if (!within(f)) {
        f.el.pause();
        continue;
      }
      if (Math.abs(f.el.currentTime - (at - f.after)) > 0.2) f.el.currentTime = at - f.after;
      if (running && f.el.paused) f.el.play().catch(() => {});
      if (!running) f.el.pause();
    }
    show();
  };
  const waits = () => films.some((f) => within(f) && f.el.readyState < 2 && !f.el.error);
  const tick = (now) => {
    if (!running) return;
    if (last && !waits()) at += (now - last) / 1000;
    last = now;
    place();
    requestAnimationFrame(tick);
  };
  const toggle = () => {
    running = !running;
    last = 0;
    place();
    if (running) requestAnimationFrame(tick);
  };
  const step = (n) => {
    at = Math.max(0, at + n);
    place();
  };
  button.addEventListener("click", toggle);
  bar.querySelectorAll("[data-step]").forEach((b) => b.addEventListener("click", () => step(Number(b.dataset.step))));
  document.addEventListener("keydown", (e) => {
    if (e.target.closest("input, textarea, select, button, a, video, audio") || e.ctrlKey || e.altKey || e.metaKey) return;
    const does = { " ": toggle, ArrowLeft: () => step(-5), ArrowRight: () => step(5), ",": () => step(-0.04), ".": () => step(0.04) }[e.key];
    if (does) {
      e.preventDefault();
      does();
    }
  });
  show();
})();
