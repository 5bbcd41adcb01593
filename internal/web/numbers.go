package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"jurat"
	"jurat/internal/desk"
)

// A numbersBody is what was shown to everybody of one period.
type numbersBody struct {
	All       []desk.Shelved
	Shown     *desk.Publication
	ID        jurat.ItemID // of what is shown; empty: it is not published
	Publishes bool         // the reader may publish
	Reports   bool
	Form      url.Values
	Erased    int64
}

// numbers shows the newest published numbers, to anybody: counts, each with
// what it counts, and never a list of incidents (PUB-1).
func (c *Counter) numbers(w http.ResponseWriter, v *visit) error {
	body, err := c.numbersBody(v)
	if err != nil {
		return err
	}
	if len(body.All) > 0 {
		body.Shown, body.ID = body.All[0].Figures, body.All[0].ID
	}
	c.show(w, v, http.StatusOK, "numbers", body)
	return nil
}

// publishes are the roles that may show numbers to everybody and make reports.
var publishes = []jurat.Role{jurat.RoleRecords, jurat.RoleSupervisor, jurat.RoleCounsel}

func (c *Counter) numbersBody(v *visit) (numbersBody, error) {
	body := numbersBody{}
	if v.who != nil && v.who.Office.Function != jurat.FunctionPolitical {
		body.Publishes = v.who.Office.Own && slices.Contains(publishes, v.who.Person.Role)
		body.Reports = body.Publishes || v.who.Person.Role == jurat.RoleAuditor
	}
	var err error
	body.All, err = c.Desk.Shelf(v.ctx())
	return body, err
}

// numbersOf shows the numbers of another period, or hands them out as files.
func (c *Counter) numbersOf(w http.ResponseWriter, v *visit) error {
	body, err := c.numbersBody(v)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(body.All, func(s desk.Shelved) bool { return string(s.ID) == v.PathValue("publication") })
	if i < 0 {
		return nothingHere
	}
	body.Shown, body.ID = body.All[i].Figures, body.All[i].ID
	c.show(w, v, http.StatusOK, "numbers", body)
	return nil
}

// numbersFile hands the figures of a publication out, or its codebook.
func (c *Counter) numbersFile(w http.ResponseWriter, v *visit) error {
	all, err := c.Desk.Shelf(v.ctx())
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(s desk.Shelved) bool { return string(s.ID) == v.PathValue("publication") })
	if i < 0 {
		return nothingHere
	}
	p := all[i].Figures
	var text []byte
	kind := "application/json"
	switch v.PathValue("file") {
	case "figures.csv":
		text, err = p.CSV(v.lang)
		kind = "text/csv; charset=utf-8"
	case "figures.json":
		text, err = p.JSON()
	case "codebook.json":
		text, err = p.Codebook().JSON()
	case "codebook":
		c.show(w, v, http.StatusOK, "codebook", struct {
			ID   jurat.ItemID
			P    *desk.Publication
			Book *desk.Codebook
		}{all[i].ID, p, p.Codebook()})
		return nil
	default:
		return nothingHere
	}
	if err != nil {
		return err
	}
	attach(w, kind, string(all[i].ID)+"-"+v.PathValue("file"), text)
	return nil
}

// attach answers with a file of the counter's own making.
func attach(w http.ResponseWriter, kind, name string, text []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	w.Write(text) //nolint:errcheck // the reader went away
}

// publish counts a period and shows it to who asked or, when they looked at it
// and say so, to everybody.
func (c *Counter) publish(w http.ResponseWriter, v *visit) error {
	period, err := desk.ParsePeriod(strings.TrimSpace(v.PostForm.Get("period")))
	if err == nil && v.PostForm.Get("do") == "publish" {
		done, _, perr := c.Desk.PublishNumbers(v.ctx(), v.caller(), v.at, period)
		if perr == nil {
			return see(w, v, "/numbers/"+string(done.ID))
		}
		err = perr
	}
	var looked *desk.Publication
	var counted desk.Counted
	if err == nil {
		looked, counted, err = c.Desk.Publication(v.ctx(), v.caller(), v.at, desk.Counting{Period: period})
	}
	if err != nil {
		if _, ok := mistake(err); !ok {
			return err
		}
	}
	body, berr := c.numbersBody(v)
	if berr != nil {
		return berr
	}
	body.Form, body.Shown, body.Erased = v.PostForm, looked, counted.Erased
	if say, ok := mistake(err); ok {
		c.showWrong(w, v, http.StatusUnprocessableEntity, "numbers", body, []wrong{{"period", say}})
		return nil
	}
	c.show(w, v, http.StatusOK, "numbers", body)
	return nil
}

// A reportsBody is the reports an order or a statute asks for, and one of them.
type reportsBody struct {
	IDs    []string
	Report *desk.Report
	Erased int64
	Form   url.Values
}

// reportsPage is where the reports are made that an order or a statute asks
// for: rows, for the people who answer for them.
func (c *Counter) reportsPage(w http.ResponseWriter, v *visit) error {
	if err := c.Desk.MayReport(v.ctx(), v.caller(), v.at); err != nil {
		return nothingHere
	}
	c.show(w, v, http.StatusOK, "numbersreport", reportsBody{IDs: desk.ReportIDs()})
	return nil
}

// makeReport makes one, and shows it or hands it out as a file.
func (c *Counter) makeReport(w http.ResponseWriter, v *visit) error {
	if err := c.Desk.MayReport(v.ctx(), v.caller(), v.at); err != nil {
		return nothingHere
	}
	body := reportsBody{IDs: desk.ReportIDs(), Form: v.PostForm}
	period, err := desk.ParsePeriod(strings.TrimSpace(v.PostForm.Get("period")))
	if err == nil {
		k := desk.Counting{Period: period}
		for line := range strings.Lines(v.PostForm.Get("cleared")) {
			if line = strings.TrimSpace(line); line != "" {
				k.Cleared = append(k.Cleared, line)
			}
		}
		var counted desk.Counted
		body.Report, counted, err = c.Desk.Report(v.ctx(), v.caller(), v.at, v.PostForm.Get("report"), k)
		body.Erased = counted.Erased
	}
	if say, ok := mistake(err); ok {
		body.Report = nil
		c.showWrong(w, v, http.StatusUnprocessableEntity, "numbersreport", body, []wrong{{"period", say}})
		return nil
	}
	if err != nil {
		return err
	}
	name := v.PostForm.Get("do")
	if name == "" || name == "show" {
		c.show(w, v, http.StatusOK, "numbersreport", body)
		return nil
	}
	found := false
	err = body.Report.Files(func(file string, text []byte) error {
		if file == name {
			found = true
			kind := "text/plain; charset=utf-8"
			switch {
			case strings.HasSuffix(file, ".json"):
				kind = "application/json"
			case strings.HasSuffix(file, ".csv"):
				kind = "text/csv; charset=utf-8"
			}
			attach(w, kind, file, text)
		}
		return nil
	})
	if err == nil && !found {
		return nothingHere
	}
	return err
}
