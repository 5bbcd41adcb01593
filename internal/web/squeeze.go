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

// A sheet is what a page is written on, and then squeezed.
type sheet struct {
	page, small bytes.Buffer
	squeezer    *gzip.Writer
}

// sheets are lent to one page at a time: each holds more than a megabyte, and to make
// it anew for every page was a third of what a page cost the memory.
var sheets = sync.Pool{New: func() any {
	z, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	if err != nil {
		panic(err) // the level is none: a mistake of this file
	}
	return &sheet{squeezer: z}
}}

// largestSheet is what a page may weigh whose sheet is lent again.
const largestSheet = 1 << 20

// blank lends a sheet with nothing on it. What is on it is the next one's once it was
// given back.
func blank() *sheet {
	s := sheets.Get().(*sheet)
	s.page.Reset()
	s.small.Reset()
	return s
}

func (s *sheet) giveBack() {
	if s.page.Cap() <= largestSheet {
		sheets.Put(s)
	}
}

// squeezed is the page as it goes out to whoever asks, and sets the headers that say
// so.
func (s *sheet) squeezed(h http.Header, r *http.Request) []byte {
	h.Add("Vary", "Accept-Encoding")
	page := s.page.Bytes()
	if len(page) < worthSqueezing || !takesGzip(r) {
		return page
	}
	s.squeezer.Reset(&s.small)
	_, err := s.squeezer.Write(page)
	if cerr := s.squeezer.Close(); err != nil || cerr != nil { // into memory: it does not fail
		return page
	}
	h.Set("Content-Encoding", "gzip")
	return s.small.Bytes()
}
