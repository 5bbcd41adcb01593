package web

import (
	"encoding/json"
	"strconv"

	"jurat"
	"jurat/internal/desk"
)

// A recordTypeLine is a type of record, with the order it is from.
type recordTypeLine struct {
	Order string           `json:"order"`
	Type  *desk.RecordType `json:"type"`
}

// A recordBody is what a person enters in a record.
type recordEntry struct {
	Type   string         `json:"type" example:"report"`
	Amends string         `json:"amends,omitempty"`
	Fields map[string]any `json:"fields" doc:"as the type's fields say; sealed ones are split off and never answered"`
}

// A recordAmend is the next version of a record.
type recordAmend struct {
	Fields map[string]any `json:"fields"`
	Reason string         `json:"reason"`
}

// records are the operations on records.
func (a *api) records() {
	const tag = "Records"
	getList(a, "/record-types", "listRecordTypes", tag, "List the types of records the orders in force have, with their fields", func(v *visit, p paged) (list[recordTypeLine], error) {
		orders, err := a.Desk.Orders(v.ctx())
		if err != nil {
			return list[recordTypeLine]{}, err
		}
		var all []recordTypeLine
		for _, o := range orders {
			for _, r := range o.Records {
				all = append(all, recordTypeLine{o.ID, r})
			}
		}
		return pageOf(all, p, func(l recordTypeLine) string { return l.Order + " " + l.Type.ID })
	})
	for _, of := range []struct{ path, id, what string }{{"/incidents/{incident}", "", " of an incident"}, {"", "House", " of the house, which is of no incident"}} {
		a.recordsOf(tag, of.path, of.id, of.what)
	}
	getList(a, "/approvals", "listApprovals", tag, "List the records that wait for somebody else's approval", func(v *visit, p paged) (list[filed[jurat.Record]], error) {
		all, err := a.Desk.Waiting(v.ctx(), v.caller(), v.at)
		if err != nil {
			return list[filed[jurat.Record]]{}, err
		}
		return pageOf(filedOf(all), p, func(r filed[jurat.Record]) string { return string(r.Value.ID) })
	})
}

// recordsOf are the operations on the records of one place: an incident, or the
// house.
func (a *api) recordsOf(tag, path, of, what string) {
	getList(a, path+"/records", "list"+of+"Records", tag, "List the records"+what, func(v *visit, p paged) (list[jurat.Record], error) {
		in, err := v.where()
		if err != nil {
			return list[jurat.Record]{}, err
		}
		all, err := a.Desk.Records(v.ctx(), v.caller(), v.at, in)
		if err != nil {
			return list[jurat.Record]{}, err
		}
		return pageOf(all, p, func(r jurat.Record) string { return string(r.ID) })
	})
	post(a, path+"/records", "add"+of+"Record", tag, "Add a record"+what+", as a draft of yours", func(v *visit, in recordEntry) (filed[jurat.Record], error) {
		number, err := v.where()
		if err != nil {
			return filed[jurat.Record]{}, err
		}
		fields, err := json.Marshal(in.Fields)
		if err != nil {
			return filed[jurat.Record]{}, err
		}
		return did(a.Desk.AddRecord(v.ctx(), v.caller(), v.at, number, desk.Words{Type: jurat.RecordType(in.Type), Amends: jurat.ItemID(in.Amends), Fields: fields}))
	})
	get(a, path+"/records/{record}", "show"+of+"Record", tag, "Show a record"+what, func(v *visit) (jurat.Record, error) {
		return onRecord(v, func(id jurat.ItemID) (jurat.Record, error) {
			return a.Desk.ShowRecord(v.ctx(), v.caller(), v.at, id)
		})
	})
	getList(a, path+"/records/{record}/versions", "list"+of+"Versions", tag, "List every version of a record"+what+", the oldest first", func(v *visit, p paged) (list[jurat.Record], error) {
		return onRecord(v, func(id jurat.ItemID) (list[jurat.Record], error) {
			all, err := a.Desk.RecordVersions(v.ctx(), v.caller(), v.at, id)
			if err != nil {
				return list[jurat.Record]{}, err
			}
			from := 0 // versions are only added: their place is their key
			if p.After != "" {
				if from, err = strconv.Atoi(p.After); err != nil || from < 1 || from > len(all) {
					return list[jurat.Record]{}, jurat.Errorf(jurat.Invalid, "after names nothing in this list; begin again without it")
				}
			}
			return listOf(all[from:], p.Limit, func(jurat.Record) string { return strconv.Itoa(from + p.Limit) }), nil
		})
	})
	post(a, path+"/records/{record}/amend", "amend"+of+"Record", tag, "Write the next version of a record"+what+", with a reason", func(v *visit, in recordAmend) (filed[jurat.Record], error) {
		return onRecord(v, func(id jurat.ItemID) (filed[jurat.Record], error) {
			fields, err := json.Marshal(in.Fields)
			if err != nil {
				return filed[jurat.Record]{}, err
			}
			return did(a.Desk.AmendRecord(v.ctx(), v.caller(), v.at, id, fields, in.Reason))
		})
	})
	post(a, path+"/records/{record}/return", "return"+of+"Record", tag, "Return a record"+what+" to its author, with a reason", func(v *visit, in reasonBody) (filed[jurat.Record], error) {
		return onRecord(v, func(id jurat.ItemID) (filed[jurat.Record], error) {
			return did(a.Desk.ReturnRecord(v.ctx(), v.caller(), v.at, id, in.Reason))
		})
	})
}

// where is the incident an address names; zero for the house's own records.
func (v *visit) where() (jurat.IncidentNumber, error) {
	if v.PathValue("incident") == "" {
		return "", nil
	}
	return v.number()
}

// onRecord does something with the record an address names.
func onRecord[O any](v *visit, do func(jurat.ItemID) (O, error)) (O, error) {
	id, err := v.record()
	if err != nil {
		var none O
		return none, err
	}
	return do(id)
}

// onItem does something with the item of an incident an address names by its
// count.
func onItem[O any](v *visit, noun jurat.Noun, do func(jurat.ItemID) (O, error)) (O, error) {
	id, err := v.item(noun, v.PathValue(string(noun)))
	if err != nil {
		var none O
		return none, err
	}
	return do(id)
}
