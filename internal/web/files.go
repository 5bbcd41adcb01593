package web

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// Files come in parts by the protocol tus 1.0, so that a lost connection costs
// no more than what was under way (EVD-1). Every answer here is a status, some
// headers and a sentence, never a page.

const (
	tusVersion    = "1.0.0"
	tusExtensions = "creation,creation-with-upload,expiration,checksum,termination"
	tusChecksums  = "sha256,sha1"
	partKind      = "application/offset+octet-stream"

	// statusChecksum is what tus gives to bytes that are not what was said of
	// them.
	statusChecksum = 460
)

// receiving is the plan of everything that receives files.
func (c *Counter) receiving(mux *plan) {
	mux.Handle("GET /incidents/{incident}/receive", c.signedIn(c.receive))
	mux.Handle("POST /incidents/{incident}/receive", c.signedIn(c.receiveForm))
	const all, one = " /incidents/{incident}/files", " /incidents/{incident}/files/{upload}"
	mux.Handle("OPTIONS"+all, c.filesIn(c.askFiles))
	mux.Handle("OPTIONS"+one, c.filesIn(c.askFiles))
	mux.Handle("POST"+all, c.filesIn(c.beginFile))
	mux.Handle("HEAD"+one, c.filesIn(c.fileSoFar))
	mux.Handle("PATCH"+one, c.filesIn(c.continueFile))
	mux.Handle("DELETE"+one, c.filesIn(c.endFile))
}

// A said is a refusal with a status of its own.
type said struct {
	code int
	err  *jurat.Error
}

func (s said) Error() string { return s.err.Error() }
func (s said) Unwrap() error { return s.err }

func say(code int, format string, args ...any) error {
	return said{code, jurat.Errorf(jurat.Invalid, format, args...)}
}

// filesIn makes a handler of a page of tus. To a stranger it is not there; who
// was away too long is told so, for a redirect would be followed to a page.
func (c *Counter) filesIn(p page) http.Handler {
	return c.open(func(w http.ResponseWriter, v *visit) error {
		w.Header().Set("Tus-Resumable", tusVersion)
		var err error
		switch {
		case v.who == nil && v.locked:
			err = say(http.StatusUnauthorized, "you were away for a while; show once more who you are, and choose the file again")
		case v.who == nil:
			return nothingHere
		case v.Method != http.MethodOptions && v.Header.Get("Tus-Resumable") != tusVersion:
			w.Header().Set("Tus-Version", tusVersion)
			err = say(http.StatusPreconditionFailed, "this counter speaks tus %s; say so in Tus-Resumable", tusVersion)
		default:
			err = p(w, v)
		}
		if err != nil {
			c.failFile(w, v, err)
		}
		return nil
	})
}

// failFile answers a request of tus with what went wrong.
func (c *Counter) failFile(w http.ResponseWriter, v *visit, err error) {
	code := status(err)
	_, own := errors.AsType[said](err)
	switch {
	case own:
	case errors.Is(err, desk.ErrChecksum), errors.Is(err, desk.ErrDiffers):
		code = statusChecksum
	case errors.Is(err, errBusy):
		code = http.StatusLocked
	case errors.Is(err, jurat.Invalid):
		code = http.StatusBadRequest
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		code = http.StatusInsufficientStorage
	}
	if errors.Is(err, desk.ErrDiffers) {
		w.Header().Set("Jurat-Differs", "1")
	}
	text := "something failed on our side"
	if known, ok := errors.AsType[*jurat.Error](err); ok {
		text = known.Detail
	}
	if code == http.StatusNotFound {
		text = nothingHere.Detail
	}
	lang := v.lang
	text, own = c.pages.words.told(lang, text, asText)
	if !own {
		lang = languages[0]
	}
	text = asSentence(text)
	if code >= http.StatusInternalServerError {
		ref := reference()
		c.Log.ErrorContext(v.ctx(), "a page failed", "page", v.Pattern, "reference", ref, "cause", err)
		text += " (" + ref + ")"
	}
	w.Header().Set("Content-Language", lang)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(code)
	if v.Method != http.MethodHead {
		w.Write([]byte(text + "\n")) //nolint:errcheck // the reader went away
	}
}

// askFiles says what this counter understands.
func (c *Counter) askFiles(w http.ResponseWriter, v *visit) error {
	in, err := v.number()
	if err == nil {
		err = c.Desk.MayReceive(v.ctx(), v.caller(), v.at, in)
	}
	if err != nil {
		return err
	}
	room, err := c.Desk.Room()
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Tus-Version", tusVersion)
	h.Set("Tus-Extension", tusExtensions)
	h.Set("Tus-Checksum-Algorithm", tusChecksums)
	h.Set("Tus-Max-Size", strconv.FormatInt(room, 10))
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// beginFile begins an upload, and takes the bytes that came with the request.
func (c *Counter) beginFile(w http.ResponseWriter, v *visit) error {
	in, err := v.number()
	if err != nil {
		return err
	}
	if v.Header.Get("Upload-Concat") != "" || v.Header.Get("Upload-Defer-Length") != "" {
		return say(http.StatusBadRequest, "a file is sent in one upload, and its length is said at its beginning")
	}
	length, err := bytesIn(v.Header.Get("Upload-Length"))
	if err != nil {
		return say(http.StatusBadRequest, "Upload-Length: want the number of bytes of the file")
	}
	told, err := metadata(v.Header.Get("Upload-Metadata"))
	if err != nil {
		return err
	}
	arrival, bad := c.arrival(v, func(name string) string { return told[name] })
	if len(bad) > 0 {
		return say(http.StatusBadRequest, "%s", bad[0].Say)
	}
	if arrival.Digest, err = digestIn(told["sha256"]); err != nil {
		return err
	}
	sums, err := c.sums(v)
	if err != nil {
		return err
	}
	if err := c.Desk.MayReceive(v.ctx(), v.caller(), v.at, in); err != nil {
		return err
	}
	room, err := c.Desk.Room()
	if err != nil {
		return err
	}
	if length > room {
		w.Header().Set("Tus-Max-Size", strconv.FormatInt(room, 10))
		return say(http.StatusRequestEntityTooLarge, "there is no room for this file: %d bytes can be taken at once", room)
	}
	u, err := c.Desk.BeginUpload(v.ctx(), v.caller(), v.at, desk.Announced{Incident: in, Arrival: arrival, Name: told["filename"], Length: length})
	if err != nil {
		return err
	}
	w.Header().Set("Location", "/incidents/"+string(in)+"/files/"+u.ID)
	if v.Header.Get("Content-Type") == partKind && u.Received == nil {
		if v.ContentLength > length {
			return say(http.StatusRequestEntityTooLarge, "the request brings more bytes than Upload-Length says")
		}
		if u, err = c.takePart(w, v, in, u.ID, 0, sums); err != nil {
			return err
		}
	}
	answerFile(w, u, http.StatusCreated)
	return nil
}

// fileSoFar says how much of an upload is durable here.
func (c *Counter) fileSoFar(w http.ResponseWriter, v *visit) error {
	in, err := v.number()
	if err != nil {
		return err
	}
	id := v.PathValue("upload")
	_, leave, err := c.lanes.take(v.ctx(), id+" "+string(v.who.Person.ID))
	if err != nil {
		return err
	}
	defer leave()
	u, err := c.Desk.ShowUpload(v.ctx(), v.caller(), v.at, in, id)
	if err != nil {
		return err
	}
	w.Header().Set("Upload-Length", strconv.FormatInt(u.Length, 10))
	answerFile(w, u, http.StatusOK)
	return nil
}

// continueFile takes the next bytes of an upload.
func (c *Counter) continueFile(w http.ResponseWriter, v *visit) error {
	in, err := v.number()
	if err != nil {
		return err
	}
	if v.Header.Get("Content-Type") != partKind {
		return say(http.StatusUnsupportedMediaType, "Content-Type: want %s", partKind)
	}
	offset, err := bytesIn(v.Header.Get("Upload-Offset"))
	if err != nil {
		return say(http.StatusBadRequest, "Upload-Offset: want the number of bytes that are here already")
	}
	sums, err := c.sums(v)
	if err != nil {
		return err
	}
	u, err := c.takePart(w, v, in, v.PathValue("upload"), offset, sums)
	if err != nil {
		return err
	}
	answerFile(w, u, http.StatusNoContent)
	return nil
}

func (c *Counter) takePart(w http.ResponseWriter, v *visit, in jurat.IncidentNumber, id string, offset int64, sums desk.Sums) (desk.Upload, error) {
	ctx, leave, err := c.lanes.take(v.ctx(), id+" "+string(v.who.Person.ID))
	if err != nil {
		return desk.Upload{}, err
	}
	defer leave()
	body, done := slowly(ctx, w, v.Request)
	defer done()
	u, err := c.Desk.ContinueUpload(ctx, v.caller(), c.Now, in, id, offset, sums, body)
	if err != nil && body.broke {
		err = say(http.StatusRequestTimeout, "the sender stopped; what came is kept, unless a checksum was to cover it: ask where the upload stands")
	}
	return u, err
}

// endFile gives an upload up.
func (c *Counter) endFile(w http.ResponseWriter, v *visit) error {
	in, err := v.number()
	if err != nil {
		return err
	}
	id := v.PathValue("upload")
	_, leave, err := c.lanes.take(v.ctx(), id+" "+string(v.who.Person.ID))
	if err != nil {
		return err
	}
	defer leave()
	if err := c.Desk.EndUpload(v.ctx(), v.caller(), v.at, in, id); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// answerFile says where an upload stands, and what it became.
func answerFile(w http.ResponseWriter, u desk.Upload, code int) {
	h := w.Header()
	h.Set("Upload-Offset", strconv.FormatInt(u.Offset, 10))
	if u.Received == nil {
		h.Set("Upload-Expires", u.Expires.UTC().Format(http.TimeFormat))
	} else {
		h.Set("Jurat-Exhibit", string(u.Received.Exhibit.ID))
		h.Set("Jurat-Sha256", hex.EncodeToString(u.Received.Exhibit.Digest[:]))
		if u.Received.Duplicate {
			h.Set("Jurat-Duplicate", "1")
		}
	}
	w.WriteHeader(code)
}

// sums reads what a request says of its bytes: Upload-Checksum of them, and
// Jurat-Sha256 of the whole file.
func (c *Counter) sums(v *visit) (desk.Sums, error) {
	s := desk.Sums{Length: v.ContentLength}
	var err error
	if given := v.Header.Get("Upload-Checksum"); given != "" {
		algorithm, sum, _ := strings.Cut(given, " ")
		if !strings.Contains(","+tusChecksums+",", ","+algorithm+",") {
			return s, say(http.StatusBadRequest, "Upload-Checksum: want one of %s", tusChecksums)
		}
		s.Algorithm = algorithm
		if s.Sum, err = base64.StdEncoding.DecodeString(sum); err != nil {
			return s, say(http.StatusBadRequest, "Upload-Checksum: want the algorithm, a space and the checksum in base64")
		}
	}
	s.Whole, err = digestIn(v.Header.Get("Jurat-Sha256"))
	return s, err
}

// digestIn reads a digest somebody may have given.
func digestIn(text string) (jurat.Digest, error) {
	var d jurat.Digest
	if text == "" {
		return d, nil
	}
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != len(d) {
		return d, say(http.StatusBadRequest, "the SHA-256 of the file: want 64 hexadecimal digits")
	}
	return jurat.Digest(raw), nil
}

// bytesIn reads a number of bytes.
func bytesIn(text string) (int64, error) {
	if strings.Trim(text, "0123456789") != "" {
		return 0, strconv.ErrSyntax
	}
	return strconv.ParseInt(text, 10, 64)
}

// metadata reads what is said of a file: names, each with a value in base64.
func metadata(header string) (map[string]string, error) {
	told := map[string]string{}
	if strings.TrimSpace(header) == "" {
		return told, nil
	}
	for _, pair := range strings.Split(header, ",") {
		name, coded, _ := strings.Cut(strings.TrimSpace(pair), " ")
		value, err := base64.StdEncoding.DecodeString(coded)
		if _, twice := told[name]; err != nil || name == "" || twice {
			return nil, say(http.StatusBadRequest, "Upload-Metadata: want names, each once, a space and its value in base64, apart by commas")
		}
		told[name] = string(value)
	}
	return told, nil
}

// arrival reads what is said of a file that is received, of a form or of tus.
func (c *Counter) arrival(v *visit, told func(string) string) (jurat.Arrival, []wrong) {
	var bad []wrong
	a := jurat.Arrival{Kind: told("kind"), ReceivedFrom: strings.ToValidUTF8(strings.TrimSpace(told("received_from")), "\uFFFD")}
	if a.Kind == "" {
		a.Kind = "other"
	}
	from, err := c.typed(told("recorded_from"))
	if err != nil {
		bad = append(bad, wrong{"recorded_from", c.say(v, "open.bad_time")})
	}
	a.Recorded.From = from
	if text := strings.TrimSpace(told("clock_offset_s")); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < -mostOffset || n > mostOffset {
			bad = append(bad, wrong{"clock_offset_s", c.say(v, "receive.bad_offset")})
		}
		a.ClockOffset = &n
	}
	return a, bad
}

// mostOffset is how wrong a clock may be, in seconds: a hundred years.
const mostOffset = 100 * int(365*24*time.Hour/time.Second)
