package web

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"jurat/internal/desk"
	"jurat/internal/login"
)

// Doors are what a counter works with.
type Doors struct {
	Desk *desk.Desk
	// Name is the office's, as people know it.
	Name string
	// Zone is where its clocks stand; nil: UTC.
	Zone *time.Location
	// Now is the clock of this machine.
	Now func() time.Time
	// Log takes a line for each request, by the pattern of its page and never
	// by its address, and the cause of what failed.
	Log *slog.Logger
	// Version is the program's, for the foot of the page.
	Version string
	// Login lets people in.
	Login *login.Porter
	// Secure says that people reach the counter by TLS: cookies are for that
	// alone.
	Secure bool
	// Acted is called after a request of somebody who may have acted, so that
	// what they did is published soon; nil: nobody need be told.
	Acted func()
	// Look says what an operator's look over this machine finds; nil: nobody
	// looks, and the counter says that it could not tell.
	Look func(ctx context.Context) []Sign
	// Doubt derives again everything the record holds, which may take hours; nil:
	// nobody can at this counter.
	Doubt func(ctx context.Context) desk.Checkup
	// Ships are the order files that come with the program, by name; nobody is
	// bound by one before it is adopted here.
	Ships []OrderFile
	// Answered is called with each answer: the pattern of its page, empty where
	// there is none, its status, and how long it took; nil: nobody counts.
	Answered func(page string, code int, took time.Duration)
}

// A Counter answers requests. It is safe for use by many goroutines.
type Counter struct {
	Doors
	lanes    lanes
	pages    *pages
	assets   *assets
	api      *api
	handler  http.Handler
	patterns []string // of every page, as [http.ServeMux] has them
	patience patience
	makings  *makings
	checking checking
	shipped  func() []shippedOrder
}

// New readies a counter.
func New(d Doors) (*Counter, error) {
	if d.Zone == nil {
		d.Zone = time.UTC
	}
	c := &Counter{Doors: d, patience: patienceNow, makings: newMakings()}
	c.shipped = sync.OnceValue(c.shippedOrders) // when somebody first asks: a counter begins at once
	var err error
	if c.assets, err = readAssets(); err != nil {
		return nil, err
	}
	if c.pages, err = readPages(c.assets, d.Zone); err != nil {
		return nil, err
	}
	if c.api, err = newAPI(c); err != nil {
		return nil, err
	}
	plan := c.routes()
	c.handler, c.patterns = c.guard(plan), plan.patterns
	return c, nil
}

// ServeHTTP answers one request.
func (c *Counter) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.handler.ServeHTTP(w, r) }

// routes is the plan of the counter: which address is which page. What is not
// on it is the page of what is not there.
func (c *Counter) routes() *plan {
	mux := &plan{}
	mux.Handle("GET /healthz", http.HandlerFunc(c.health))
	mux.Handle("GET /static/", c.assets)
	mux.Handle("GET /api/openapi.json", http.HandlerFunc(c.openAPI))
	for _, p := range []struct {
		pattern string
		page    page
	}{
		{"GET /{$}", c.home},
		{"POST /language", c.chooseLanguage},
		{"GET /login", c.signIn},
		{"POST /login", c.byPassword},
		{"POST /login/recovery", c.byRecovery},
		{"POST /login/ask", c.askPasskey},
		{"POST /login/passkey", c.byPasskey},
		{"GET " + askSignOnPath, c.askSignOn},
		{"GET " + signOnPath, c.bySignOn},
		{"GET /setup", c.setUp},
		{"POST /setup", c.byLink},
		{"POST /setup/done", c.settle},
		{"POST /leave", c.leave},
		{"GET /again", c.again},
		{"POST /again", c.againByCode},
		{"POST /again/ask", c.askAgain},
		{"POST /again/passkey", c.againByPasskey},
		{"GET /me", c.me},
		{"POST /me/passkeys/ask", c.askNewPasskey},
		{"POST /me/passkeys", c.addPasskey},
		{"POST /me/passkeys/remove", c.removePasskey},
		{"POST /me/password", c.setPassword},
		{"POST /me/generator", c.newGenerator},
		{"POST /me/generator/confirm", c.confirmGenerator},
		{"POST /me/recovery", c.newRecovery},
		{"POST /me/sessions/end", c.endSession},
		{"POST /me/tokens", c.newToken},
		{"POST /me/tokens/end", c.endToken},
		{"GET /api", c.reference},
		{"GET /numbers", c.numbers},
		{"GET /numbers/{publication}", c.numbersOf},
		{"GET /numbers/{publication}/{file}", c.numbersFile},
	} {
		mux.Handle(p.pattern, c.open(formed(p.page)))
	}
	for _, p := range []struct {
		pattern string
		page    page
	}{
		{"GET /duties", c.duties},
		{"GET /incidents", c.incidents},
		{"GET /incidents/new", c.newIncident},
		{"POST /incidents", c.openIncident},
		{"GET /incidents/{incident}", c.incident},
		{"GET /incidents/{incident}/opened", c.openedBy},
		{"GET /incidents/{incident}/elements", c.elements},
		{"GET /incidents/{incident}/accounts", c.accounts},
		{"GET /incidents/{incident}/facts", c.facts},
		{"GET /incidents/{incident}/records/new", c.newRecord},
		{"POST /incidents/{incident}/records", c.addRecord},
		{"GET /incidents/{incident}/records/{record}", c.record},
		{"GET /incidents/{incident}/records/{record}/amend", c.amendForm},
		{"POST /incidents/{incident}/records/{record}/amend", c.amendRecord},
		{"POST /incidents/{incident}/records/{record}/return", c.returnRecord},
		{"GET /incidents/{incident}/exhibits/{exhibit}", c.exhibit},
		{"GET /incidents/{incident}/exhibits/{exhibit}/bytes", c.exhibitBytes},
		{"GET /incidents/{incident}/exhibits/{exhibit}/play", c.play},
		{"POST /incidents/{incident}/exhibits/{exhibit}/verify", c.verifyExhibit},
		{"POST /incidents/{incident}/exhibits/{exhibit}/probe", c.probe},
		{"POST /incidents/{incident}/exhibits/{exhibit}/preview", c.preview},
		{"POST /incidents/{incident}/exhibits/{exhibit}/proxy", c.proxy},
		{"GET /incidents/{incident}/exhibits/{exhibit}/making", c.making},
		{"GET /incidents/{incident}/exhibits/{exhibit}/still", c.still},
		{"GET /incidents/{incident}/exhibits/{exhibit}/redact", c.redact},
		{"POST /incidents/{incident}/exhibits/{exhibit}/redact", c.saveEdits},
		{"GET /incidents/{incident}/exhibits/{exhibit}/redact/review", c.reviewEdits},
		{"POST /incidents/{incident}/exhibits/{exhibit}/redact/make", c.makeRedaction},
		{"GET /incidents/{incident}/redactions/{redaction}", c.redaction},
		{"POST /incidents/{incident}/redactions/{redaction}/return", c.returnRedaction},
		{"GET /redactions", c.redactions},
		{"POST /incidents/{incident}/exhibits/{exhibit}/flag", c.flagExhibit},
		{"POST /incidents/{incident}/exhibits/{exhibit}/confirm", c.confirmExhibit},
		{"POST /incidents/{incident}/exhibits/{exhibit}/clock", c.timeExhibit},
		{"POST /incidents/{incident}/exhibits/{exhibit}/marks", c.addMark},
		{"POST /incidents/{incident}/viewings", c.releaseViewing},
		{"POST /incidents/{incident}/parties", c.addParty},
		{"POST /incidents/{incident}/accounts", c.openAccount},
		{"POST /incidents/{incident}/accounts/{account}", c.onAccount},
		{"POST /incidents/{incident}/allegations", c.addAllegation},
		{"POST /incidents/{incident}/allegations/{allegation}", c.weigh},
		{"POST /incidents/{incident}/allegations/{allegation}/map", c.mapOffence},
		{"POST /incidents/{incident}/holds", c.placeHold},
		{"POST /incidents/{incident}/holds/{hold}/release", c.releaseHold},
		{"POST /incidents/{incident}/contacts", c.recordContact},
		{"POST /incidents/{incident}/located", c.locate},
		{"GET /incidents/{incident}/sealed/{item}/{class}", c.sealed},
		{"POST /incidents/{incident}/sealed/{item}/{class}", c.openSealed},
		{"GET /incidents/{incident}/refer", c.refer},
		{"GET /incidents/{incident}/referrals/{referral}", c.referral},
		{"POST /incidents/{incident}/referrals/{referral}/notice", c.notice},
		{"POST /incidents/{incident}/referrals/{referral}/withdraw", c.withdraw},
		{"POST /incidents/{incident}/referrals/{referral}/answer", c.answer},
		{"GET /incidents/{incident}/dossiers/{dossier}", c.dossier},
		{"POST /incidents/{incident}/dossiers/{dossier}/receipt", c.takeReceipt},
		{"GET /incidents/{incident}/dossiers/{dossier}/letters/{letter}", c.letter},
		{"GET /referrals", c.referrals},
		{"GET /receive", c.receiveWhere},
		{"GET /footage", c.footage},
		{"GET /footage/gaps", c.footageGaps},
		{"GET /search", c.searchForm},
		{"POST /search", c.search},
		{"GET /search/{search}", c.searched},
		{"GET /audit", c.audit},
		{"GET /audit/events.csv", c.auditFile},
		{"GET /audit/events/{event}/disclosure", c.disclosure},
		{"GET /audit/events/{event}/proof", c.inclusion},
		{"GET /audit/codebook", c.auditCodebook},
		{"GET /audit/journal", c.auditJournal},
		{"POST /audit/check", c.checkNow},
		{"GET /admin", c.admin},
		{"GET /admin/journal", c.journal},
		{"GET /admin/health", c.healthPage},
		{"POST /admin/backup", c.stateBackup},
		{"GET /admin/keys", c.keys},
		{"GET /setup/office", c.setupOffice},
		{"POST /setup/office", c.setupAddOffice},
		{"GET /setup/people", c.setupPeople},
		{"POST /setup/people", c.setupAddPerson},
		{"POST /setup/links", c.setupGiveLink},
		{"GET /setup/order", c.setupOrder},
		{"POST /orders/ships", c.readShipped},
		{"POST /admin/people", c.addPerson},
		{"POST /admin/people/end", c.endPerson},
		{"POST /admin/links", c.giveLink},
		{"POST /admin/sign-ons", c.addSignOn},
		{"POST /admin/sign-ons/drop", c.dropSignOn},
		{"POST /admin/offices", c.addOffice},
		{"GET /incidents/{incident}/dossiers/{dossier}/parcel", c.parcel},
		{"GET /incidents/{incident}/dossiers/{dossier}/read", c.readDossier},
		{"GET /inbox", c.inbox},
		{"POST /inbox", c.takeIn},
		{"GET /trust", c.trust},
		{"POST /trust", c.pin},
		{"GET /records", c.houseRecords},
		{"GET /records/new", c.newRecord},
		{"POST /records", c.addRecord},
		{"GET /records/{record}", c.record},
		{"GET /records/{record}/amend", c.amendForm},
		{"POST /records/{record}/amend", c.amendRecord},
		{"POST /records/{record}/return", c.returnRecord},
		{"GET /duties/team", c.teamDuties},
		{"GET /retention", c.retention},
		{"POST /incidents/{incident}/disposals/{disposal}/withdraw", c.withdrawDisposal},
		{"POST /incidents/{incident}/exhibits/{exhibit}/told", c.tellHolder},
		{"POST /numbers", c.publish},
		{"GET /numbers/reports", c.reportsPage},
		{"POST /numbers/reports", c.makeReport},
		{"GET /holds", c.holds},
		{"POST /holds", c.holdBroadly},
		{"POST /holds/release", c.release},
		{"GET /sign", c.signing},
		{"POST /sign", c.signing},
		{"POST /sign/done", c.signed},
		{"POST /sign/text", c.toSign},
		{"GET /approvals", c.approvals},
		{"GET /reports/new", c.newReport},
		{"POST /reports", c.beginReport},
		{"GET /reports/{draft}", c.report},
		{"POST /reports/{draft}", c.saveReport},
		{"GET /reports/{draft}/read", c.readReport},
		{"POST /reports/{draft}/file", c.fileReport},
		{"GET /reports/{draft}/filed", c.filedReport},
		{"GET /reports/{draft}/beside", c.besideReport},
		{"GET /reports/{draft}/acknowledgement", c.acknowledgement},
		{"POST /reports/{draft}/discard", c.dropReport},
		{"GET /meaning/{term}", c.meaning},
		{"GET /orders", c.orders},
		{"GET /orders/{order}", c.order},
		{"GET /orders/{order}/diff", c.diffOrder},
		{"POST /orders/{order}/status", c.restate},
		{"GET /orders/adopt", c.adoptForm},
		{"POST /orders/check", c.checkOrder},
		{"POST /orders/adopt", c.adoptOrder},
	} {
		mux.Handle(p.pattern, c.signedIn(p.page))
	}
	c.receiving(mux)
	mux.Handle("/", c.open(func(w http.ResponseWriter, v *visit) error { return nothingHere }))
	return mux
}

// A plan is which address is which page, and what those are.
type plan struct {
	http.ServeMux
	patterns []string
}

// Handle adds a page.
func (p *plan) Handle(pattern string, h http.Handler) {
	p.patterns = append(p.patterns, pattern)
	p.ServeMux.Handle(pattern, h)
}

// health says that the program answers: nothing of the record.
func (c *Counter) health(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Write([]byte("ok\n")) //nolint:errcheck // the reader went away
}
