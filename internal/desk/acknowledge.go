package desk

import (
	"context"
	"encoding/base64"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/register"
)

// An Acknowledgement is what whoever handed a report in keeps: the leaf under
// the office's signature with its disclosures, and the office's promise that the
// leaf is in its log within a day. If it is not, both together prove that it was
// left out (design §6). The sealed parts are not in it.
type Acknowledgement struct {
	Incident     jurat.IncidentNumber `json:"incident"`
	Report       jurat.ItemID         `json:"report"`
	Event        jurat.EventID        `json:"event"`
	Act          jurat.Act            `json:"act"`
	Presentation string               `json:"presentation"` // SD-JWT (RFC 9901)
	Promise      string               `json:"promise"`      // compact JWS, [format.TypPromise]
	Leaf         string               `json:"leaf"`         // hash, base64
	By           time.Time            `json:"by"`
}

// allClaims are what a leaf says; who filed a report may see all of it.
var allClaims = [...]format.Claim{
	format.ClaimID, format.ClaimAt, format.ClaimAct, format.ClaimActor, format.ClaimOrder, format.ClaimPayload,
	format.ClaimIncident, format.ClaimIncidentSeq, format.ClaimIncidentPrev, format.ClaimActorProof,
}

// Acknowledge gives the acknowledgement of a report the caller handed in from
// this draft: of its newest event, which is its submission once it was signed.
// The promise is dated from that event, so that asking again promises the same.
// NotFound: no such draft of theirs was handed in.
func (d *Desk) Acknowledge(ctx context.Context, c Caller, at time.Time, draft string) (Acknowledgement, error) {
	var a Acknowledgement
	err := d.ownDraft(ctx, c, at, func(tx *register.Tx, h hand) error {
		was, err := d.draft(tx, h.Person, draft)
		if err != nil {
			return err
		}
		if was.Filed == nil || was.Filed.Report == "" {
			return jurat.Errorf(jurat.NotFound, "there is no draft %q of yours that was handed in", draft)
		}
		events, err := tx.EventsOf(jurat.Item{Noun: jurat.NounRecord, ID: was.Filed.Report})
		if err != nil {
			return err
		}
		var row register.EventRow
		for _, e := range events {
			if e.Person == h.Person && (e.Act == jurat.RecordAdded || e.Act == jurat.RecordAmended || e.Act == jurat.RecordSubmitted) {
				row = e
			}
		}
		if row.ID == "" {
			return jurat.Errorf(jurat.NotFound, "nothing is left of report %s", was.Filed.Report)
		}
		a, err = d.acknowledge(*was.Filed, row)
		return err
	})
	if err != nil {
		return Acknowledgement{}, err
	}
	return a, nil
}

func (d *Desk) acknowledge(filed Filed, row register.EventRow) (Acknowledgement, error) {
	st, err := statement(row)
	if err != nil {
		return Acknowledgement{}, err
	}
	var ds []format.Disclosure
	for _, claim := range allClaims {
		if one, ok := st.Claims[claim]; ok {
			ds = append(ds, one)
			if claim == format.ClaimPayload && row.Open != "" {
				ds = append(ds, row.Open)
			}
		}
	}
	hash := format.LeafHash(row.Leaf)
	leaf := base64.StdEncoding.EncodeToString(hash[:])
	promise := format.Promise{Version: format.PromiseVersion, Origin: d.origin, Event: row.ID, Leaf: leaf, At: st.At, By: st.At.Add(format.PromiseLasts)}
	word, err := promise.Sign(d.office)
	if err != nil {
		return Acknowledgement{}, err
	}
	return Acknowledgement{
		Incident: filed.Incident, Report: filed.Report, Event: row.ID, Act: row.Act, Leaf: leaf, By: promise.By,
		Presentation: format.Present(format.SignJWS(d.office, format.TypEvent, row.Leaf), ds), Promise: word,
	}, nil
}
