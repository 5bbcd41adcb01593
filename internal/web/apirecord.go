package web

import (
	"encoding/json"

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
	get(a, "/record-types", "listRecordTypes", tag, "List the types of records the orders in force have, with their fields", func(v *visit) (list[recordTypeLine], error) {
		orders, err := a.Desk.Orders(v.ctx())
		out := list[recordTypeLine]{Items: []recordTypeLine{}}
		for _, o := range orders {
			for _, r := range o.Records {
				out.Items = append(out.Items, recordTypeLine{o.ID, r})
			}
		}
		return out, err
	})
	get(a, "/incidents/{incident}/records", "listRecords", tag, "List the records of an incident", func(v *visit) (list[jurat.Record], error) {
		in, err := v.number()
		if err != nil {
			return list[jurat.Record]{}, err
		}
		all, err := a.Desk.Records(v.ctx(), v.caller(), v.at, in)
		return listOf(all, len(all), nil), err
	})
	post(a, "/incidents/{incident}/records", "addRecord", tag, "Add a record as a draft of yours", func(v *visit, in recordEntry) (filed[jurat.Record], error) {
		number, err := v.number()
		if err != nil {
			return filed[jurat.Record]{}, err
		}
		fields, err := json.Marshal(in.Fields)
		if err != nil {
			return filed[jurat.Record]{}, err
		}
		return did(a.Desk.AddRecord(v.ctx(), v.caller(), v.at, number, desk.Words{Type: jurat.RecordType(in.Type), Amends: jurat.ItemID(in.Amends), Fields: fields}))
	})
	get(a, "/incidents/{incident}/records/{record}", "showRecord", tag, "Show a record", func(v *visit) (jurat.Record, error) {
		return onItem(v, jurat.NounRecord, func(id jurat.ItemID) (jurat.Record, error) {
			return a.Desk.ShowRecord(v.ctx(), v.caller(), v.at, id)
		})
	})
	get(a, "/incidents/{incident}/records/{record}/versions", "listVersions", tag, "List every version of a record, the oldest first", func(v *visit) (list[jurat.Record], error) {
		return onItem(v, jurat.NounRecord, func(id jurat.ItemID) (list[jurat.Record], error) {
			all, err := a.Desk.RecordVersions(v.ctx(), v.caller(), v.at, id)
			return listOf(all, len(all), nil), err
		})
	})
	post(a, "/incidents/{incident}/records/{record}/amend", "amendRecord", tag, "Write the next version of a record, with a reason", func(v *visit, in recordAmend) (filed[jurat.Record], error) {
		return onItem(v, jurat.NounRecord, func(id jurat.ItemID) (filed[jurat.Record], error) {
			fields, err := json.Marshal(in.Fields)
			if err != nil {
				return filed[jurat.Record]{}, err
			}
			return did(a.Desk.AmendRecord(v.ctx(), v.caller(), v.at, id, fields, in.Reason))
		})
	})
	post(a, "/incidents/{incident}/records/{record}/return", "returnRecord", tag, "Return a record to its author, with a reason", func(v *visit, in reasonBody) (filed[jurat.Record], error) {
		return onItem(v, jurat.NounRecord, func(id jurat.ItemID) (filed[jurat.Record], error) {
			return did(a.Desk.ReturnRecord(v.ctx(), v.caller(), v.at, id, in.Reason))
		})
	})
	get(a, "/approvals", "listApprovals", tag, "List the records that wait for somebody else's approval", func(v *visit) (list[filed[jurat.Record]], error) {
		all, err := a.Desk.Waiting(v.ctx(), v.caller(), v.at)
		return listOf(filedOf(all), len(all), nil), err
	})
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
