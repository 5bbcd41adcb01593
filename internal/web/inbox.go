package web

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"

	"jurat"
	"jurat/internal/desk"
)

// inboxPath is where dossiers come in: the one form whose file may be larger
// than [formLimit], because it is read as it comes.
const inboxPath = "/inbox"

// An inboxBody is what other offices handed over, and the form for the next.
type inboxBody struct {
	Arrived []desk.Arrived
	Offices []jurat.Office // whose keys are pinned
	Found   []found        // what the check of a file said that was not taken in
	Form    url.Values
}

// found is one thing the check of a dossier says.
type found struct{ Answer, What, Where string }

// inbox lists what was taken in, with how each check answered.
func (c *Counter) inbox(w http.ResponseWriter, v *visit) error {
	body, err := c.inboxBody(v)
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "inbox", body)
	return nil
}

func (c *Counter) inboxBody(v *visit) (inboxBody, error) {
	arrived, err := c.Desk.Inbox(v.ctx(), v.caller(), v.at)
	if err != nil {
		return inboxBody{}, err
	}
	offices, err := c.Desk.Offices(v.ctx(), v.caller(), v.at)
	if err != nil {
		return inboxBody{}, err
	}
	body := inboxBody{Arrived: arrived}
	for _, o := range offices {
		if len(o.Trust) > 0 {
			body.Offices = append(body.Offices, o)
		}
	}
	return body, nil
}

// takeIn takes a dossier in: its bytes go to the desk as they come, and no
// other field is read before them.
func (c *Counter) takeIn(w http.ResponseWriter, v *visit) error {
	source, done := slowly(v.ctx(), w, v.Request)
	defer done()
	v.Body = source
	parts, err := v.MultipartReader()
	if err != nil {
		return c.notTaken(w, v, nil, c.say(v, "inbox.no_file"))
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return c.notTaken(w, v, nil, c.say(v, "inbox.no_file"))
		}
		if err != nil {
			return jurat.Because(jurat.Invalid, err, "the form could not be read")
		}
		if part.FormName() != "dossier" || part.FileName() == "" {
			continue
		}
		taken, report, err := c.Desk.TakeStream(v.ctx(), v.caller(), v.at, filepath.Base(part.FileName()), part)
		if err == nil {
			return see(w, v, itemPath(taken.ID)+"/read")
		}
		said, ok := errors.AsType[*jurat.Error](err)
		if !ok || !errors.Is(err, jurat.Conflict) && !errors.Is(err, jurat.Invalid) && report.Answer == "" {
			return err
		}
		var all []found
		for _, f := range report.Findings {
			all = append(all, found{f.Answer, f.What, f.Where})
		}
		return c.notTaken(w, v, all, said.Detail)
	}
}

// notTaken shows the inbox again, with why a file was not taken in.
func (c *Counter) notTaken(w http.ResponseWriter, v *visit, all []found, say string) error {
	body, err := c.inboxBody(v)
	if err != nil {
		return err
	}
	body.Found = all
	c.showWrong(w, v, http.StatusUnprocessableEntity, "inbox", body, []wrong{{"dossier", say}})
	return nil
}

// takesIn reports whether a request brings a dossier, which its page reads
// piece by piece.
func takesIn(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && r.Method == http.MethodPost && r.URL.Path == inboxPath && kind == "multipart/form-data"
}

// readDossier shows what a dossier taken in says, checked again now: the three
// answers large, what was not checked as visible as they are; then the contacts
// with political offices and what was not obtained, before any account.
func (c *Counter) readDossier(w http.ResponseWriter, v *visit) error {
	id, err := v.item(jurat.NounDossier, v.PathValue("dossier"))
	if err != nil {
		return err
	}
	taken, report, err := c.Desk.ReadDossier(v.ctx(), v.caller(), v.at, id)
	if err != nil {
		return err
	}
	body := struct {
		Dossier jurat.Dossier
		Report  any
		Says    any
	}{Dossier: taken, Report: report}
	if report.Contents != nil {
		body.Says = report.Contents.Referral
	}
	c.show(w, v, http.StatusOK, "readdossier", body)
	return nil
}

// A trustBody is whose keys are pinned, to be compared by telephone.
type trustBody struct {
	Pinned  []pinnedLog
	Offices []jurat.Office // of others
	Form    url.Values
}

// A pinnedLog is one log of an office, and the fingerprints of its keys.
type pinnedLog struct {
	Name, Origin string
	Log          []string
	Prints       []string
	Age          []string
}

// trust shows the keys of other offices that are pinned here.
func (c *Counter) trust(w http.ResponseWriter, v *visit) error {
	body, err := c.trustBody(v)
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "trust", body)
	return nil
}

func (c *Counter) trustBody(v *visit) (trustBody, error) {
	offices, err := c.Desk.Offices(v.ctx(), v.caller(), v.at)
	if err != nil {
		return trustBody{}, err
	}
	trust, err := c.Desk.Trust(v.ctx(), v.caller(), v.at)
	if err != nil {
		return trustBody{}, err
	}
	var body trustBody
	for _, o := range offices {
		if !o.Own {
			body.Offices = append(body.Offices, o)
		}
	}
	for _, o := range trust.Offices {
		one := pinnedLog{Name: o.Name, Origin: o.Origin, Log: o.Log, Age: o.Age}
		for _, k := range o.Office {
			one.Prints = append(one.Prints, fours(k.Thumbprint()))
		}
		body.Pinned = append(body.Pinned, one)
	}
	return body, nil
}

// fours is a fingerprint in groups of four, to be read out over a telephone.
func fours(fingerprint string) string {
	var b strings.Builder
	for i, r := range fingerprint {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// pin pins the keys of an office from its trust file: for somebody who showed
// only just now who they are.
func (c *Counter) pin(w http.ResponseWriter, v *visit) error {
	if err := c.Login.JustShown(v.ctx(), v.at, v.token); err != nil {
		return err
	}
	text, err := fileOrText(v, "file", "text")
	if err == nil {
		_, err = c.Desk.TrustFile(v.ctx(), v.caller(), v.at, jurat.OfficeID(v.PostFormValue("office")), []byte(text))
	}
	if err == nil {
		return see(w, v, "/trust")
	}
	say, ok := mistake(err)
	if errors.Is(err, jurat.NotFound) {
		say, ok = c.say(v, "trust.which"), true
	}
	if !ok {
		return err
	}
	body, berr := c.trustBody(v)
	if berr != nil {
		return berr
	}
	body.Form = v.PostForm
	c.showWrong(w, v, http.StatusUnprocessableEntity, "trust", body, []wrong{{"file", say}})
	return nil
}

// fileOrText is what a form brings as a small file, or pasted; empty: neither.
func fileOrText(v *visit, file, text string) (string, error) {
	f, _, err := v.FormFile(file)
	if err != nil {
		return v.PostFormValue(text), nil //nolint:nilerr // no file was chosen
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		return "", jurat.Because(jurat.Invalid, err, "the file could not be read")
	}
	if len(b) == 0 {
		return v.PostFormValue(text), nil
	}
	return string(b), nil
}
