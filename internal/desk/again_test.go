package desk_test

import (
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
)

// A receipt or an answer whose file was lost (a full disk, a killed process)
// must come again as the same letter: two different ones would be two answers.
func TestALetterAskedForAgainIsTheSameLetter(t *testing.T) {
	engines(t, func(t *testing.T, engine desktest.Engine) {
		city, county := neighbours(t, engine)
		ctx, prosecutor := t.Context(), county.As("prosecutor-12")
		_, sealed := city.Send(t, city.Approved(t).ID, desktest.Noon)
		x := taken(t, county, sealed, "")
		in := x.ID.Incident()

		receipt, signed, err := county.SignReceipt(ctx, prosecutor, desktest.Noon, x.ID)
		must(t, err)
		again, done, err := county.SignReceipt(ctx, prosecutor, at(time.Hour), x.ID)
		must(t, err)
		if again != receipt || done != signed {
			t.Errorf("the receipt came again as another letter, %+v", done)
		}
		if n := acts(t, county, in, jurat.DossierReceipt); n != 1 {
			t.Errorf("%d receipts are on the record", n)
		}
		_, _, err = county.SignReceipt(ctx, desk.Caller{Person: "prosecutor-12"}, desktest.Noon, x.ID)
		refused(t, err, jurat.Forbidden, "needs the person's own signature")

		decide := func(state jurat.ReferralState, reason string, hours int) (string, desk.Done) {
			t.Helper()
			letter, done, err := county.Decide(ctx, prosecutor, at(time.Duration(hours)*time.Hour), x.ID, state, reason)
			must(t, err)
			return letter, done
		}
		first, decided := decide(jurat.ReferralReview, "assigned", 1)
		if letter, done := decide(jurat.ReferralReview, "assigned", 2); letter != first || done != decided {
			t.Errorf("the answer came again as another letter, %+v", done)
		}
		_, _, err = county.Decide(ctx, desk.Caller{Person: "prosecutor-12"}, at(2*time.Hour), x.ID, jurat.ReferralReview, "assigned")
		refused(t, err, jurat.Forbidden, "needs the person's own signature")
		second, other := decide(jurat.ReferralReview, "assigned to another", 3)
		if second == first || other == decided {
			t.Error("another reason is another answer")
		}
		if letter, _ := decide(jurat.ReferralReview, "assigned", 4); letter == first {
			t.Error("an answer that another has followed is given anew")
		}
		if n := acts(t, county, in, jurat.DossierDecided); n != 3 {
			t.Errorf("%d answers are on the record", n)
		}
	})
}
