package web

import (
	"net/http"
	"net/url"
	"slices"

	"jurat"
	"jurat/internal/desk"
)

// A retentionBody is the plan of disposal, and the disposals there are.
type retentionBody struct {
	Lines     []desk.Disposable
	Count     int
	State     string // narrowed to
	Next      string
	Later     bool
	Ready     []disposable // by incident: what may go now
	Disposals []jurat.Disposal
	First     bool // the reader approves first
	Second    bool // the reader approves second, and so erases
	Withdraws bool
	Form      url.Values
	Failed    jurat.ItemID
	Words     *vocabulary
}

// A disposable is an incident with what may be disposed of in it.
type disposable struct {
	Incident jurat.IncidentNumber
	Exhibits []desk.Disposable
}

// planned is how many lines of the plan a page has.
const planned = 100

// retention shows of every exhibit which schedule reaches it and what protects
// it, and the disposals that two people decide. Nothing is ever deleted by
// itself.
func (c *Counter) retention(w http.ResponseWriter, v *visit) error {
	body, err := c.retentionBody(v)
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "retention", body)
	return nil
}

func (c *Counter) retentionBody(v *visit) (retentionBody, error) {
	role := v.who.Person.Role
	body := retentionBody{First: role == jurat.RoleRecords, Second: role == jurat.RoleCounsel || role == jurat.RoleProsecutor || role == jurat.RoleSupervisor && v.who.Person.Sworn}
	body.Withdraws = body.First || body.Second
	all, err := c.Desk.PlanDisposal(v.ctx(), v.caller(), v.at, desk.Planning{})
	if err != nil {
		return body, err
	}
	for _, l := range all {
		if l.State != desk.PlanReached {
			continue
		}
		i := slices.IndexFunc(body.Ready, func(d disposable) bool { return d.Incident == l.Incident })
		if i < 0 {
			i = len(body.Ready)
			body.Ready = append(body.Ready, disposable{Incident: l.Incident})
		}
		body.Ready[i].Exhibits = append(body.Ready[i].Exhibits, l)
	}
	if body.State = v.URL.Query().Get("state"); body.State != "" {
		all = slices.DeleteFunc(all, func(l desk.Disposable) bool {
			return l.State != body.State && !(body.State == "overdue" && l.Overdue)
		})
	}
	body.Count = len(all)
	body.Lines, body.Next, body.Later = pageAfter(all, v.URL.Query().Get("after"), planned, func(l desk.Disposable) string { return string(l.Exhibit) })
	if body.Disposals, err = c.Desk.AllDisposals(v.ctx(), v.caller(), v.at); err != nil {
		return body, err
	}
	body.Words, err = c.vocabulary(v)
	return body, err
}
