package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"
)

// Whatever the body of a form is, it is read to its end or refused with a
// sentence of the catalogue; what is read is text.
func FuzzForm(f *testing.F) {
	w, err := readWords()
	if err != nil {
		f.Fatal(err)
	}
	for _, kind := range []string{formKind, "multipart/form-data; boundary=b", "multipart/form-data", "application/json", "text/plain", ""} {
		for _, body := range []string{"", "a=1&b=2", "a=%zz", "a=%00", "a=%ff", "=&=&&", strings.Repeat("a=1&", 1500), "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b--\r\n", "--b\r\n\r\n\r\n--b", "{\"a\":1}"} {
			f.Add(kind, body)
		}
	}
	f.Fuzz(func(t *testing.T, kind, body string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/language", strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		r.Pattern = "POST /language"
		code, key := readForm(r)
		if key != "" {
			if said, err := w.say("es", key); err != nil || said == "" || code < 400 || code >= 500 {
				t.Errorf("%d %q: %v", code, key, err)
			}
			return
		}
		for name, values := range r.PostForm {
			for _, text := range append(values, name) {
				if !utf8.ValidString(text) || strings.Contains(text, "\x00") {
					t.Errorf("read as text: %q", text)
				}
			}
		}
	})
}

// Whatever stands in the headers of tus, it is read or refused, and a number of
// bytes is never below nothing.
func FuzzTusHeaders(f *testing.F) {
	for _, one := range []string{"", "0", "-1", "5", "9223372036854775808", "1e3", "filename Zm9v,kind Ymdj", "filename", "filename ?", "a Zg==,a Zg==", ",,,", "sha256 Zg==", "sha1 ", "md5 x", strings.Repeat("0f", 32), strings.Repeat("a ,", 500)} {
		f.Add(one)
	}
	c := &Counter{}
	f.Fuzz(func(t *testing.T, text string) {
		if n, err := bytesIn(text); err == nil && n < 0 {
			t.Errorf("%q: %d bytes", text, n)
		}
		if told, err := metadata(text); err == nil {
			for name := range told {
				if name == "" {
					t.Errorf("%q: a name of nothing", text)
				}
			}
		}
		if d, err := digestIn(text); err == nil && text != "" && len(text) != 2*len(d) { //nolint:staticcheck,wastedassign // d is measured, not read
			t.Errorf("%q is a digest", text)
		}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPatch, "/", nil)
		r.Header["Upload-Checksum"] = []string{text}
		if s, err := c.sums(&visit{Request: r}); err == nil && text != "" && s.Algorithm != "sha1" && s.Algorithm != "sha256" {
			t.Errorf("%q: checked by %q", text, s.Algorithm)
		}
	})
}
