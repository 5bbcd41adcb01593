package main

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // RFC 6238 says so
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// signsByFile downloads what is to be signed, signs it with the person's key
// file and the program, and hands the signature in.
func (p *traveller) signsByFile() {
	key := p.journey.Keys[p.name]
	if key == "" {
		p.stop("%s has no key file", p.name)
	}
	text := p.gets("form[action='/sign/text'] button", "to-sign.txt")
	_ = os.Remove(text + ".signature") // of the one before
	if out, err := exec.CommandContext(p.Context, p.journey.Program, "person", "sign", text, "--sign", key).CombinedOutput(); err != nil {
		p.stop("sign %s: %v: %s", text, err, out)
	}
	signature, err := os.ReadFile(text + ".signature")
	if err != nil {
		p.stop("%v", err)
	}
	p.unfolds("#proof")
	p.do("go to the field", chromedp.Focus(chromedp.CSS("#proof")))
	if _, err := chromedp.Call(p.Context, input.InsertText, input.InsertTextParams{Text: strings.TrimSpace(string(signature))}); err != nil {
		p.stop("%v", err)
	}
	p.press("form:has(#proof) button[type=submit]")
}

// code is what a generator of codes shows, some steps of half a minute from
// now (RFC 6238). A code is good once, so who needs two takes the one before.
func code(p *traveller, seed string, steps int64) string {
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ToUpper(strings.ReplaceAll(seed, " ", "")))
	if err != nil {
		p.stop("the seed %q: %v", seed, err)
	}
	var at [8]byte
	binary.BigEndian.PutUint64(at[:], uint64(time.Now().Unix()/30+steps))
	mac := hmac.New(sha1.New, key)
	mac.Write(at[:])
	sum := mac.Sum(nil)
	from := sum[len(sum)-1] & 15
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[from:])&0x7fffffff%1_000_000)
}

// fillWhat is fill for what a form happens to ask: what it does not is left out.
func (p *traveller) fillWhat(form string, pairs ...string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if p.has(fmt.Sprintf("%s [name=%q]:not([hidden] *)", form, pairs[i])) {
			p.fill(form, pairs[i], pairs[i+1])
		}
	}
}
