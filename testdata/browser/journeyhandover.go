package main

import "strings"

// handover: an officer's report, approved by a second person; a referral that
// two sworn people decide; a dossier, sealed and sent; the county takes it in,
// signs a receipt and answers; and the city has both letters. Two offices, and
// nobody at a command line.
func handover(j *journey) {
	officer := j.come("officer-31")
	in := officer.opens("Vehicle stop by persons stated to be federal officers")
	officer.files(in, "activity", "activity_kinds", "vehicle_stop", "agencies", "other_federal", "agency_basis", "insignia", "warrant_shown", "not_asked", "force_seen", "none_observed", "member_actions", "recorded")
	officer.files(in, "identification_attempt", "outcome", "no_answer", "recording", "yes", "question", "Who is in charge here?")
	evidence := j.come("evidence-31")
	film := evidence.brings(in, "bwc", j.Film)
	report := officer.files(in, "report", "narrative", "On arrival I saw a vehicle stop. Nobody answered the question.", "violation_alleged", "yes", "anyone_injured", "no",
		"viewed_footage", "no", "witnesses_canvassed", "done", "private_video_asked", "done")

	supervisor := j.come("supervisor-31")
	supervisor.marks(film, "evidentiary_value")
	if n := supervisor.approves(in); n != 3 {
		supervisor.stop("%d records waited, not 3", n)
	}
	supervisor.goes(report)
	supervisor.reads("Approved")

	detective := j.come("detective-31")
	detective.goes("/incidents/" + in)
	detective.send("form[action$='"+in+"/accounts']", "side", "agency", "how", "by letter")
	detective.alleges(in)
	detective.weighs(in)
	referral := detective.refers(in)

	// The first person is not the second.
	detective.goes(referral)
	detective.pressFor(403, act("referral.approved")+" button")
	supervisor.goes(referral)
	supervisor.press(act("referral.approved") + " button")
	supervisor.signs()

	detective.goes(referral)
	detective.send(act("dossier.sealed"), "transport", "age")
	detective.signs()
	detective.goes(referral)
	detective.press(act("dossier.sent") + " button")
	detective.signs()
	dossier := detective.path()
	if !strings.HasSuffix(dossier, "/dossiers/1") {
		detective.stop("a dossier that was sent leads here")
	}
	parcel := detective.gets("main a[href$='/parcel']", "dossier.zip.age")

	// At the county, with its own key.
	county := j.come("prosecutor-12")
	county.goes("/inbox")
	county.hands("form[action='/inbox'] input[type=file]", parcel)
	county.press("form[action='/inbox'] button")
	county.reads("Intact")
	taken := strings.TrimSuffix(county.path(), "/read")
	county.goes(taken)
	county.press(act("dossier.receipt") + " button")
	county.signs()
	receipt := county.gets("main a[href$='/letters/receipt']", "receipt.json")

	detective.goes(dossier)
	detective.hands("form[action$='/receipt'] input[type=file]", receipt)
	detective.press("form[action$='/receipt'] button")
	detective.signs()

	county.goes(taken)
	county.send(act("dossier.decided"), "state", "under_review", "reason", "assigned; no view is taken of the allegation")
	county.signs()
	decision := county.gets("main a[href$='/letters/decision']", "decision.json")

	detective.goes(referral)
	detective.hands("form[action$='/answer'] input[type=file]", decision)
	detective.press("form[action$='/answer'] button")
	detective.reads("Under review", "no view is taken of the allegation")
}
