package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"jurat/internal/desk/desktest"
)

// A browser that takes no gzip must not be sent any, and the same page comes of
// both.
func TestAPageIsSqueezedForWhoTakesIt(t *testing.T) {
	c := counterAt(t, desktest.City(t), noon)
	_, plain, h := ask(t, c, "GET", "/", "", nil)
	if h.Get("Content-Encoding") != "" || h.Get("Vary") != "Accept-Encoding" {
		t.Fatalf("unasked: %v", h)
	}
	for accepted, want := range map[string]bool{"gzip": true, "br, gzip;q=0.5": true, "gzip; q=1": true, "gzip;q=0": false, "gzip; q=0.0": false, "br": false, "x-gzip": false, "*": false, "": false} {
		_, text, h := ask(t, c, "GET", "/", "", nil, "Accept-Encoding", accepted)
		if got := h.Get("Content-Encoding") == "gzip"; got != want {
			t.Errorf("%q: gzip %v", accepted, got)
			continue
		}
		if want {
			z, err := gzip.NewReader(strings.NewReader(text))
			must(t, err)
			all, err := io.ReadAll(z)
			must(t, err)
			if len(text) >= len(all) {
				t.Errorf("%d bytes of %d", len(text), len(all))
			}
			text = string(all)
		}
		if text != plain {
			t.Errorf("%q: another page", accepted)
		}
	}
	for range 3 { // on a sheet that is lent again, too
		short := blank()
		short.page.WriteString("short")
		if r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil); err != nil || !bytes.Equal(short.squeezed(http.Header{}, r), []byte("short")) {
			t.Error("a short page is another")
		}
		short.giveBack()
	}
}
