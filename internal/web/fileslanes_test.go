package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk/desktest"
	"jurat/internal/register"
)

// Two requests bring bytes for one upload: one at a time is heard, the other is
// told so, and the file is never some of each.
func TestTwoRequestsForOneUploadNeverMix(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	c := counterAt(t, rec, noon)
	files := "/incidents/" + string(in) + "/files"
	const who = "evidence-7"
	mine, theirs := bytes.Repeat([]byte("a"), 300_000), bytes.Repeat([]byte("b"), 300_000)
	sum := sha256.Sum256(mine)
	digest := hex.EncodeToString(sum[:])
	length := strconv.Itoa(len(mine))
	a := tus(t, c, who, "POST", files, nil, "Upload-Length", length, "Upload-Metadata", meta("sha256", digest))
	wantStatus(t, a, 201)
	at := a.Header.Get("Location")
	c.token(t, who)

	// The first is under way and goes silent; the second gets its turn, and is told
	// where the upload stands.
	from, to := io.Pipe()
	first := make(chan int, 1)
	go func() { first <- tus(t, c, who, "PATCH", at, from, "Upload-Offset", "0").StatusCode }()
	_, err := to.Write(mine[:100_000])
	must(t, err)
	second := make(chan int, 1)
	go func() {
		second <- tus(t, c, who, "PATCH", at, bytes.NewReader(theirs), "Upload-Offset", "0", "Jurat-Sha256", digest).StatusCode
	}()
	time.Sleep(50 * time.Millisecond)
	must(t, to.CloseWithError(io.ErrUnexpectedEOF)) // its line is lost
	one, two := <-first, <-second
	if one != http.StatusRequestTimeout && one != http.StatusNoContent || two != http.StatusConflict && two != statusChecksum && two != http.StatusLocked {
		t.Errorf("the first is answered %d, the second %d", one, two)
	}
	a = tus(t, c, who, "HEAD", at, nil)
	offset, err := strconv.Atoi(a.Header.Get("Upload-Offset"))
	must(t, err)
	if a.StatusCode == http.StatusOK && two == http.StatusConflict {
		wantStatus(t, tus(t, c, who, "PATCH", at, bytes.NewReader(mine[offset:]), "Upload-Offset", strconv.Itoa(offset)), 204, "Upload-Offset", length, "Jurat-Sha256", digest)
	}
	// Bytes of both, by whatever way, are not filed.
	a = tus(t, c, who, "POST", files, nil, "Upload-Length", length, "Upload-Metadata", meta("sha256", digest))
	at = a.Header.Get("Location")
	wantStatus(t, tus(t, c, who, "PATCH", at, bytes.NewReader(mine[:1000]), "Upload-Offset", "0"), 204)
	wantStatus(t, tus(t, c, who, "PATCH", at, bytes.NewReader(theirs[1000:]), "Upload-Offset", "1000"), statusChecksum, "Jurat-Differs", "1")
	must(t, rec.Register.Read(t.Context(), func(tx *register.Tx) error {
		return tx.EachBlob(func(b register.BlobRow) error {
			if b.Digest != jurat.Digest(sum) {
				t.Errorf("filed: %+v", b)
			}
			return nil
		})
	}))

	// One that does not give way is not waited for for ever.
	c.lanes.yield = 20 * time.Millisecond
	_, leave, err := c.lanes.take(t.Context(), at[strings.LastIndex(at, "/")+1:]+" "+who)
	must(t, err)
	defer leave()
	for _, method := range []string{"PATCH", "DELETE"} {
		wantStatus(t, tus(t, c, who, method, at, strings.NewReader("x"), "Upload-Offset", "1"), http.StatusLocked)
	}
}

// A handover is many files at once.
func TestAHundredUploadsAtOnce(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	c := counterAt(t, rec, noon)
	c.token(t, "evidence-7")
	const files, size = 100, 300_000
	var wg sync.WaitGroup
	for i := range files {
		wg.Go(func() {
			data := bytes.Repeat([]byte(fmt.Sprintf("%03d ", i)), size/4)
			sum := sha256.Sum256(data)
			a := tus(t, c, "evidence-7", "POST", "/incidents/"+string(in)+"/files", nil, "Upload-Length", strconv.Itoa(size))
			if a.StatusCode != http.StatusCreated {
				t.Errorf("begun: %d", a.StatusCode)
				return
			}
			at := a.Header.Get("Location")
			for offset := 0; offset < size; offset += 100_000 {
				a = tus(t, c, "evidence-7", "PATCH", at, bytes.NewReader(data[offset:offset+100_000]), "Upload-Offset", strconv.Itoa(offset))
				if a.StatusCode != http.StatusNoContent {
					t.Errorf("at %d: %d", offset, a.StatusCode)
					return
				}
			}
			if got := a.Header.Get("Jurat-Sha256"); got != hex.EncodeToString(sum[:]) {
				t.Errorf("another file: %q", got)
			}
		})
	}
	wg.Wait()
	must(t, rec.SweepUploads(t.Context(), noon()))
	kept := 0
	for _, err := range rec.Store.Blobs(t.Context()) {
		must(t, err)
		kept++
	}
	if kept != files {
		t.Errorf("%d blobs of %d files: parts are left, or some are not there", kept, files)
	}
}

// Whatever a file is called and says of itself, it is handed out as bytes of a
// name of ours, which no browser takes for a page of the counter.
func TestAFileIsNeverAPageOfTheCounter(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	c := counterAt(t, rec, noon)
	const who = "evidence-7"
	const script = `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(document.cookie)</script></svg>`
	for i, f := range []struct{ name, body string }{
		{"drawing.svg", script},
		{"page.html", "<!doctype html><script>alert(1)</script>"},
		{"../../../../etc/cron.d/x", script},
		{"\u202egnp.exe", "MZ" + script},
		{"picture.jpg", "GIF89a/*" + script + "*/=1"},
		{"clip.mp4", "#EXTM3U\nfile:///etc/passwd"},
		{"a\r\nSet-Cookie: session=x.html", script},
		{strings.Repeat("n", 5000) + ".svg", script},
		{"%PDF-1.4.pdf", "%PDF-1.4\n" + script},
	} {
		body := f.body + strconv.Itoa(i)
		a := tus(t, c, who, "POST", "/incidents/"+string(in)+"/files", strings.NewReader(body), "Upload-Length", strconv.Itoa(len(body)), "Content-Type", partKind, "Upload-Metadata", meta("filename", f.name, "filetype", "text/html"))
		id := a.Header.Get("Jurat-Exhibit")
		if a.StatusCode != http.StatusCreated || id == "" {
			text, _ := io.ReadAll(a.Body)
			t.Errorf("%.40q: %d %s", f.name, a.StatusCode, text)
			continue
		}
		address := "/incidents/" + string(in) + "/exhibits/" + id[strings.LastIndex(id, "E")+1:]
		code, text, h := ask(t, c, "GET", address+"/bytes", who, nil)
		kind, how := h.Get("Content-Type"), h.Get("Content-Disposition")
		if code != 200 || text != body || h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || h.Get("Set-Cookie") != "" {
			t.Errorf("%.40q: %d %v", f.name, code, h)
		}
		if strings.Contains(kind, "html") || strings.Contains(kind, "svg") || strings.Contains(kind, "xml") || strings.Contains(kind, "script") || strings.Contains(kind, "pdf") && !strings.HasPrefix(how, "attachment") {
			t.Errorf("%.40q is handed out as %q, %q", f.name, kind, how)
		}
		if !strings.HasPrefix(how, "attachment") && !strings.HasPrefix(kind, "image/") && !strings.HasPrefix(kind, "video/") && !strings.HasPrefix(kind, "audio/") {
			t.Errorf("%.40q is shown: %q, %q", f.name, kind, how)
		}
		if strings.ContainsAny(how, "\r\n\u202e/") || strings.Contains(how, "nnnn") {
			t.Errorf("its own name goes out: %q", how)
		}
		if code, text, _ := ask(t, c, "GET", address, who, nil); code != 200 || strings.Contains(text, "<script>alert") {
			t.Errorf("its page: %d", code)
		}
	}
}
