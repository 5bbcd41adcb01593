package web

import (
	"time"

	"jurat"
	"jurat/internal/desk"
)

// An orderText is an order file as text.
type orderText struct {
	Name string `json:"name,omitempty" example:"chicago-eo-2026-01.yaml" doc:"how problems name the file"`
	Text string `json:"text" doc:"the file, byte for byte"`
}

func (o orderText) named() string {
	if o.Name == "" {
		return "order.yaml"
	}
	return o.Name
}

// A checkedOrder is what was found of an order file.
type checkedOrder struct {
	Adoptable bool               `json:"adoptable"`
	Order     string             `json:"order,omitempty"`
	Version   jurat.Digest       `json:"version,omitzero"`
	Problems  []orderFinding     `json:"problems"`
	Tests     desk.OrderTests    `json:"tests"`
	Clash     string             `json:"clash,omitempty" doc:"why it cannot stand beside the orders in force"`
	Changes   []desk.OrderChange `json:"changes" doc:"from the version in force"`
}

// An orderFinding is one thing wrong, or doubtful, at one place of an order file.
type orderFinding struct {
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	What     string `json:"what"`
	Expected string `json:"expected,omitempty"`
	Hint     string `json:"hint,omitempty"`
	Warning  bool   `json:"warning,omitempty" doc:"the file is not refused for it"`
}

// A restateBody is an entry for an order's status history.
type restateBody struct {
	State     string    `json:"state" example:"stayed"`
	At        time.Time `json:"at" doc:"from which minute it holds"`
	Authority string    `json:"authority"`
	Source    string    `json:"source"`
	Address   string    `json:"address,omitempty"`
	Kind      string    `json:"kind" example:"court"`
	Basis     string    `json:"basis" enum:"stated,reported"`
	Duties    []string  `json:"duties,omitempty" maxItems:"500" doc:"enjoined in part: those suspended"`
	Note      string    `json:"note,omitempty"`
}

// A versionLine is a version of an order as it was adopted.
type versionLine struct {
	Version jurat.Digest  `json:"version"`
	Adopted time.Time     `json:"adopted_at"`
	Event   jurat.EventID `json:"event"`
}

// An adoptedOrder is an order that is in force from now on.
type adoptedOrder struct {
	Order   string        `json:"order"`
	Version jurat.Digest  `json:"version"`
	Event   jurat.EventID `json:"event"`
}

func adoptedOf(o *desk.Order, done desk.Done, err error) (adoptedOrder, error) {
	if err != nil {
		return adoptedOrder{}, err
	}
	return adoptedOrder{o.ID, o.Digest, done.Event}, nil
}

// adoption are the operations on versions of orders.
func (a *api) adoption() {
	const tag = "Orders"
	getList(a, "/orders/{order}/versions", "listOrderVersions", tag, "List the versions of an order that were adopted here, the newest last", func(v *visit, p paged) (list[versionLine], error) {
		all, err := a.Desk.OrderVersions(v.ctx(), v.PathValue("order"))
		out := make([]versionLine, 0, len(all))
		for _, o := range all {
			out = append(out, versionLine{o.Digest, o.Adopted, o.Event})
		}
		return paging(out, err, p, func(l versionLine) string { return string(l.Event) })
	})
	get(a, "/orders/{order}/changes", "showOrderChanges", tag, "Show what the version in force says otherwise than the one before it", func(v *visit) (list[desk.OrderChange], error) {
		all, err := a.Desk.OrderVersions(v.ctx(), v.PathValue("order"))
		if err != nil || len(all) < 2 {
			return list[desk.OrderChange]{Items: []desk.OrderChange{}}, err
		}
		changes := desk.DiffOrders(all[len(all)-2].Order, all[len(all)-1].Order)
		return listOf(changes, len(changes), nil), nil
	})
	post(a, "/orders/check", "checkOrder", tag, "Check an order file, run its tests, and set it beside the orders in force; nothing is adopted", func(v *visit, in orderText) (checkedOrder, error) {
		found, err := a.Desk.CheckOrder(v.ctx(), v.caller(), v.at, in.named(), []byte(in.Text))
		out := checkedOrder{Adoptable: found.Adoptable(), Problems: []orderFinding{}, Tests: found.Tests, Clash: found.Clash, Changes: append([]desk.OrderChange{}, found.Changes...)}
		for _, p := range found.Problems {
			out.Problems = append(out.Problems, orderFinding{p.Line, p.Column, p.What, p.Expected, p.Hint, p.Warning})
		}
		if found.Order != nil {
			out.Order, out.Version = found.Order.ID, found.Order.Digest
		}
		return out, err
	})
	post(a, "/orders/adopt", "adoptOrder", tag, "Put an order file in force in this record", func(v *visit, in orderText) (adoptedOrder, error) {
		return adoptedOf(a.Desk.AdoptOrder(v.ctx(), v.caller(), v.at, in.named(), []byte(in.Text)))
	})
	post(a, "/orders/{order}/status", "restateOrder", tag, "Add an entry to the status history of an order, such as that a court stayed it", func(v *visit, in restateBody) (adoptedOrder, error) {
		return adoptedOf(a.Desk.RestateOrder(v.ctx(), v.caller(), v.at, v.PathValue("order"), desk.Restatement{
			State: desk.Standing(in.State), At: in.At, Authority: in.Authority, Duties: in.Duties, Basis: desk.Basis(in.Basis),
			Source: in.Source, Address: in.Address, Kind: in.Kind, Note: in.Note,
		}))
	})
}
