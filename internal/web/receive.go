package web

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"syscall"

	"jurat"
	"jurat/internal/desk"
)

// A receiveBody is the page that takes files in, and what became of those that
// were just sent.
type receiveBody struct {
	Incident jurat.IncidentNumber
	Words    *vocabulary
	Form     url.Values
	Became   []became
}

// A became is what became of one file.
type became struct {
	Name      string
	Exhibit   jurat.Exhibit
	Duplicate bool
	Why       string // it is not filed
}

// receive shows the form that takes files in. It works without a script; with
// one a lost connection costs nothing.
func (c *Counter) receive(w http.ResponseWriter, v *visit) error {
	body, err := c.receiveBody(v)
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "receive", body)
	return nil
}

func (c *Counter) receiveBody(v *visit) (receiveBody, error) {
	in, err := v.number()
	if err == nil {
		err = c.Desk.MayReceive(v.ctx(), v.caller(), v.at, in)
	}
	if err != nil {
		return receiveBody{}, err
	}
	words, err := c.vocabulary(v)
	return receiveBody{Incident: in, Words: words, Form: url.Values{}}, err
}

const (
	fieldLimit = 64 << 10 // bytes of one field beside the files
	mostFields = 100
	drainLimit = 16 << 20 // of a form that is not taken, so that its sender hears why
)

// receiveForm takes the files of a plain form, each straight into the vault,
// and says of each what became of it.
func (c *Counter) receiveForm(w http.ResponseWriter, v *visit) error {
	body, err := c.receiveBody(v)
	if err != nil {
		return err
	}
	source, done := slowly(v.ctx(), w, v.Request)
	defer done()
	v.Body = source
	form, err := v.MultipartReader()
	if err != nil {
		return jurat.Because(jurat.Invalid, err, "the form could not be read")
	}
	var arrival jurat.Arrival
	var bad []wrong
	read := false // the fields, which come first
	for {
		// Raw: no encoding of transfer is undone, the bytes are those that came.
		part, err := form.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return jurat.Because(jurat.Invalid, err, "the form ended before its end; the files before that are filed")
		}
		name := part.FileName()
		if part.FormName() != "files" {
			text, err := io.ReadAll(io.LimitReader(part, fieldLimit+1))
			if err != nil || len(text) > fieldLimit || len(body.Form) > mostFields || read {
				return jurat.Errorf(jurat.Invalid, "the form could not be read: its fields come first, and are short")
			}
			body.Form.Set(part.FormName(), string(text))
			continue
		}
		if name == "" {
			continue // nothing was chosen
		}
		if !read {
			read = true
			if arrival, bad = c.arrival(v, body.Form.Get); len(bad) > 0 {
				break
			}
		}
		got := c.Desk.ReceiveFrom(v.ctx(), v.caller(), c.Now, desk.Receiving{Incident: body.Incident, Arrival: arrival}, name, part)
		if got.Err != nil && (source.broke || errors.Is(got.Err, io.ErrUnexpectedEOF)) {
			return jurat.Errorf(jurat.Invalid, "the form ended before its end; the files before %s are filed", name)
		}
		body.Became = append(body.Became, became{Name: name, Exhibit: got.Exhibit, Duplicate: got.Duplicate, Why: c.whyNot(v, name, got.Err)})
	}
	if len(body.Became) == 0 && len(bad) == 0 {
		bad = append(bad, wrong{"files", c.say(v, "receive.none")})
	}
	if len(bad) > 0 {
		_, _ = io.CopyN(io.Discard, source, drainLimit) // whoever sends more hears nothing
		c.showWrong(w, v, http.StatusUnprocessableEntity, "receive", body, bad)
		return nil
	}
	c.show(w, v, http.StatusOK, "receive", body)
	return nil
}

// whyNot is the sentence of a file that was not filed; "": it was.
func (c *Counter) whyNot(v *visit, name string, err error) string {
	if err == nil {
		return ""
	}
	if say, ok := mistake(err); ok {
		return say
	}
	key := "receive.failed"
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		key = "receive.full"
	}
	if errors.Is(err, jurat.Forbidden) || errors.Is(err, jurat.NotFound) {
		return c.say(v, "receive.not_yours")
	}
	ref := reference()
	c.Log.ErrorContext(v.ctx(), "a file was not filed", "page", v.Pattern, "reference", ref, "cause", err)
	return c.say(v, key, "name", name, "reference", ref)
}
