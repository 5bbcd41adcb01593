package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/alecthomas/kong"

	"jurat"
)

// surroundings are what a run touches of the world outside.
type surroundings struct {
	stdout, stderr io.Writer
	stdin          io.Reader
	getenv         func(string) string
	now            func() time.Time
	args           []string
}

// verbs is the whole command line.
type verbs struct {
	Dir  string         `help:"The record's folder (or set JURAT_DIR)." placeholder:"DIR"`
	JSON bool           `help:"Print data as JSON, one object per line." name:"json"`
	As   jurat.PersonID `help:"On whose behalf you act." placeholder:"PERSON"`
	Sign string         `help:"That person's key file, for acts they sign." placeholder:"KEYFILE"`

	Demo       demoVerb       `cmd:"" help:"Show the main job end to end on new records."`
	Init       initVerb       `cmd:"" help:"Make a new record."`
	Person     personVerb     `cmd:"" help:"People with access, and their keys."`
	Office     officeVerb     `cmd:"" help:"Offices, and the keys they are known by."`
	Order      orderVerb      `cmd:"" help:"Order files: check, test, show, adopt."`
	Duty       dutyVerb       `cmd:"" help:"What is owed, by whom, since when."`
	Incident   incidentVerb   `cmd:"" help:"Open, list, search and show incidents."`
	Party      partyVerb      `cmd:"" help:"Party slots of an incident."`
	Record     recordVerb     `cmd:"" help:"Reports and other records."`
	Account    accountVerb    `cmd:"" help:"Every side's account."`
	Allegation allegationVerb `cmd:"" help:"Allegations and their elements."`
	Receive    receiveVerb    `cmd:"" help:"Receive exhibits into an incident."`
	Exhibit    exhibitVerb    `cmd:"" help:"Verify, export, confirm, time, look into and copy exhibits."`
	Redaction  redactionVerb  `cmd:"" help:"Copies that show less, with every edit on the record."`
	Mark       markVerb       `cmd:"" help:"Notes at a moment of an exhibit."`
	Viewing    viewingVerb    `cmd:"" help:"Leave to view footage before a report."`
	Footage    footageVerb    `cmd:"" help:"Footage nearing its last day, and who was asked to keep it."`
	Import     importVerb     `cmd:"" help:"Tables of other systems: rosters, dispatch, detention."`
	Sample     sampleVerb     `cmd:"" help:"Review samples from a published seed."`
	Flag       flagVerb       `cmd:"" help:"Flag an exhibit for retention."`
	Hold       holdVerb       `cmd:"" help:"Place and release holds."`
	Dispose    disposeVerb    `cmd:"" help:"Plan and carry out the disposal of exhibits."`
	Court      courtVerb      `cmd:"" help:"Seal, unseal and expunge an incident, as a court ordered."`
	Contact    contactVerb    `cmd:"" help:"Contacts with political offices."`
	Refer      referVerb      `cmd:"" help:"Decide a referral, send it, take its answer."`
	Dossier    dossierVerb    `cmd:"" help:"Take in a dossier."`
	Receipt    receiptVerb    `cmd:"" help:"Sign and import receipts."`
	Event      eventVerb      `cmd:"" help:"The events of the record."`
	Publish    publishVerb    `cmd:"" help:"Make the site of published numbers."`
	Report     reportVerb     `cmd:"" help:"The reports an order or a statute asks for."`
	Rights     rightsVerb     `cmd:"" help:"Rights cards and instructions, by language."`
	Serve      serveVerb      `cmd:"" help:"Serve the counter: the pages people work at."`
	Gallery    galleryVerb    `cmd:"" help:"Write the counter's pages as files, to look at."`
	Verify     verifyVerb     `cmd:"" help:"Check a dossier; needs no record, account or network."`
	Fsck       fsckVerb       `cmd:"" help:"Check this record against itself, byte for byte."`
	Ledger     ledgerVerb     `cmd:"" help:"Checkpoints, proofs, mirrors, a new origin."`
	Doctor     doctorVerb     `cmd:"" help:"Look the installation over."`
	Completion completionVerb `cmd:"" help:"Print completions for a shell."`
	Complete   completeVerb   `cmd:"" hidden:"" help:"Print what may come next, for the completions."`
	Version    versionVerb    `cmd:"" help:"Print the version."`
}

// The exit statuses (docs: README).
const (
	exitYes     = 0
	exitAltered = 1
	exitUsage   = 2
	exitNo      = 3
)

// call is one run of one verb.
type call struct {
	surroundings
	verbs *verbs
	input bool   // standard input was read
	bar   *gauge // what is drawn on the terminal now; nil: nothing
}

// An answer is an exit status that is not an error: the sentence was printed.
type answer int

func (a answer) Error() string { return fmt.Sprintf("exit status %d", int(a)) }

// stopped is what kong's own exits become, so that run returns.
type stopped int

func run(ctx context.Context, s surroundings) (status int) {
	c := &call{surroundings: s, verbs: new(verbs)}
	defer func() {
		if p := recover(); p != nil {
			if code, ok := p.(stopped); ok {
				status = int(code)
				return
			}
			c.complain("internal fault: %v; nothing further was done", p)
			status = exitNo
		}
	}()
	parser, err := grammar(c)
	if err != nil {
		c.complain("%v", err)
		return exitNo
	}
	parsed, err := parser.Parse(s.args)
	if err != nil {
		return c.misused(parser, err)
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	err = parsed.Run(c)
	if _, said := errors.AsType[answer](err); err != nil && !said {
		c.complain("%v", err)
	}
	return exitCode(err)
}

// grammar is the command line, ready to be read.
func grammar(c *call) (*kong.Kong, error) {
	return kong.New(c.verbs, append(mappers(),
		kong.Name("jurat"), kong.Description("The record with which a city carries an order out, and can show what was recorded, when and by whom."),
		kong.Writers(c.stdout, c.stderr), kong.Exit(func(code int) { panic(stopped(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
		vocabulary(),
	)...)
}

// misused says what is wrong with a command line. Where a verb is missing it
// prints the help that lists them.
func (c *call) misused(parser *kong.Kong, err error) int {
	node := parser.Model.Node
	if wrong, ok := errors.AsType[*kong.ParseError](err); ok {
		if chosen := wrong.Context.Selected(); chosen != nil {
			node = chosen
		}
		if wrong.Context.Error == nil && !node.Leaf() {
			parser.Stdout = c.stderr
			if wrong.Context.PrintUsage(false) == nil {
				return exitUsage
			}
		}
	}
	c.complain("%v\nSee: %s --help", err, node.FullPath())
	return exitUsage
}
