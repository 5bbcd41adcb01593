package web

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"sync"
)

// Pages go out by gzip where the browser takes it: a list of words is a fifth of
// its size that way, which is what counts in a car. No page holds a secret of the
// session, or repeats what stood in an address beside what is under seal, so that its
// length tells nobody anything (docs/threat-model.md).

// worthSqueezing is the length below which it saves no packet.
const worthSqueezing = 1200

// takesGzip reports whether a browser takes gzip.
func takesGzip(r *http.Request) bool {
	for one := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, q, _ := strings.Cut(one, ";")
		if strings.TrimSpace(name) == "gzip" {
			q = strings.ReplaceAll(q, " ", "")
			return strings.Trim(strings.TrimPrefix(q, "q="), "0.") != "" || q == ""
		}
	}
	return false
}

// squeezers are lent to one page at a time: each holds most of a megabyte.
var squeezers = sync.Pool{New: func() any {
	z, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	if err != nil {
		panic(err) // the level is none: a mistake of this file
	}
	return z
}}

// squeezed is a page as it goes out to whoever asks, and sets the headers that say
// so.
func squeezed(h http.Header, r *http.Request, page []byte) []byte {
	h.Add("Vary", "Accept-Encoding")
	if len(page) < worthSqueezing || !takesGzip(r) {
		return page
	}
	var b bytes.Buffer
	z := squeezers.Get().(*gzip.Writer)
	defer squeezers.Put(z)
	z.Reset(&b)
	_, err := z.Write(page)
	if cerr := z.Close(); err != nil || cerr != nil { // into memory: it does not fail
		return page
	}
	h.Set("Content-Encoding", "gzip")
	return b.Bytes()
}
