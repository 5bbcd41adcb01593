package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A Draw is a page of edits to draw on, at a counter that knows who asks.
type Draw struct {
	Site, Path string
	Reason     string // code of the reason to choose
	From, To   [2]float64
	Right      int // presses of the right arrow
	Taller     int // presses of Shift and the down arrow
	Until      string
	Later      string // the same page at a later moment
	Down       int    // presses of the down arrow there
	Wider      int    // and of Shift and the right arrow
}

// A Drawn is what was typed into the fields by drawing, and where the copy is.
type Drawn struct {
	Faults []string
	First  map[string]string // the fields after the mouse came up
	Moved  map[string]string // and after the keys
	Second map[string]string // the place of the later moment, after the keys there
	Made   string            // path of the page of the redaction
	Narrow string            // what a telephone is told
	Few    int               // boxes that dragging on a telephone added
}

// draw draws a box with the mouse, moves and sizes it with the keys, and makes
// the copy; then it tries to draw on a telephone.
func draw(ctx context.Context, d Draw) (out Drawn, err error) {
	browser, cancel := chromedp.NewContext(ctx)
	defer cancel()
	if err := chromedp.Do(browser); err != nil {
		return out, err
	}
	p, err := newWalker(browser, "the technician", d.Site, 1280)
	if err != nil {
		return out, err
	}
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		out.Faults = append(out.Faults, p.faults...)
	}()
	if err := p.goes(d.Path); err != nil {
		return out, err
	}
	if err := p.drag(d.From, d.To); err != nil {
		return out, err
	}
	if err := p.await(`document.activeElement && document.activeElement.matches('button.cut')`); err != nil {
		return out, fmt.Errorf("the box that was drawn: %w", err)
	}
	if out.First, err = p.fields(1); err != nil {
		return out, err
	}
	for range d.Right {
		if err := chromedp.Do(p.Context, chromedp.KeyEvent(kb.ArrowRight)); err != nil {
			return out, err
		}
	}
	for range d.Taller {
		if err := chromedp.Do(p.Context, chromedp.KeyEvent(kb.ArrowDown, chromedp.KeyModifiers(chromedp.ModifierShift))); err != nil {
			return out, err
		}
	}
	if out.Moved, err = p.fields(1); err != nil {
		return out, err
	}
	choose := fmt.Sprintf(`{ const s = document.getElementById('edit.1.reason'); s.value = %q; s.dispatchEvent(new Event('input', { bubbles: true })) }`, d.Reason)
	if err := chromedp.Do(p.Context, chromedp.Evaluate[chromedp.Void](choose)); err != nil {
		return out, err
	}
	if err := p.types("[id='edit.1.to']", d.Until); err != nil {
		return out, err
	}
	if err := p.later(d, &out); err != nil {
		return out, err
	}
	if err := p.press("button[value=review]"); err != nil {
		return out, err
	}
	if err := p.press("form[action$='/redact/make'] button"); err != nil {
		return out, err
	}
	if err := p.await(`location.pathname.includes('/redactions/')`); err != nil {
		return out, fmt.Errorf("the copy: %w", err)
	}
	if out.Made, err = chromedp.Run(p.Context, chromedp.Evaluate[string](`location.pathname`)); err != nil {
		return out, err
	}

	phone, err := newWalker(browser, "the telephone", d.Site, 360)
	if err != nil {
		return out, err
	}
	if err := phone.goes(d.Path); err != nil {
		return out, err
	}
	if out.Narrow, err = phone.text(".narrow-only"); err != nil {
		return out, err
	}
	if err := phone.drag([2]float64{20, 20}, [2]float64{200, 200}); err != nil {
		return out, err
	}
	time.Sleep(500 * time.Millisecond) // nothing comes of it: there is nothing to wait for
	out.Few, err = chromedp.Run(phone.Context, chromedp.Evaluate[int](`document.querySelectorAll('[data-edit]').length`))
	return out, err
}

// later moves the box at a later moment, which gives it one more place.
func (p *walker) later(d Draw, out *Drawn) error {
	if err := p.await(`document.querySelector('[data-status]').textContent.trim() !== ''`); err != nil {
		return fmt.Errorf("what was typed: %w", err)
	}
	time.Sleep(3 * time.Second) // what was typed last is saved after a pause
	if err := p.goes(d.Later); err != nil {
		return err
	}
	if err := p.await(`document.querySelector('button.cut')`); err != nil {
		return fmt.Errorf("the box at the later moment: %w", err)
	}
	if err := chromedp.Do(p.Context, chromedp.Evaluate[chromedp.Void](`document.querySelector('button.cut').focus()`)); err != nil {
		return err
	}
	press := func(n int, key string, how ...chromedp.KeyOption) error {
		for range n {
			if err := chromedp.Do(p.Context, chromedp.KeyEvent(key, how...)); err != nil {
				return err
			}
		}
		return nil
	}
	if err := press(1, kb.ArrowDown); err != nil {
		return err
	}
	if err := p.await(`document.querySelectorAll('[data-edit="1"] [data-place]').length === 2 && document.activeElement.matches('button.cut')`); err != nil {
		return fmt.Errorf("its second place: %w", err)
	}
	if err := press(d.Down-1, kb.ArrowDown); err != nil {
		return err
	}
	if err := press(d.Wider, kb.ArrowRight, chromedp.KeyModifiers(chromedp.ModifierShift)); err != nil {
		return err
	}
	var err error
	out.Second, err = p.fields(2)
	return err
}

// await waits until something is so on the page.
func (p *walker) await(so string) error {
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if yes, err := chromedp.Run(p.Context, chromedp.Evaluate[bool]("!!("+so+")")); err == nil && yes {
			return nil
		}
	}
	said, _ := p.text("main")
	return fmt.Errorf("it never came that %s: %.600s", so, said)
}

// drag draws with the mouse from one pixel of the picture to another.
func (p *walker) drag(from, to [2]float64) error {
	if err := p.await(`document.querySelector('.stage svg image')`); err != nil {
		return err
	}
	var where struct{ X, Y, Width, Of float64 }
	raw, err := chromedp.Run(p.Context, chromedp.Evaluate[json.RawMessage](`(() => { const e = document.querySelector('[data-screen]'); e.scrollIntoView({ block: 'center' }); const r = e.getBoundingClientRect(); return { X: r.x, Y: r.y, Width: r.width, Of: Number(document.querySelector('[data-stage]').dataset.width) } })()`))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, &where); err != nil {
		return err
	}
	at := func(pixel [2]float64) (float64, float64) {
		return where.X + pixel[0]*where.Width/where.Of, where.Y + pixel[1]*where.Width/where.Of
	}
	x, y := at(from)
	toX, toY := at(to)
	return chromedp.Do(p.Context,
		chromedp.MouseEvent(input.DispatchMouseEventType("mouseMoved"), x, y),
		chromedp.MouseEvent(chromedp.MousePressed, x, y, chromedp.ButtonLeft, chromedp.ClickCount(1)),
		chromedp.MouseEvent(input.DispatchMouseEventType("mouseMoved"), (x+toX)/2, (y+toY)/2, chromedp.ButtonLeft),
		chromedp.MouseEvent(input.DispatchMouseEventType("mouseMoved"), toX, toY, chromedp.ButtonLeft),
		chromedp.MouseEvent(chromedp.MouseReleased, toX, toY, chromedp.ButtonLeft, chromedp.ClickCount(1)),
	)
}

// fields are a place of the first box as its fields have it.
func (p *walker) fields(place int) (map[string]string, error) {
	return chromedp.Run(p.Context, chromedp.Evaluate[map[string]string](fmt.Sprintf(`Object.fromEntries(['at', 'x', 'y', 'width', 'height'].map(k => [k, document.querySelector("[name='edit.1.place.%d." + k + "']").value]))`, place)))
}
