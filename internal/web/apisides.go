package web

import (
	"encoding/json"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// A partyBody is what is known of a person, as a slot.
type partyBody struct {
	Slot        string `json:"slot" example:"Supervisor 1"`
	Capacity    string `json:"capacity,omitempty" example:"supervisor_on_scene"`
	Agency      string `json:"agency,omitempty"`
	AgencyBasis string `json:"agency_basis,omitempty"`
	Masked      string `json:"masked,omitempty" doc:"yes, no, unknown"`
	VisibleID   string `json:"visible_id,omitempty" doc:"yes, no, unknown"`
	Name        string `json:"name,omitempty" doc:"goes under seal and is never answered"`
	Badge       string `json:"badge,omitempty" doc:"goes under seal and is never answered"`
	Contact     string `json:"contact,omitempty" doc:"goes under seal and is never answered"`
}

func (p partyBody) particulars() jurat.Particulars {
	return jurat.Particulars{
		Slot: p.Slot, Capacity: p.Capacity, Agency: p.Agency, AgencyBasis: jurat.Knowledge(p.AgencyBasis), Masked: jurat.Answer(p.Masked), VisibleID: jurat.Answer(p.VisibleID),
		Name: p.Name, Badge: p.Badge, Contact: p.Contact,
	}
}

// A partyAmend is more, or other, about a slot.
type partyAmend struct {
	PartyFields
	Reason string `json:"reason"`
}

// PartyFields lets an amendment have the fields of a slot beside its own.
type PartyFields = partyBody

// An accountBody is a side whose account is asked for.
type accountBody struct {
	Side  string `json:"side" example:"agency_spokesperson"`
	Party string `json:"party,omitempty" doc:"id of the slot, where it is one's"`
	How   string `json:"how,omitempty" doc:"how it was asked; absent: not yet"`
}

// An accountAct is what came of asking a side.
type accountAct struct {
	Act       string `json:"act" enum:"asked,given,no_answer,declined,released,withheld"`
	Words     string `json:"words,omitempty" doc:"how it was asked, what was said, or why"`
	Verbatim  string `json:"verbatim,omitempty"`
	Source    string `json:"source,omitempty"`
	Language  string `json:"language,omitempty"`
	Compelled bool   `json:"compelled,omitempty"`
}

// An allegationBody is an allegation of an offence.
type allegationBody struct {
	Offence string `json:"offence" doc:"of the order's table, or in words"`
	Actor   string `json:"actor,omitempty" doc:"federal, local, other, unknown"`
	Party   string `json:"party,omitempty"`
}

// A weightBody is what is added to one element.
type weightBody struct {
	Element string    `json:"element"`
	Side    string    `json:"side" enum:"for,against,none_known,none_for,not_known,looked" doc:"none_known: you know of none against it; none_for: of none for it; not_known: what is not known of it; looked: you looked at it again, and add nothing"`
	Item    string    `json:"item,omitempty" example:"2026-000001-E1"`
	Note    string    `json:"note,omitempty"`
	From    *int      `json:"from_s,omitempty" minimum:"0" doc:"seconds into a recording"`
	To      *int      `json:"to_s,omitempty" minimum:"0"`
	What    string    `json:"what,omitempty" doc:"of not_known: what is not known"`
	State   string    `json:"state,omitempty" doc:"of not_known: not_asked, asked, not_known"`
	Asked   string    `json:"asked,omitempty" doc:"who was asked: an office or a slot"`
	AskedAt time.Time `json:"asked_at,omitzero"`
	Account string    `json:"account,omitempty" doc:"id of the side's account, where it is one's"`
}

// An offenceBody is an offence of an order's table.
type offenceBody struct {
	Offence string `json:"offence" doc:"its id in the table"`
}

// A holdBody is a hold on everything of an incident, or on some of it.
type holdBody struct {
	Matter string   `json:"matter"`
	Scope  []string `json:"scope,omitempty" maxItems:"1000"`
}

// A contactBody is a contact with a political office about the case.
type contactBody struct {
	Office   string    `json:"office"`
	What     string    `json:"what"`
	When     time.Time `json:"when,omitzero" doc:"absent: now"`
	Document string    `json:"document,omitempty"`
}

// sides are the operations on who was there, what each side said and what is
// alleged; on holds, contacts and sealed parts.
func (a *api) sides() {
	const tag = "Sides"
	post(a, "/incidents/{incident}/parties", "addParty", tag, "Add a person as a slot", func(v *visit, in partyBody) (filed[jurat.Party], error) {
		number, err := v.number()
		if err != nil {
			return filed[jurat.Party]{}, err
		}
		return did(a.Desk.AddParty(v.ctx(), v.caller(), v.at, number, in.particulars()))
	})
	post(a, "/incidents/{incident}/parties/{party}/amend", "amendParty", tag, "State more, or other, about a slot, with a reason", func(v *visit, in partyAmend) (filed[jurat.Party], error) {
		return onItem(v, jurat.NounParty, func(id jurat.ItemID) (filed[jurat.Party], error) {
			return did(a.Desk.AmendParty(v.ctx(), v.caller(), v.at, id, in.particulars(), in.Reason))
		})
	})
	post(a, "/incidents/{incident}/accounts", "openAccount", tag, "Note a side, and that it was asked", func(v *visit, in accountBody) (filed[jurat.Account], error) {
		number, err := v.number()
		if err != nil {
			return filed[jurat.Account]{}, err
		}
		return did(a.Desk.OpenAccount(v.ctx(), v.caller(), v.at, number, in.Side, jurat.ItemID(in.Party), in.How))
	})
	post(a, "/incidents/{incident}/accounts/{account}", "actOnAccount", tag, "Record what came of asking a side; silence is no refusal", func(v *visit, in accountAct) (filed[jurat.Account], error) {
		return onItem(v, jurat.NounAccount, func(id jurat.ItemID) (filed[jurat.Account], error) {
			switch in.Act {
			case "asked":
				return did(a.Desk.AskAccount(v.ctx(), v.caller(), v.at, id, in.Words))
			case "given":
				return did(a.Desk.GiveAccount(v.ctx(), v.caller(), v.at, id, jurat.Statement{Text: in.Words, Verbatim: jurat.Answer(in.Verbatim), Source: in.Source, Language: in.Language, Compelled: in.Compelled}))
			case "no_answer":
				return did(a.Desk.NoAnswer(v.ctx(), v.caller(), v.at, id))
			case "declined":
				return did(a.Desk.DeclineAccount(v.ctx(), v.caller(), v.at, id, in.Words))
			}
			return did(a.Desk.ScreenAccount(v.ctx(), v.caller(), v.at, id, in.Act == "released", in.Words))
		})
	})
	post(a, "/incidents/{incident}/allegations", "addAllegation", tag, "Add an allegation", func(v *visit, in allegationBody) (filed[jurat.Allegation], error) {
		number, err := v.number()
		if err != nil {
			return filed[jurat.Allegation]{}, err
		}
		if in.Actor == "" {
			in.Actor = "unknown"
		}
		return did(a.Desk.AddAllegation(v.ctx(), v.caller(), v.at, number, in.Offence, jurat.ActorKind(in.Actor), jurat.ItemID(in.Party)))
	})
	post(a, "/incidents/{incident}/allegations/{allegation}", "weighAllegation", tag, "Add to an element: evidence, your word that you know of none on a side, or what is not known", func(v *visit, in weightBody) (filed[jurat.Allegation], error) {
		return onItem(v, jurat.NounAllegation, func(id jurat.ItemID) (filed[jurat.Allegation], error) {
			w, err := in.weight()
			if err != nil {
				return filed[jurat.Allegation]{}, err
			}
			return did(a.Desk.WeighAllegation(v.ctx(), v.caller(), v.at, id, w))
		})
	})
	post(a, "/incidents/{incident}/allegations/{allegation}/map", "mapAllegation", tag, "Put an allegation kept in words under an offence of the order's table", func(v *visit, in offenceBody) (filed[jurat.Allegation], error) {
		return onItem(v, jurat.NounAllegation, func(id jurat.ItemID) (filed[jurat.Allegation], error) {
			return did(a.Desk.MapAllegation(v.ctx(), v.caller(), v.at, id, in.Offence))
		})
	})
	post(a, "/incidents/{incident}/holds", "placeHold", tag, "Place a hold", func(v *visit, in holdBody) (filed[jurat.Hold], error) {
		number, err := v.number()
		if err != nil {
			return filed[jurat.Hold]{}, err
		}
		var scope []jurat.ItemID
		for _, one := range in.Scope {
			scope = append(scope, jurat.ItemID(one))
		}
		return did(a.Desk.PlaceHold(v.ctx(), v.caller(), v.at, number, in.Matter, scope))
	})
	post(a, "/incidents/{incident}/holds/{hold}/release", "releaseHold", tag, "Release a hold, with a reason", func(v *visit, in reasonBody) (filed[jurat.Hold], error) {
		return onItem(v, jurat.NounHold, func(id jurat.ItemID) (filed[jurat.Hold], error) {
			return did(a.Desk.ReleaseHold(v.ctx(), v.caller(), v.at, id, in.Reason))
		})
	})
	post(a, "/incidents/{incident}/contacts", "recordContact", tag, "Record a contact with a political office about the case", func(v *visit, in contactBody) (filed[jurat.Contact], error) {
		number, err := v.number()
		if err != nil {
			return filed[jurat.Contact]{}, err
		}
		if in.When.IsZero() {
			in.When = v.at
		}
		return did(a.Desk.RecordContact(v.ctx(), v.caller(), v.at, number, in.Office, in.What, in.When, jurat.ItemID(in.Document)))
	})
	post(a, "/incidents/{incident}/sealed/{item}/{class}", "openSealed", tag, "Open a sealed part, with a reason: an event each time", func(v *visit, in reasonBody) (json.RawMessage, error) {
		part, err := a.sealedBody(v)
		if err != nil {
			return nil, err
		}
		return a.Desk.OpenSealed(v.ctx(), v.caller(), v.at, part.Item, part.Class, in.Reason)
	})
}

func (w weightBody) weight() (desk.Weight, error) {
	out := desk.Weight{Element: w.Element}
	switch w.Side {
	case "none_known":
		out.NoneKnown = true
	case "none_for":
		out.NoneFor = true
	case "looked":
		out.Looked = true
	case "not_known":
		out.NotKnown = []jurat.NotKnown{{What: w.What, State: jurat.Asking(w.State), Asked: w.Asked, AskedAt: w.AskedAt, Account: jurat.ItemID(w.Account)}}
	default:
		item, err := jurat.ParseItem(w.Item)
		if err != nil {
			return out, err
		}
		one := []jurat.Evidence{{Item: item, Note: w.Note, From: w.From, To: w.To}}
		if w.Side == "for" {
			out.For = one
		} else {
			out.Against = one
		}
	}
	return out, nil
}
