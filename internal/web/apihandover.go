package web

import (
	"slices"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// A howBody says how something was told.
type howBody struct {
	How string `json:"how"`
}

// A receivedBody is what another office answered: a signed letter, or what was
// heard by other means.
type receivedBody struct {
	Letter string    `json:"letter,omitempty" doc:"signed by the office; the rest is then not read"`
	State  string    `json:"state,omitempty"`
	When   time.Time `json:"when,omitzero"`
	Reason string    `json:"reason,omitempty"`
}

// A receiptBody is a receipt: a signed letter, or words.
type receiptBody struct {
	Letter string `json:"letter,omitempty"`
	Words  string `json:"words,omitempty"`
}

// A letterText is a letter an office signed.
type letterText struct {
	Letter string `json:"letter"`
}

// handOver are the operations on referrals and dossiers that nobody signs; those
// that are signed are at /unsigned.
func (a *api) handOver() {
	const tag = "Handing over"
	getList(a, "/referrals", "listReferrals", tag, "List the referrals, those begun last first: their state, when they were sent, and what was answered", func(v *visit, p paged) (list[desk.ReferralLine], error) {
		all, err := a.Desk.Referrals(v.ctx(), v.caller(), v.at)
		return paging(all, err, p, referralKey)
	})
	post(a, "/incidents/{incident}/referrals/{referral}/notice", "notifyReferral", tag, "Record an early word to the receiving office", func(v *visit, in howBody) (filed[jurat.Referral], error) {
		return onItem(v, jurat.NounReferral, func(id jurat.ItemID) (filed[jurat.Referral], error) {
			return did(a.Desk.NotifyReferral(v.ctx(), v.caller(), v.at, id, in.How))
		})
	})
	post(a, "/incidents/{incident}/referrals/{referral}/withdraw", "withdrawReferral", tag, "Withdraw a referral that was not sent, with a reason", func(v *visit, in reasonBody) (filed[jurat.Referral], error) {
		return onItem(v, jurat.NounReferral, func(id jurat.ItemID) (filed[jurat.Referral], error) {
			return did(a.Desk.WithdrawReferral(v.ctx(), v.caller(), v.at, id, in.Reason))
		})
	})
	post(a, "/incidents/{incident}/referrals/{referral}/answer", "answerReferral", tag, "Record what the receiving office answered", func(v *visit, in receivedBody) (filed[jurat.Referral], error) {
		return onItem(v, jurat.NounReferral, func(id jurat.ItemID) (filed[jurat.Referral], error) {
			if in.Letter != "" {
				return did(a.Desk.ImportDecision(v.ctx(), v.caller(), v.at, in.Letter))
			}
			return did(a.Desk.ReportAnswer(v.ctx(), v.caller(), v.at, id, jurat.ReceivedWord{State: jurat.ReferralState(in.State), At: in.When, Reason: in.Reason}))
		})
	})
	post(a, "/incidents/{incident}/dossiers/{dossier}/receipt", "takeReceipt", tag, "Take in a receipt", func(v *visit, in receiptBody) (filed[jurat.Dossier], error) {
		return onItem(v, jurat.NounDossier, func(id jurat.ItemID) (filed[jurat.Dossier], error) {
			if in.Letter != "" {
				return did(a.Desk.ImportReceipt(v.ctx(), v.caller(), v.at, in.Letter))
			}
			return did(a.Desk.ReportReceipt(v.ctx(), v.caller(), v.at, id, in.Words))
		})
	})
	get(a, "/incidents/{incident}/dossiers/{dossier}/letters/{letter}", "readLetter", tag, "Read a letter this office signed about a dossier it took in", func(v *visit) (letterText, error) {
		return onItem(v, jurat.NounDossier, func(id jurat.ItemID) (letterText, error) {
			view, err := a.shown(v)
			if err != nil {
				return letterText{}, err
			}
			i := slices.IndexFunc(view.Dossiers, func(d desk.Shown[jurat.Dossier]) bool { return d.Value.ID == id })
			if i < 0 {
				return letterText{}, nothingHere
			}
			d := view.Dossiers[i].Value
			text := map[string]string{"receipt": d.Receipt, "decision": d.Decision}[v.PathValue("letter")]
			if text == "" {
				return letterText{}, nothingHere
			}
			return letterText{text}, nil
		})
	})
}
