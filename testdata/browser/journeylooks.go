package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// looks: an incident and a report in a dark room, in forced colours, at twice
// the size and on paper. Nothing is cut off, what is drawn is still seen, and
// on paper every digest is whole and every fold open.
func looks(j *journey) {
	in := j.Ready["demo"]
	p := j.come("detective-81")
	pages := map[string]string{"incident": "/incidents/" + in, "report": "/incidents/" + in + "/records/5", "exhibit": "/incidents/" + in + "/exhibits/1", "elements": "/incidents/" + in + "/elements"}
	for name, at := range pages {
		p.goes(at)
		for kind, features := range map[string][]*emulation.MediaFeature{
			"dark":   {{Name: "prefers-color-scheme", Value: "dark"}},
			"forced": {{Name: "forced-colors", Value: "active"}},
		} {
			p.media("", features...)
			for _, fault := range eval[[]string](p, unseen) {
				p.fault("%s in %s colours: %s", name, kind, fault)
			}
			p.picture(name + "-" + kind)
		}
		p.media("")
		// At twice the size a window of 1280 is one of 640.
		p.do("zoom", chromedp.EmulateViewport(640, 450, chromedp.EmulateScale(2)))
		if wide := eval[[]string](p, sideways); len(wide) > 0 {
			p.fault("%s at 200 %%: %s", name, strings.Join(wide, "; "))
		}
		p.picture(name + "-double")
		p.do("zoom back", chromedp.EmulateViewport(1280, 900))

		p.goes(at + "?print")
		p.media("print")
		for _, fault := range eval[[]string](p, onPaper) {
			p.fault("%s on paper: %s", name, fault)
		}
		p.media("")
		pdf, err := chromedp.Run(p.Context, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperSize{Width: 8.5, Height: 11})))
		if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
			p.stop("print %s: %v, %d bytes", name, err, len(pdf))
		}
		if err := os.WriteFile(filepath.Join(j.dir, name+".pdf"), pdf, 0o600); err != nil {
			p.stop("%v", err)
		}
		j.notes("%s prints on %d pages", name, bytes.Count(pdf, []byte("/Type /Page\n"))+bytes.Count(pdf, []byte("/Type /Page/")))
	}
}

// media sets what the page takes its surroundings for.
func (p *traveller) media(kind string, features ...*emulation.MediaFeature) {
	if _, err := chromedp.Call(p.Context, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: kind, Features: features}); err != nil {
		p.stop("%v", err)
	}
}

// unseen is text whose colour is too near what lies behind it, and marks of a
// picture that have the colour of the paper.
const unseen = `(() => {
	const out = []
	const parts = c => (c.match(/[\d.]+/g) || []).map(Number)
	const light = ([r, g, b]) => [r, g, b].map(v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0)
	const contrast = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05) }
	const behind = e => { for (; e; e = e.parentElement) { const c = parts(getComputedStyle(e).backgroundColor); if (c.length && (c.length < 4 || c[3] > 0.5)) return c } return matchMedia('(forced-colors: active)').matches ? parts(getComputedStyle(document.documentElement).backgroundColor) : [255, 255, 255] }
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
	for (let n; (n = walk.nextNode());) {
		const e = n.parentElement
		if (!n.data.trim() || !e.checkVisibility() || e.closest('script,style,.usa-sr-only,.usa-skipnav,option')) continue
		const s = getComputedStyle(e)
		const c = e.closest('svg') && s.fill !== 'none' ? parts(s.fill) : parts(s.color)
		const k = contrast(c, behind(e))
		if (k < 4.5 && out.length < 6) out.push(k.toFixed(1) + ':1 for ' + JSON.stringify(n.data.trim().slice(0, 40)))
	}
	document.querySelectorAll('svg :is(path,line,rect,circle,polygon,polyline)').forEach(e => {
		if (!e.checkVisibility()) return
		const s = getComputedStyle(e), paper = behind(e)
		const drawn = [[s.stroke, s.strokeOpacity], [s.fill, s.fillOpacity]].filter(([c, o]) => c && c !== 'none' && o > 0).map(([c]) => parts(c)).filter(c => c.length && (c.length < 4 || c[3] > 0))
		if (drawn.length && drawn.every(c => contrast(c, paper) < 1.3) && out.length < 8) out.push('a mark that is not seen: ' + e.outerHTML.slice(0, 120))
	})
	return out })()`

// onPaper is what a printed page lacks: digests that are not whole, folds that
// are shut, what is for the screen alone, what runs off the side.
const onPaper = `(() => {
	const out = []
	const seen = e => e.checkVisibility() && e.getBoundingClientRect().height > 0
	document.querySelectorAll('main details').forEach(d => { if (!d.open && d.querySelector('.digest, code, table, dl')) out.push('a fold is shut: ' + d.innerText.slice(0, 60)) })
	document.querySelectorAll('main .digest').forEach(d => { if (seen(d) && /…/.test(d.innerText) && !(d.closest('details') && /sha256:[0-9a-f]{64}/.test(d.closest('details').innerText))) out.push('a digest is cut short: ' + d.innerText) })
	document.querySelectorAll('nav.roles, .masthead form, main form button').forEach(e => { if (seen(e)) out.push('for the screen alone: ' + e.outerHTML.slice(0, 80)) })
	const foot = document.querySelector('.onpaper')
	if (!foot || !seen(foot)) out.push('it does not say when it was printed, and by which role')
	return [...new Set(out)].slice(0, 8) })()`
