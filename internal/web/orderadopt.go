package web

import (
	"encoding/base64"
	"errors"
	"net/http"

	"jurat"
	"jurat/internal/desk"
)

// An orderCheck is what was found of an order file that somebody brought.
type orderCheck struct {
	Name   string
	Text   string // the file, for the form that adopts it
	Found  *desk.Checked
	Groups []changeGroup
	Ships  []shippedOrder
}

// adoptForm is where an administrator brings an order file.
func (c *Counter) adoptForm(w http.ResponseWriter, v *visit) error {
	if !v.adopts() {
		return nothingHere
	}
	c.show(w, v, http.StatusOK, "orderadopt", orderCheck{Ships: c.shipped()})
	return nil
}

// checkOrder says of an order file what a compiler would, runs its tests, and
// shows what it would change. Nothing is adopted by it.
func (c *Counter) checkOrder(w http.ResponseWriter, v *visit) error {
	if !v.adopts() {
		return nothingHere
	}
	name, text, err := c.brought(w, v)
	if err != nil || len(text) == 0 {
		return err
	}
	return c.showChecked(w, v, name, text, nil)
}

func (c *Counter) showChecked(w http.ResponseWriter, v *visit, name string, text []byte, bad []wrong) error {
	found, err := c.Desk.CheckOrder(v.ctx(), v.caller(), v.at, name, text)
	if err != nil {
		return err
	}
	code := http.StatusOK
	if !found.Adoptable() || len(bad) > 0 {
		code = http.StatusUnprocessableEntity
	}
	c.showWrong(w, v, code, "orderadopt", orderCheck{Name: name, Text: string(text), Found: &found, Groups: grouped(found.Changes), Ships: c.shipped()}, bad)
	return nil
}

// adoptOrder adopts the file that was looked at.
func (c *Counter) adoptOrder(w http.ResponseWriter, v *visit) error {
	if !v.adopts() {
		return nothingHere
	}
	name, text, err := c.brought(w, v)
	if err != nil || len(text) == 0 {
		return err
	}
	o, _, err := c.Desk.AdoptOrder(v.ctx(), v.caller(), v.at, name, text)
	if err == nil {
		return see(w, v, "/orders/"+o.ID)
	}
	say, ok := mistake(err)
	if !ok {
		return err
	}
	return c.showChecked(w, v, name, text, []wrong{{"", say}})
}

// brought is the order file of a form; where there is none, the page that asks
// for it was shown again.
func (c *Counter) brought(w http.ResponseWriter, v *visit) (name string, text []byte, err error) {
	name, text, err = orderFile(v)
	if err == nil && len(text) == 0 {
		c.showWrong(w, v, http.StatusUnprocessableEntity, "orderadopt", orderCheck{Ships: c.shipped()}, []wrong{{"order", c.say(v, "adopt.no_file")}})
	}
	return name, text, err
}

// orderSize is how many bytes an order file may have here.
const orderSize = 700 << 10

// orderFile is the file a form brings, or the text of one that was looked at
// before. A browser sends a text with its line ends made two bytes; a file has
// its own.
func orderFile(v *visit) (name string, text []byte, err error) {
	if err := v.ParseMultipartForm(formLimit); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return "", nil, jurat.Because(jurat.Invalid, err, "the form could not be read")
	}
	if v.MultipartForm != nil {
		defer v.MultipartForm.RemoveAll() //nolint:errcheck // of files in a temporary folder
	}
	if name = v.PostFormValue("name"); name == "" {
		name = "order.yaml"
	}
	if text := v.PostFormValue("text"); text != "" {
		raw, err := decoded(text)
		return name, raw, err
	}
	file, header, err := v.FormFile("order")
	if err != nil {
		return name, nil, nil //nolint:nilerr // nobody chose a file
	}
	defer file.Close() //nolint:errcheck // it was only read
	if header.Size > orderSize {
		return "", nil, jurat.Errorf(jurat.Invalid, "%s", "the file is larger than an order may be here (700 KiB); adopt it with: jurat order adopt")
	}
	text = make([]byte, header.Size)
	if _, err := file.ReadAt(text, 0); err != nil {
		return "", nil, jurat.Because(jurat.Invalid, err, "the file could not be read")
	}
	if header.Filename != "" {
		name = header.Filename
	}
	return name, text, nil
}

// restate adds an entry to the status history of an order: what a court or
// another authority decided, and from which minute.
func (c *Counter) restate(w http.ResponseWriter, v *visit) error {
	if !v.adopts() {
		return nothingHere
	}
	f := v.PostForm
	at, err := c.typed(f.Get("at"))
	if err != nil {
		err = jurat.Errorf(jurat.Invalid, "%s", c.say(v, "open.bad_time"))
	} else {
		_, _, err = c.Desk.RestateOrder(v.ctx(), v.caller(), v.at, v.PathValue("order"), desk.Restatement{
			State: desk.Standing(f.Get("state")), At: at, Authority: f.Get("authority"), Duties: f["duty"], Basis: desk.Basis(f.Get("basis")),
			Source: f.Get("source"), Address: f.Get("address"), Kind: f.Get("kind"), Note: f.Get("note"),
		})
	}
	if err == nil {
		return see(w, v, "/orders/"+v.PathValue("order")+"#status")
	}
	say, ok := mistake(err)
	if !ok {
		return err
	}
	body, err := c.orderBody(v)
	if err != nil {
		return err
	}
	body.Form = f
	c.showWrong(w, v, http.StatusUnprocessableEntity, "order", body, []wrong{{"state", say}})
	return nil
}

// decoded reads what a form carried as base64.
func decoded(text string) ([]byte, error) {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, jurat.Because(jurat.Invalid, err, "the form could not be read")
	}
	return raw, nil
}

// Encoded is the file as a form carries it, byte for byte.
func (o orderCheck) Encoded() string { return base64.StdEncoding.EncodeToString([]byte(o.Text)) }
