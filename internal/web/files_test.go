package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"jurat"
	"jurat/internal/desk/desktest"
	"jurat/internal/register"
)

// tus makes one request of the protocol.
func tus(t testing.TB, c *station, as jurat.PersonID, method, address string, body io.Reader, headers ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, address, body)
	r.Header.Set("Tus-Resumable", "1.0.0")
	if method == http.MethodPatch {
		r.Header.Set("Content-Type", partKind)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i+1] == "" {
			r.Header.Del(headers[i])
		}
	}
	if as != "" {
		r.AddCookie(&http.Cookie{Name: sessionCookie(true), Value: string(c.token(t, as))})
	}
	w := httptest.NewRecorder()
	c.ServeHTTP(w, r)
	if w.Code >= 400 && method != http.MethodHead && w.Body.Len() == 0 {
		t.Errorf("%s %s: %d without a sentence", method, address, w.Code)
	}
	return w.Result()
}

func wantStatus(t testing.TB, a *http.Response, code int, headers ...string) {
	t.Helper()
	text, err := io.ReadAll(a.Body)
	if err != nil || a.Body.Close() != nil || a.StatusCode != code {
		t.Fatalf("%d %s %v; want %d", a.StatusCode, text, err, code)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if got := a.Header.Get(headers[i]); got != headers[i+1] {
			t.Errorf("%s: %q, want %q", headers[i], got, headers[i+1])
		}
	}
}

func meta(pairs ...string) string {
	var all []string
	for i := 0; i+1 < len(pairs); i += 2 {
		all = append(all, pairs[i]+" "+base64.StdEncoding.EncodeToString([]byte(pairs[i+1])))
	}
	return strings.Join(all, ",")
}

func TestFilesComeByTus(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	c := counterAt(t, rec, noon)
	files := "/incidents/" + string(in) + "/files"
	const who = "evidence-7"
	data := bytes.Repeat([]byte("footage "), 100_000)
	sum := sha256.Sum256(data)

	a := tus(t, c, who, "OPTIONS", files, nil, "Tus-Resumable", "")
	wantStatus(t, a, 204, "Tus-Version", "1.0.0", "Tus-Extension", tusExtensions, "Tus-Checksum-Algorithm", "sha256,sha1", "Tus-Resumable", "1.0.0")
	if n, err := strconv.ParseInt(a.Header.Get("Tus-Max-Size"), 10, 64); err != nil || n < 1 {
		t.Errorf("Tus-Max-Size %q", a.Header.Get("Tus-Max-Size"))
	}
	length := strconv.Itoa(len(data))
	a = tus(t, c, who, "POST", files, nil, "Upload-Length", length, "Upload-Metadata", meta("filename", "clip.mp4", "kind", "bwc", "recorded_from", "2026-11-22T12:00:00", "clock_offset_s", "-4"))
	wantStatus(t, a, 201)
	at := a.Header.Get("Location")
	if !strings.HasPrefix(at, files+"/") || a.Header.Get("Upload-Expires") == "" {
		t.Fatalf("created at %q until %q", at, a.Header.Get("Upload-Expires"))
	}
	wantStatus(t, tus(t, c, who, "HEAD", at, nil), 200, "Upload-Offset", "0", "Upload-Length", length, "Cache-Control", "no-store")
	wantStatus(t, tus(t, c, who, "PATCH", at, bytes.NewReader(data[:5]), "Upload-Offset", "0"), 204, "Upload-Offset", "5", "Jurat-Exhibit", "")
	for name, bad := range map[string]struct {
		code    int
		method  string
		address string
		body    string
		headers []string
	}{
		"an offset too far":           {409, "PATCH", at, "x", []string{"Upload-Offset", "6"}},
		"an offset again":             {409, "PATCH", at, "x", []string{"Upload-Offset", "0"}},
		"no offset":                   {400, "PATCH", at, "x", nil},
		"an offset below nothing":     {400, "PATCH", at, "x", []string{"Upload-Offset", "-5"}},
		"an offset of words":          {400, "PATCH", at, "x", []string{"Upload-Offset", "five"}},
		"an offset beyond numbers":    {400, "PATCH", at, "x", []string{"Upload-Offset", "99999999999999999999"}},
		"another type":                {415, "PATCH", at, "x", []string{"Upload-Offset", "5", "Content-Type", "text/plain"}},
		"another version":             {412, "PATCH", at, "x", []string{"Upload-Offset", "5", "Tus-Resumable", "0.2.2"}},
		"no version":                  {412, "PATCH", at, "x", []string{"Upload-Offset", "5", "Tus-Resumable", ""}},
		"more than was declared":      {400, "PATCH", at, string(data), []string{"Upload-Offset", "5"}},
		"a wrong checksum":            {460, "PATCH", at, "x", []string{"Upload-Offset", "5", "Upload-Checksum", "sha256 " + base64.StdEncoding.EncodeToString(sum[:])}},
		"a checksum nobody knows":     {400, "PATCH", at, "x", []string{"Upload-Offset", "5", "Upload-Checksum", "md4 x"}},
		"a checksum that is none":     {400, "PATCH", at, "x", []string{"Upload-Offset", "5", "Upload-Checksum", "sha1 !"}},
		"a digest that is none":       {400, "PATCH", at, "x", []string{"Upload-Offset", "5", "Jurat-Sha256", "abc"}},
		"an upload that never was":    {404, "PATCH", files + "/nothing", "x", []string{"Upload-Offset", "5"}},
		"asked of one that never was": {404, "HEAD", files + "/nothing", "", nil},
		"ended one that never was":    {404, "DELETE", files + "/nothing", "", nil},
		"another incident's":          {404, "HEAD", "/incidents/2026-000999/files/x", "", nil},
		"into no incident":            {404, "POST", "/incidents/2026-000999/files", "", []string{"Upload-Length", "5"}},
		"no length":                   {400, "POST", files, "", nil},
		"a length of words":           {400, "POST", files, "", []string{"Upload-Length", "1e3"}},
		"a length below nothing":      {400, "POST", files, "", []string{"Upload-Length", "-1"}},
		"a length beyond the disk":    {413, "POST", files, "", []string{"Upload-Length", "9223372036854775807"}},
		"a length later":              {400, "POST", files, "", []string{"Upload-Defer-Length", "1"}},
		"several in one":              {400, "POST", files, "", []string{"Upload-Length", "5", "Upload-Concat", "partial"}},
		"metadata that is none":       {400, "POST", files, "", []string{"Upload-Length", "5", "Upload-Metadata", "filename ?"}},
		"metadata twice":              {400, "POST", files, "", []string{"Upload-Length", "5", "Upload-Metadata", meta("kind", "a", "kind", "b")}},
		"no time":                     {400, "POST", files, "", []string{"Upload-Length", "5", "Upload-Metadata", meta("recorded_from", "soon")}},
		"a clock off by words":        {400, "POST", files, "", []string{"Upload-Length", "5", "Upload-Metadata", meta("clock_offset_s", "much")}},
	} {
		t.Run(name, func(t *testing.T) {
			wantStatus(t, tus(t, c, who, bad.method, bad.address, strings.NewReader(bad.body), bad.headers...), bad.code)
			wantStatus(t, tus(t, c, who, "HEAD", at, nil), 200, "Upload-Offset", "5")
		})
	}
	for _, other := range []jurat.PersonID{"officer-4472", "aide-1", ""} {
		wantStatus(t, tus(t, c, other, "HEAD", at, nil), 404)
		wantStatus(t, tus(t, c, other, "PATCH", at, strings.NewReader("x"), "Upload-Offset", "5"), 404)
	}
	wantStatus(t, tus(t, c, who, "HEAD", at, nil), 200, "Upload-Offset", "5")
	wantStatus(t, tus(t, c, who, "PATCH", at, bytes.NewReader(data[5:]), "Upload-Offset", "5", "Jurat-Sha256", hex.EncodeToString(sum[:])), 204,
		"Upload-Offset", length, "Jurat-Exhibit", string(in)+"-E1", "Jurat-Sha256", hex.EncodeToString(sum[:]), "Jurat-Duplicate", "")
	wantStatus(t, tus(t, c, who, "HEAD", at, nil), 200, "Upload-Offset", length, "Jurat-Exhibit", string(in)+"-E1")
	wantStatus(t, tus(t, c, who, "PATCH", at, bytes.NewReader(data[5:]), "Upload-Offset", "5"), 409)
	wantStatus(t, tus(t, c, who, "PATCH", at, strings.NewReader("more"), "Upload-Offset", length), 400)
	// Created with its bytes, the same file is there already.
	wantStatus(t, tus(t, c, who, "POST", files, bytes.NewReader(data), "Upload-Length", length, "Content-Type", partKind), 201,
		"Upload-Offset", length, "Jurat-Exhibit", string(in)+"-E1", "Jurat-Duplicate", "1")
	wantStatus(t, tus(t, c, who, "POST", files, bytes.NewReader(data), "Upload-Length", "5", "Content-Type", partKind), 413)
	// Bytes that are not those the sender has are not filed.
	a = tus(t, c, who, "POST", files, strings.NewReader("hello"), "Upload-Length", "5", "Content-Type", partKind, "Upload-Metadata", meta("sha256", strings.Repeat("0f", 32)))
	wantStatus(t, a, 460, "Jurat-Differs", "1")
	at = a.Header.Get("Location")
	wantStatus(t, tus(t, c, who, "HEAD", at, nil), 460)
	wantStatus(t, tus(t, c, who, "DELETE", at, nil), 204)
	wantStatus(t, tus(t, c, who, "HEAD", at, nil), 404)
	var exhibits []register.ItemRow
	must(t, rec.Register.Read(t.Context(), func(tx *register.Tx) (err error) {
		exhibits, err = tx.Items(in, jurat.NounExhibit)
		return err
	}))
	if len(exhibits) != 1 {
		t.Errorf("%d exhibits", len(exhibits))
	}
}

// multiform writes a form as a browser does.
func multiform(t testing.TB, fields [][2]string, files ...[2]string) (io.Reader, string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for _, f := range fields {
		must(t, m.WriteField(f[0], f[1]))
	}
	for _, f := range files {
		w, err := m.CreateFormFile("files", f[0])
		must(t, err)
		_, err = io.WriteString(w, f[1])
		must(t, err)
	}
	must(t, m.Close())
	return &b, m.FormDataContentType()
}

func TestFilesComeByAPlainForm(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	c := counterAt(t, rec, noon)
	page := "/incidents/" + string(in) + "/receive"
	const who = "evidence-7"
	fields := [][2]string{{"kind", "photo"}, {"received_from", "driver-a"}, {"recorded_from", "2026-11-22T12:00"}, {"clock_offset_s", "3"}}
	send := func(body io.Reader, kind string) (int, string) {
		a := tus(t, c, who, "POST", page, body, "Content-Type", kind)
		text, err := io.ReadAll(a.Body)
		must(t, err)
		must(t, a.Body.Close())
		return a.StatusCode, string(text)
	}
	for _, lang := range languages {
		code, text, _ := ask(t, c, "GET", page, who, nil, "Accept-Language", lang)
		if code != 200 || !strings.Contains(text, `enctype="multipart/form-data"`) || !strings.Contains(text, `<option value="bwc">`) {
			t.Fatalf("%d %s", code, text)
		}
	}
	large := strings.Repeat("large ", 1<<19) // over the limit of forms
	body, kind := multiform(t, fields, [2]string{"one.jpg", "one"}, [2]string{"<b>large", large}, [2]string{"again.jpg", "one"}, [2]string{"", ""}, [2]string{"empty.txt", ""})
	code, text := send(body, kind)
	for _, want := range []string{"On the record as Exhibit 1", "On the record as Exhibit 2", "Already here as Exhibit 1. No second copy made.", "On the record as Exhibit 3",
		jurat.DigestOf([]byte(large)).String(), "&lt;b&gt;large"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if code != 200 || t.Failed() {
		t.Fatalf("%d %s", code, text)
	}
	x, _, err := rec.ReadExhibit(t.Context(), rec.As(who), noon(), jurat.ItemID(string(in)+"-E1"))
	must(t, err)
	if x.Kind != "photo" || x.ReceivedFrom != "driver-a" || x.Media != "image/jpeg" || x.ClockOffset == nil || *x.ClockOffset != 3 || x.Recorded.From.IsZero() {
		t.Errorf("the exhibit: %+v", x)
	}
	// What is wrong with a form is said, and what was typed stays.
	for name, bad := range map[string]struct {
		fields [][2]string
		files  [][2]string
		say    string
	}{
		"no file":        {fields, nil, "Choose at least one file."},
		"a wrong offset": {[][2]string{{"received_from", "driver-b"}, {"clock_offset_s", "much"}}, [][2]string{{"a", "a"}}, "whole number of seconds"},
		"a wrong time":   {[][2]string{{"recorded_from", "soon"}}, [][2]string{{"a", "a"}}, `href="#recorded_from"`},
	} {
		body, kind := multiform(t, bad.fields, bad.files...)
		code, text := send(body, kind)
		if code != 422 || !strings.Contains(text, bad.say) || !strings.Contains(text, bad.fields[0][1]) {
			t.Errorf("%s: %d %s", name, code, text)
		}
	}
	if code, _ := send(strings.NewReader("kind=photo"), "application/x-www-form-urlencoded"); code != 422 {
		t.Errorf("another kind of form: %d", code)
	}
	if code, _ := send(strings.NewReader("--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a\"\r\n\r\nhalf"), "multipart/form-data; boundary=b"); code != 422 {
		t.Errorf("half a form: %d", code)
	}
	body, kind = multiform(t, nil, [2]string{"late", "late"})
	late, _ := io.ReadAll(body)
	late = append(bytes.TrimSuffix(late, []byte("--\r\n")), "\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nphoto\r\n--"+strings.TrimPrefix(kind, "multipart/form-data; boundary=")+"--\r\n"...)
	if code, _ := send(bytes.NewReader(late), kind); code != 422 {
		t.Errorf("a field after the files: %d", code)
	}
	for _, other := range []jurat.PersonID{"aide-1", ""} {
		if code, _, _ := ask(t, c, "GET", page, other, nil); code != 404 {
			t.Errorf("%q: %d", other, code)
		}
	}
}
