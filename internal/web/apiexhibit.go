package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"jurat"
	"jurat/internal/desk"
)

// A checked is what reading every byte of an exhibit found.
type checked struct {
	Exhibit jurat.Exhibit `json:"exhibit"`
	Answer  string        `json:"answer" doc:"intact, altered, could not tell"`
	Why     string        `json:"why,omitempty"`
}

// A flagBody is the grounds to keep an exhibit.
type flagBody struct {
	Grounds []string `json:"grounds" minItems:"1" maxItems:"50" example:"[\"evidentiary_value\"]"`
}

// A confirmBody is the other holder's word.
type confirmBody struct {
	Word string `json:"word" doc:"whose word that the flag stands there, and how it came"`
}

// A locateBody is an exhibit held in another system.
type locateBody struct {
	Kind     string   `json:"kind,omitempty" doc:"absent: other"`
	System   string   `json:"system"`
	Key      string   `json:"key"`
	Recorded spanBody `json:"recorded,omitzero"`
}

// A clockBody is how far an exhibit's clock was ahead of the common one.
type clockBody struct {
	Offset *int64             `json:"offset_ms,omitempty" doc:"milliseconds the device was ahead, negative behind; absent: not known" example:"4250" minimum:"-3153600000000" maximum:"3153600000000"`
	Source jurat.OffsetSource `json:"source" enum:"metadata,shared_event,hand" doc:"how it is known"`
	Reason string             `json:"reason" minLength:"1" doc:"what was compared, or why it is not known"`
	Begins time.Time          `json:"begins,omitzero" doc:"when the recording begins by its own clock, where nobody stated it"`
}

// A markBody is a note at a moment of an exhibit, or at a stretch of it.
type markBody struct {
	From   int64        `json:"from_ms" minimum:"0" doc:"milliseconds into the recording" example:"62500"`
	To     int64        `json:"to_ms,omitempty" minimum:"0" doc:"the end of the stretch; absent: a moment"`
	Note   string       `json:"note" minLength:"1" doc:"what is to be seen or heard; people are slots"`
	Amends jurat.ItemID `json:"amends,omitempty" doc:"the mark it is in place of; both stay" example:"2026-000001-M1"`
}

// A viewingBody is to whom footage opens before their report, and why.
type viewingBody struct {
	Member jurat.PersonID `json:"member" minLength:"1" example:"officer-4471"`
	Reason string         `json:"reason" minLength:"1"`
}

// exhibits are the operations on exhibits. Bytes come in another way.
func (a *api) exhibits() {
	const tag = "Exhibits"
	getList(a, "/incidents/{incident}/exhibits", "listExhibits", tag, "List the exhibits of an incident, here and elsewhere", func(v *visit, p paged) (list[filed[jurat.Exhibit]], error) {
		view, err := a.shown(v)
		if err != nil {
			return list[filed[jurat.Exhibit]]{}, err
		}
		return pageOf(filedOf(view.Exhibits), p, func(x filed[jurat.Exhibit]) string { return string(x.Value.ID) })
	})
	get(a, "/incidents/{incident}/exhibits/{exhibit}", "showExhibit", tag, "Show what is known about an exhibit", func(v *visit) (filed[jurat.Exhibit], error) {
		return onItem(v, jurat.NounExhibit, func(id jurat.ItemID) (filed[jurat.Exhibit], error) {
			view, err := a.shown(v)
			if err != nil {
				return filed[jurat.Exhibit]{}, err
			}
			i := slices.IndexFunc(view.Exhibits, func(x desk.Shown[jurat.Exhibit]) bool { return x.Value.ID == id })
			if i < 0 {
				return filed[jurat.Exhibit]{}, nothingHere
			}
			return filedOf(view.Exhibits[i : i+1])[0], nil
		})
	})
	a.bytes(tag)
	postBare(a, "/incidents/{incident}/exhibits/{exhibit}/verify", "verifyExhibit", tag, "Read every byte of an exhibit now, and put the answer in its custody", func(v *visit) (checked, error) {
		return onItem(v, jurat.NounExhibit, func(id jurat.ItemID) (checked, error) {
			x, said, cause, err := a.Desk.VerifyExhibit(v.ctx(), v.caller(), v.at, id)
			out := checked{Exhibit: x, Answer: said}
			if e, ok := errors.AsType[*jurat.Error](cause); ok {
				out.Why = e.Detail
			}
			return out, err
		})
	})
	post(a, "/incidents/{incident}/exhibits/{exhibit}/flag", "flagExhibit", tag, "Flag an exhibit to be kept", func(v *visit, in flagBody) (filed[jurat.Flag], error) {
		return onItem(v, jurat.NounExhibit, func(id jurat.ItemID) (filed[jurat.Flag], error) {
			return did(a.Desk.AddFlag(v.ctx(), v.caller(), v.at, id, in.Grounds))
		})
	})
	post(a, "/incidents/{incident}/exhibits/{exhibit}/confirm", "confirmExhibit", tag, "Record the other holder's word that the flag stands there", func(v *visit, in confirmBody) (filed[jurat.Exhibit], error) {
		return onItem(v, jurat.NounExhibit, func(id jurat.ItemID) (filed[jurat.Exhibit], error) {
			return did(a.Desk.ConfirmExhibit(v.ctx(), v.caller(), v.at, id, in.Word))
		})
	})
	post(a, "/incidents/{incident}/exhibits/{exhibit}/clock", "timeExhibit", tag, "Record how far an exhibit's clock was ahead; what was recorded before stays", func(v *visit, in clockBody) (filed[jurat.Exhibit], error) {
		return onItem(v, jurat.NounExhibit, func(id jurat.ItemID) (filed[jurat.Exhibit], error) {
			t := jurat.Timing{Source: in.Source, Reason: in.Reason, From: in.Begins}
			if in.Offset != nil {
				d := time.Duration(*in.Offset) * time.Millisecond
				t.Offset = &d
			}
			return did(a.Desk.TimeExhibit(v.ctx(), v.caller(), v.at, id, t))
		})
	})
	getList(a, "/incidents/{incident}/viewings", "listViewings", tag, "List to whom an incident's footage was opened before their report", func(v *visit, p paged) (list[filed[jurat.Viewing]], error) {
		view, err := a.shown(v)
		if err != nil {
			return list[filed[jurat.Viewing]]{}, err
		}
		return pageOf(filedOf(view.Viewings), p, func(l filed[jurat.Viewing]) string { return string(l.Value.ID) })
	})
	post(a, "/incidents/{incident}/viewings", "releaseViewing", tag, "Open an incident's footage to a member before their report, where an order has the report first", func(v *visit, in viewingBody) (filed[jurat.Viewing], error) {
		number, err := v.number()
		if err != nil {
			return filed[jurat.Viewing]{}, err
		}
		return did(a.Desk.ReleaseViewing(v.ctx(), v.caller(), v.at, number, in.Member, in.Reason))
	})
	getList(a, "/incidents/{incident}/marks", "listMarks", tag, "List the marks on an incident's exhibits", func(v *visit, p paged) (list[filed[jurat.Mark]], error) {
		view, err := a.shown(v)
		if err != nil {
			return list[filed[jurat.Mark]]{}, err
		}
		return pageOf(filedOf(view.Marks), p, func(m filed[jurat.Mark]) string { return string(m.Value.ID) })
	})
	post(a, "/incidents/{incident}/exhibits/{exhibit}/marks", "addMark", tag, "Mark a moment of an exhibit", func(v *visit, in markBody) (filed[jurat.Mark], error) {
		return onItem(v, jurat.NounExhibit, func(id jurat.ItemID) (filed[jurat.Mark], error) {
			return did(a.Desk.AddMark(v.ctx(), v.caller(), v.at, id, jurat.Marking{From: in.From, To: in.To, Note: in.Note}, in.Amends))
		})
	})
	post(a, "/incidents/{incident}/located", "locateExhibit", tag, "Record an exhibit held in another system under its key there", func(v *visit, in locateBody) (filed[jurat.Exhibit], error) {
		number, err := v.number()
		if err != nil {
			return filed[jurat.Exhibit]{}, err
		}
		if in.Kind == "" {
			in.Kind = "other"
		}
		return did(a.Desk.LocateExhibit(v.ctx(), v.caller(), v.at, number, jurat.Arrival{Kind: in.Kind, System: in.System, Key: in.Key, Recorded: in.Recorded.span()}))
	})
	getList(a, "/footage", "listFootage", tag, "List the footage on its way to its last day, the earliest first", func(v *visit, p paged) (list[desk.FootageLine], error) {
		all, err := a.Desk.Footage(v.ctx(), v.caller(), v.at, time.Time{}, false)
		return paging(all.Lines, err, p, footageKey)
	})
	getList(a, "/footage/gaps", "listFootageGaps", tag, "List the footage that the rosters and dispatch tables of the last thirty days lead to expect, and that is not on record", func(v *visit, p paged) (list[desk.FootageGap], error) {
		all, err := a.missingFootage(v)
		return paging(all, err, p, gapKey)
	})
}

// bytes hands out the bytes of an exhibit, or the range asked for.
func (a *api) bytes(tag string) {
	op := a.operation(http.MethodGet, "/incidents/{incident}/exhibits/{exhibit}/bytes", "readExhibit", tag, "Read the bytes of an exhibit, or the range asked for; each part is checked before it leaves")
	op.Parameters = append(op.Parameters, &huma.Param{Name: "Range", In: "header", Description: "RFC 9110, section 14.2", Example: "bytes=0-1023", Schema: &huma.Schema{Type: huma.TypeString}})
	file := map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}
	op.Responses["200"] = &huma.Response{Description: "The bytes", Content: file}
	op.Responses["206"] = &huma.Response{Description: "A range of them", Content: file}
	huma.Register(a.huma, op, func(ctx context.Context, _ *struct{}) (*huma.StreamResponse, error) {
		v := visitOf(ctx)
		id, err := v.item(jurat.NounExhibit, v.PathValue("exhibit"))
		if err != nil {
			return nil, a.said(v.Request, err)
		}
		x, r, err := a.Desk.ReadExhibit(v.ctx(), v.caller(), v.at, id)
		if err != nil {
			return nil, a.said(v.Request, err)
		}
		return &huma.StreamResponse{Body: func(h huma.Context) {
			defer r.Close() //nolint:errcheck // nothing was written
			request, w := humago.Unwrap(h)
			w.Header().Set("Content-Type", "application/octet-stream")
			w.Header().Set("Content-Disposition", `attachment; filename="`+string(id)+extension(x.Media)+`"`)
			w.Header().Set("ETag", `"`+x.Digest.String()+`"`)
			http.ServeContent(w, request, "", x.ReceivedAt, r)
		}}, nil
	})
}
